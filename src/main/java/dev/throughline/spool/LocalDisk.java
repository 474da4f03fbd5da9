package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The file system, by {@link FileChannel}. Holds a descriptor for each directory that was made durable, and a spare one, so that
 * neither a commit nor the next segment needs more than there is.
 */
final class LocalDisk implements Disk {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> WRITE = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final DiskErrors errors = new DiskErrors();
    private final SpareDescriptor spare = new SpareDescriptor();
    private final Map<Path, HeldDirectory> directories = new ConcurrentHashMap<>();
    private final Map<Path, FileStore> stores = new ConcurrentHashMap<>();
    private @Nullable Boolean takesDirectFiles;

    /** Its key tells whether it is still the one of that name. */
    private record HeldDirectory(
            FileChannel channel, @Nullable Object key) {
        boolean isInPlace(Path directory) {
            return channel.isOpen() && Objects.equals(key, ChannelFile.keyOf(directory));
        }
    }

    @Override
    public OpenFile open(Path file) throws IOException {
        return opened(file, channel(file, WRITE));
    }

    @Override
    public OpenFile openForAppending(Path file) throws IOException {
        if (!Files.exists(parent(file))) {
            createDirectory(parent(file));
        }
        return direct(file, WRITE);
    }

    @Override
    public OpenFile openForReading(Path file) throws IOException {
        return direct(file, READ);
    }

    private ChannelFile opened(Path file, FileChannel channel) {
        return new ChannelFile(file, channel, errors, () -> spare.regain(parent(file)));
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private OpenFile direct(Path file, Set<OpenOption> options) throws IOException {
        return takesDirectFiles(file)
                ? new DirectFile(opened(file, channel(file, DirectFile.direct(options))))
                : opened(file, channel(file, options));
    }

    /** Opens it, with the spare descriptor where there is no other. */
    private FileChannel channel(Path file, Set<OpenOption> options) throws IOException {
        spare.regain(parent(file));
        try {
            return FileChannel.open(file, options, OwnFiles.file());
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            boolean given = spare.giveUp();
            try {
                FileChannel opened = given ? FileChannel.open(file, options, OwnFiles.file()) : null;
                if (opened != null) {
                    return opened;
                }
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw spare.regain(parent(file)) ? errors.named(file, e) : new TooManyOpenFilesException(e);
        }
    }

    /** Tried once, where the first file is: some file systems open a file so and then refuse to write it. */
    private synchronized boolean takesDirectFiles(Path file) throws IOException {
        Boolean known = takesDirectFiles;
        if (known == null) {
            known = triesDirectFile(file.resolveSibling(".direct"));
            takesDirectFiles = known;
        }
        return known;
    }

    private boolean triesDirectFile(Path file) throws IOException {
        byte[] expected = {1, 2, 3};
        ByteBuffer read = ByteBuffer.allocate(expected.length);
        try {
            Files.deleteIfExists(file);
            if (!DirectFile.isPossible(parent(file))) {
                return false;
            }
            try (OpenFile direct = new DirectFile(opened(file, channel(file, DirectFile.direct(WRITE))))) {
                direct.writeAll(ByteBuffer.wrap(expected), 5);
                direct.read(read, 5);
                return Arrays.equals(read.array(), expected);
            }
        } catch (TooManyOpenFilesException e) {
            throw e; // Tells nothing about the file system.
        } catch (UnsupportedOperationException | IOException e) {
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
        HeldDirectory held = directories.get(directory);
        if (held == null || !held.isInPlace(directory)) {
            FileChannel channel = channel(directory, Set.of(StandardOpenOption.READ));
            held = new HeldDirectory(channel, ChannelFile.keyOf(directory));
            HeldDirectory before = directories.put(directory, held);
            if (before != null) {
                before.channel.close();
            }
        }
        try {
            held.channel.force(true);
        } catch (IOException e) {
            throw errors.named(directory, e);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(directory, OwnFiles.directory());
            } catch (IOException e) {
                throw errors.named(directory, e);
            }
            forceDirectory(parent(directory));
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw errors.named(from, e);
        }
        forceDirectory(parent(to));
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        FileStore store = stores.get(directory);
        if (store == null) { // Held: to find it takes a descriptor, to ask it takes none.
            store = Files.getFileStore(directory);
            stores.put(directory, store);
        }
        return store.getUsableSpace();
    }

    @Override
    public boolean isRefusing(AppendOutcome.Reason reason, Path directory) {
        return switch (reason) {
            case TOO_MANY_OPEN_FILES -> !spare.regain(directory);
            case DISK_READ_ONLY -> DiskErrors.isReadOnly(directory);
            case PENDING, QUOTA, AUDIT_RESERVE, DISK, DISK_FAILED -> true;
        };
    }

    @Override
    public void close() throws IOException {
        for (HeldDirectory directory : directories.values()) {
            directory.channel.close();
        }
        directories.clear();
        spare.close();
    }
}
