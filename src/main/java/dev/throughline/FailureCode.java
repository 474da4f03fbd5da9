package dev.throughline;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an operation on a file failed with, for operators: a stable code instead of a class's name, and never a value. */
public final class FailureCode {
    private FailureCode() {}

    /** Lower case, with underscores. {@code io_error} where no more is known. */
    public static String of(@Nullable Throwable failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no_such_file";
            case AccessDeniedException _ -> "permission_denied";
            case FileAlreadyExistsException _ -> "file_exists";
            case NotDirectoryException _ -> "not_a_directory";
            case DirectoryNotEmptyException _ -> "directory_not_empty";
            case FileSystemLoopException _ -> "link_loop";
            case FileNotFoundException _ -> "file_not_opened";
            case ClosedChannelException _ -> "file_closed";
            case FileSystemException e when e.getReason() != null -> ofReason(e.getReason());
            case IOException e when e.getMessage() != null -> ofReason(e.getMessage());
            case null, default -> "io_error";
        };
    }

    private static String ofReason(String reason) {
        String said = reason.toLowerCase(Locale.ROOT);
        if (said.contains("no space left") || said.contains("quota exceeded")) {
            return "disk_full";
        }
        if (said.contains("read-only file system")) {
            return "read_only_file_system";
        }
        if (said.contains("too many open files")) {
            return "too_many_open_files";
        }
        if (said.contains("permission denied") || said.contains("operation not permitted")) {
            return "permission_denied";
        }
        if (said.contains("not a directory")) {
            return "not_a_directory";
        }
        if (said.contains("is a directory")) {
            return "is_a_directory";
        }
        return said.contains("too many levels of symbolic links") ? "link_loop" : "io_error";
    }
}
