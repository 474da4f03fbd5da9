package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Says what an error of the file system means. The JDK has no numbers for that, and its messages are in the machine's language: so
 * the state of the file system decides, and the message that a full device gives here.
 */
final class DiskErrors {
    /** A write that failed with less free than this is taken for a full disk, whatever language the message is in. */
    private static final long FULL_BYTES_MAX = 1L << 20;

    private static final Path FULL_DEVICE = Path.of("/dev/full");
    private static final String FULL_IN_ENGLISH = "No space left on device";

    private final String fullMessage = fullMessage();

    /** The message of ENOSPC in this machine's language. */
    private static String fullMessage() {
        try (FileChannel full = FileChannel.open(FULL_DEVICE, StandardOpenOption.WRITE)) {
            full.write(ByteBuffer.allocate(1));
            return FULL_IN_ENGLISH;
        } catch (IOException e) {
            String message = e.getMessage();
            return message == null || message.contains(FULL_DEVICE.toString()) ? FULL_IN_ENGLISH : message;
        }
    }

    /** The error, by its name where it has one. */
    IOException named(Path path, IOException e) {
        if (e instanceof Disk.RefusedException) {
            return e;
        }
        String message = String.valueOf(reason(e));
        if (message.contains(fullMessage) || message.contains(FULL_IN_ENGLISH) || message.contains("quota exceeded")) {
            return new Disk.FullException(e);
        }
        if (message.contains("Too many open files")) {
            return new Disk.TooManyOpenFilesException(e);
        }
        if (isReadOnly(path)) {
            return new Disk.ReadOnlyException(e);
        }
        return hasNoRoom(path) ? new Disk.FullException(e) : e;
    }

    private static @Nullable String reason(IOException e) {
        return e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    }

    static boolean isReadOnly(Path path) {
        try {
            return Files.getFileStore(existing(path)).isReadOnly();
        } catch (IOException unknown) {
            return false;
        }
    }

    private static boolean hasNoRoom(Path path) {
        try {
            return Files.getFileStore(existing(path)).getUsableSpace() < FULL_BYTES_MAX;
        } catch (IOException unknown) {
            return false;
        }
    }

    private static Path existing(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return Files.exists(path) || parent == null ? path : parent;
    }
}
