package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An open file of the file system. */
final class ChannelFile implements Disk.OpenFile {
    private final Path path;
    private final FileChannel channel;
    private final @Nullable Object key;
    private final DiskErrors errors;
    private final Runnable closed;

    /** @param closed called when the descriptor is free */
    ChannelFile(Path path, FileChannel channel, DiskErrors errors, Runnable closed) {
        this.path = path;
        this.channel = channel;
        this.key = keyOf(path);
        this.errors = errors;
        this.closed = closed;
    }

    /** What tells a file from another of its name (device and inode), or null. */
    static @Nullable Object keyOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public boolean isInPlace() {
        return channel.isOpen() && Objects.equals(key, keyOf(path));
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        try {
            return channel.write(source, position);
        } catch (IOException e) {
            throw errors.named(path, e);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
    }

    @Override
    public void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw errors.named(path, e);
        }
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
        closed.run();
    }
}
