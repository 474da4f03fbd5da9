package dev.throughline.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files (0600) and folders (0700) that only their owner can use, whatever the umask; what an earlier version made wider is
 * narrowed. SQLite gives a database's log files the permissions of the database.
 */
final class OwnerOnly {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** Makes the folder, and those above it up to {@code root}, and their names durable. */
    static void folder(Path root, Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null && !folder.equals(root) && folder.startsWith(root)) {
            folder(root, parent);
        } else if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        if (!Files.isDirectory(folder)) {
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
            if (parent != null) {
                sync(parent);
            }
        }
        narrow(folder, FOLDER);
    }

    /** Makes an empty file where there is none. */
    static void file(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException ignored) {
            // Its permissions are looked at all the same.
        }
        narrow(file, FILE);
    }

    /** Makes the names in a folder durable. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void narrow(Path path, Set<PosixFilePermission> wanted) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null && !view.readAttributes().permissions().equals(wanted)) {
            view.setPermissions(wanted);
        }
    }
}
