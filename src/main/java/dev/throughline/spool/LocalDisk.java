package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The file system, by {@link FileChannel}. */
final class LocalDisk implements Disk {
    /** A write that failed with less free than this is taken for a full disk, whatever language the message is in. */
    private static final long FULL_BYTES_MAX = 1L << 20;

    private @Nullable Boolean takesDirectFiles;

    @Override
    public OpenFile open(Path file) throws IOException {
        return new ChannelFile(
                file,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public OpenFile openForAppending(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return direct(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public OpenFile openForReading(Path file) throws IOException {
        return direct(file, StandardOpenOption.READ);
    }

    private OpenFile direct(Path file, OpenOption... options) throws IOException {
        FileChannel direct = takesDirectFiles(file) ? DirectFile.open(file, options) : null;
        return direct == null
                ? new ChannelFile(file, FileChannel.open(file, options))
                : new DirectFile(new ChannelFile(file, direct));
    }

    /** Tried once, where the first file is: some file systems open a file so and then refuse to write it. */
    private synchronized boolean takesDirectFiles(Path file) {
        Boolean known = takesDirectFiles;
        if (known == null) {
            known = triesDirectFile(file.resolveSibling(".direct"));
            takesDirectFiles = known;
        }
        return known;
    }

    private static boolean triesDirectFile(Path file) {
        byte[] expected = {1, 2, 3};
        ByteBuffer read = ByteBuffer.allocate(expected.length);
        try {
            FileChannel channel =
                    DirectFile.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel == null) {
                return false;
            }
            try (OpenFile direct = new DirectFile(new ChannelFile(file, channel))) {
                direct.writeAll(ByteBuffer.wrap(expected), 5);
                direct.read(read, 5);
                return Arrays.equals(read.array(), expected);
            }
        } catch (IOException e) {
            return false; // The file itself is opened as usual, and says what is wrong where something is.
        } finally {
            deleteQuietly(file);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Eight kilobytes that nobody reads; the next start takes them away.
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    private record ChannelFile(
            Path path, FileChannel channel, @Nullable Object key) implements OpenFile {
        ChannelFile(Path path, FileChannel channel) {
            this(path, channel, keyOf(path));
        }

        /** What tells a file from another of its name (device and inode), or null. */
        private static @Nullable Object keyOf(Path path) {
            try {
                return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            } catch (IOException e) {
                return null;
            }
        }

        @Override
        public boolean isInPlace() {
            return Objects.equals(key, keyOf(path));
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            try {
                return channel.write(source, position);
            } catch (IOException e) {
                throw looksFull(e) ? new FullException(e) : e;
            }
        }

        private boolean looksFull(IOException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("No space left") || message.contains("quota exceeded")) {
                return true;
            }
            try {
                return Files.getFileStore(path).getUsableSpace() < FULL_BYTES_MAX;
            } catch (IOException unknown) {
                e.addSuppressed(unknown);
                return false;
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void extend(long length) throws IOException {
            if (channel.size() < length) {
                write(ByteBuffer.wrap(new byte[1]), length - 1);
            }
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
