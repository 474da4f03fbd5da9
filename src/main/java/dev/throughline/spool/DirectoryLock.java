package dev.throughline.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One spool a directory: a lock on a file in it, which the operating system gives back however the process ends. */
final class DirectoryLock implements Closeable {
    // The system's lock is the process's: opening and closing the file a second time would give it back.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    static DirectoryLock acquire(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD_HERE.add(real)) {
            throw new SpoolException(SpoolException.LOCKED, "this process has " + directory + " open already");
        }
        try {
            OwnFiles.require(real.resolve("lock"));
            FileChannel channel = FileChannel.open(
                    real.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    OwnFiles.file());
            if (tryLock(channel) == null) {
                channel.close();
                throw new SpoolException(
                        SpoolException.LOCKED,
                        "another process has " + directory + " open; stop it, or give this one another directory");
            }
            return new DirectoryLock(real, channel);
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(real);
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        return channel.tryLock();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD_HERE.remove(directory);
    }
}
