package dev.throughline.spool;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories of the spool: their owner's alone, whatever the umask, and nothing else than files and directories. */
final class OwnFiles {
    private static final String FILE = "rw-------";
    private static final String DIRECTORY = "rwx------";

    private OwnFiles() {}

    /** What a file is created with. */
    static FileAttribute<?>[] file() {
        return attributes(FILE);
    }

    /** What a directory is created with. */
    static FileAttribute<?>[] directory() {
        return attributes(DIRECTORY);
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return isPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** Takes from others what an earlier release, or somebody else, let them have. Who is not the owner leaves it as it is. */
    private static void restrict(Path path, String permissions) {
        try {
            Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
            if (isPosix() && !wanted.containsAll(Files.getPosixFilePermissions(path))) {
                Files.setPosixFilePermissions(path, wanted);
            }
        } catch (IOException e) {
            // Whether it can be used shows when it is.
        }
    }

    /**
     * Sees that a name of the spool, if it is there, is a plain file that has no other name, before it is opened.
     *
     * @throws SpoolException where it is something else
     */
    static void require(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            throw refused(file, "is a symbolic link, which the spool does not follow");
        }
        if (!attributes.isRegularFile()) {
            throw refused(file, attributes.isDirectory() ? "is a directory and not a file" : "is not a plain file");
        }
        if (links(file) > 1) {
            throw refused(file, "has another hard link, through which it could be changed");
        }
        restrict(file, FILE);
    }

    /**
     * Sees that a directory within the spool is one.
     *
     * @throws SpoolException where it is a link or a file
     */
    static void requireDirectory(Path directory) {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)
                && !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(directory, "is not a directory of the spool's own");
        }
        restrict(directory, DIRECTORY);
    }

    /** The spool's own directory may be a link: that is how it is put on another disk. */
    static void restrictDirectory(Path directory) {
        restrict(directory, DIRECTORY);
    }

    private static int links(Path file) throws IOException {
        try {
            return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return 1;
        }
    }

    private static SpoolException refused(Path path, String what) {
        return new SpoolException(
                SpoolException.FOREIGN_FILE,
                path + " " + what + "; move it out of the spool, or put a plain copy in its place");
    }
}
