package dev.throughline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Small files and directories that are their owner's alone: files have mode 0600 and directories 0700, whatever the umask is. A file
 * is replaced whole and is on the disk when the call returns.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final String FRESH = ".new";

    private PrivateFiles() {}

    /**
     * What was found under a directory.
     *
     * @param changed entries that others could use and now cannot
     * @param failed entries of which that could not be changed
     */
    public record Tightened(int changed, int failed) {}

    /**
     * The content of a file that is needed to start. Devices, pipes and directories are not opened, so that nothing is waited for,
     * and no more than the bound is read.
     *
     * @param name what the file is, for the message: {@code the token file}
     * @throws StartupException {@code file_missing}, {@code file_not_regular}, {@code file_too_large} or {@code file_unreadable}
     */
    public static byte[] read(Path file, int bytesMax, String name) {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new StartupException(
                        "file_not_regular",
                        name + " " + file + " is a directory, a device or a pipe; a regular file is to be there");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(bytesMax + 1);
                if (content.length > bytesMax) {
                    throw new StartupException(
                            "file_too_large",
                            name + " " + file + " has more than " + bytesMax + " bytes; it cannot be the right file");
                }
                return content;
            }
        } catch (NoSuchFileException _) {
            throw new StartupException("file_missing", name + " " + file + " is not there; put it there");
        } catch (IOException e) {
            throw new StartupException(
                    "file_unreadable",
                    name + " " + file + " cannot be read" + reason(e) + "; see that this user can read it");
        }
    }

    /** Why, in the operating system's words, in brackets; empty where it has none. Never the content of a file. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> " (no such file or directory)";
            case AccessDeniedException _ -> " (permission denied)";
            case FileSystemException known when known.getReason() != null -> " (" + known.getReason() + ")";
            default -> " (" + FailureCode.of(e).replace('_', ' ') + ")";
        };
    }

    /** Makes the directory and those above it that are missing; one that is there stays as it is. */
    public static void createDirectories(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(DIRECTORY));
            // A umask can take from the owner as well.
            Files.setPosixFilePermissions(absolute, DIRECTORY);
        } catch (FileAlreadyExistsException _) {
            if (!Files.isDirectory(absolute)) {
                throw new FileSystemException(absolute.toString(), null, "Not a directory");
            }
        }
    }

    /** Puts a file with this content in the place of what is there. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        if (directory == null) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        createDirectories(directory);
        Path fresh = absolute.resolveSibling(absolute.getFileName() + FRESH);
        Files.deleteIfExists(fresh);
        create(fresh, content);
        Files.move(fresh, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory);
    }

    /** Makes a file that is not there; its name is durable once its directory is. */
    public static void create(Path file, byte[] content) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(FILE))) {
            Files.setPosixFilePermissions(file, FILE);
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Makes what was created, renamed or deleted in a directory durable. */
    public static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Takes from group and others what they may do with a directory and with what is under it. Links are not followed; what belongs
     * to another user cannot be changed, and is counted.
     */
    public static Tightened tighten(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return new Tightened(0, 0);
        }
        Tightening walk = new Tightening();
        Files.walkFileTree(directory, walk);
        return new Tightened(walk.changed, walk.failed);
    }

    private static final class Tightening extends SimpleFileVisitor<Path> {
        private int changed;
        private int failed;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            tighten(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                tighten(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            failed++;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }

        private void tighten(Path entry) {
            try {
                Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
                mode.addAll(Files.readAttributes(entry, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .permissions());
                if (mode.removeAll(OTHERS)) {
                    Files.setPosixFilePermissions(entry, mode);
                    changed++;
                }
            } catch (NoSuchFileException _) {
                // It is gone, and so is what others could do with it.
            } catch (IOException | UnsupportedOperationException _) {
                failed++;
            }
        }
    }
}
