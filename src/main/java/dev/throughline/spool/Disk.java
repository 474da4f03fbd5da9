package dev.throughline.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the spool asks of a file system; a seam, so that tests can make it fail at any call. Files and directories that it makes
 * are their owner's alone, and no last part of a path is followed where it is a symbolic link.
 */
interface Disk extends Closeable {
    /** Opens for reading and writing, and creates it where it is not. */
    OpenFile open(Path file) throws IOException;

    /**
     * Opens a file that grows at its end only, and creates it where it is not. What stands behind a write in the same 4,096 bytes
     * may become zero.
     */
    OpenFile openForAppending(Path file) throws IOException;

    /** Opens a file that was opened for appending, here or elsewhere. */
    OpenFile openForReading(Path file) throws IOException;

    /** Makes created, and removed, names of the directory durable. */
    void forceDirectory(Path directory) throws IOException;

    void delete(Path file) throws IOException;

    /** Makes a directory, durably, where it is not. */
    void createDirectory(Path directory) throws IOException;

    /** Gives a file another name, in place of what has it; durable in the directory of the new name after this. */
    void move(Path from, Path to) throws IOException;

    /** Whether there is something of that name, a link that leads nowhere included. */
    default boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether what was refused for this reason still would be; looks, where the reason can be seen. */
    default boolean isRefusing(AppendOutcome.Reason reason, Path directory) {
        return true;
    }

    /** Gives back what is held between calls; the next call takes it again. */
    @Override
    default void close() throws IOException {}

    /** Bytes that this process may still write. */
    long usableBytes(Path directory) throws IOException;

    /** An open file. */
    interface OpenFile extends Closeable {
        int WRITES_OF_NOTHING_MAX = 100;

        /** Writes some of the bytes. */
        int write(ByteBuffer source, long position) throws IOException;

        /**
         * Makes a buffer ready to be filled with what is to be written at {@code position}: from where it then stands to its limit.
         * The file may use what is outside of that for itself.
         */
        default void clear(ByteBuffer buffer, long position) {
            buffer.clear();
        }

        /** Writes all of the bytes. */
        default void writeAll(ByteBuffer source, long position) throws IOException {
            int nothing = 0;
            long at = position;
            while (source.hasRemaining()) {
                int written = write(source, at);
                at += written;
                nothing = written > 0 ? 0 : nothing + 1;
                if (nothing > WRITES_OF_NOTHING_MAX) {
                    throw new IOException("the file system takes no bytes");
                }
            }
        }

        /** Reads some bytes, or -1 at the end. */
        int read(ByteBuffer target, long position) throws IOException;

        /** Makes what was written durable. */
        void force() throws IOException;

        /** Whether the file is still the one at its path: what was deleted or replaced is durable for nobody. */
        default boolean isInPlace() {
            return true;
        }

        void truncate(long length) throws IOException;

        /**
         * Makes the file this long, zeros at the end, so that a write does not change its length: a force is then spared most of
         * the file system's journal. May do nothing.
         */
        default void extend(long length) throws IOException {}

        long length() throws IOException;
    }

    /** The file system refuses, and it is known why. */
    abstract sealed class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final AppendOutcome.Reason reason;

        private RefusedException(AppendOutcome.Reason reason, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.reason = reason;
        }

        AppendOutcome.Reason reason() {
            return reason;
        }
    }

    /** The file system has no room (ENOSPC, EDQUOT). */
    final class FullException extends RefusedException {
        private static final long serialVersionUID = 1L;

        FullException(@Nullable Throwable cause) {
            super(AppendOutcome.Reason.DISK, "disk full", cause);
        }

        FullException() {
            this(null);
        }
    }

    /** No file can be opened: the process, or the machine, has as many open as it may (EMFILE, ENFILE). */
    final class TooManyOpenFilesException extends RefusedException {
        private static final long serialVersionUID = 1L;

        TooManyOpenFilesException(@Nullable Throwable cause) {
            super(AppendOutcome.Reason.TOO_MANY_OPEN_FILES, "too many open files", cause);
        }
    }

    /** The file system is mounted read-only, or became so after an error of its own (EROFS). */
    final class ReadOnlyException extends RefusedException {
        private static final long serialVersionUID = 1L;

        ReadOnlyException(@Nullable Throwable cause) {
            super(AppendOutcome.Reason.DISK_READ_ONLY, "read-only file system", cause);
        }
    }
}
