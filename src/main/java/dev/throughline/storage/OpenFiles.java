package dev.throughline.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The open day files of one kind, the least recently used of which is closed when there are too many. A file in use is never
 * closed under its user. Thread-safe.
 */
final class OpenFiles<F extends AutoCloseable> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OpenFiles.class);

    private static final String SUFFIX = ".db";

    private final Path folder;
    private final int max;
    private final Opener<F> opener;
    private final Map<Long, Lease<F>> open = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /** Opens a day's file, creating it where it is absent. */
    interface Opener<F> {
        F open(Path file, long epochDay) throws SQLException;
    }

    OpenFiles(Path folder, int max, Opener<F> opener) {
        this.folder = folder;
        this.max = max;
        this.opener = opener;
    }

    /** A file in use until {@link #close}. */
    static final class Lease<F extends AutoCloseable> implements AutoCloseable {
        private final OpenFiles<F> owner;
        private final F file;
        private final Path path;
        private final @Nullable Object identity;
        private int users;
        private boolean dropped;

        Lease(OpenFiles<F> owner, F file, Path path) {
            this.owner = owner;
            this.file = file;
            this.path = path;
            this.identity = identityOf(path);
        }

        F file() {
            return file;
        }

        @Override
        public void close() {
            owner.release(this);
        }
    }

    Path path(long epochDay) {
        return folder.resolve(LocalDate.ofEpochDay(epochDay) + SUFFIX);
    }

    /** The day's file, or null where there is none and none is to be created. */
    synchronized @Nullable Lease<F> existing(long epochDay) throws SQLException {
        return open.containsKey(epochDay) || Files.exists(path(epochDay)) ? lease(epochDay) : null;
    }

    synchronized Lease<F> lease(long epochDay) throws SQLException {
        if (closed) {
            throw new StoreUnavailableException("store_closed");
        }
        Lease<F> lease = open.get(epochDay);
        if (lease != null && !isInPlace(lease)) {
            drop(lease);
            lease = null;
        }
        if (lease == null) {
            SqliteFiles.createFolder(folder);
            lease = new Lease<>(this, opener.open(path(epochDay), epochDay), path(epochDay));
            open.put(epochDay, lease);
        }
        lease.users++;
        shrink();
        return lease;
    }

    /**
     * To be asked after a write and before it is answered: a file that was deleted or replaced under the open database takes
     * writes as before, and nobody would ever find them.
     */
    void requireInPlace(Lease<F> lease) {
        if (!isInPlace(lease)) {
            drop(lease);
            throw new StoreUnavailableException("store_file_replaced");
        }
    }

    private static boolean isInPlace(Lease<?> lease) {
        Object now = identityOf(lease.path);
        return now != null && now.equals(lease.identity);
    }

    /** Device and inode; the path where the file system has none; null where there is no file. */
    private static @Nullable Object identityOf(Path path) {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return key == null ? path : key;
        } catch (IOException e) {
            return null;
        }
    }

    /** Leaves what is in use and the newest day, which is the one that is written: its memory would have to be built again. */
    private void shrink() {
        long newest = Collections.max(open.keySet());
        for (Map.Entry<Long, Lease<F>> eldest : List.copyOf(open.entrySet())) {
            if (open.size() <= max) {
                return;
            }
            if (eldest.getValue().users == 0 && eldest.getKey() != newest) {
                drop(eldest.getValue());
            }
        }
    }

    /**
     * Closes the files that were deleted or replaced: as long as one is open its bytes are not given back, and an operator who
     * deleted it to make room has made none.
     */
    synchronized void dropVanished() {
        for (Lease<F> lease : List.copyOf(open.values())) {
            if (!isInPlace(lease)) {
                drop(lease);
            }
        }
    }

    /** Closes the file as soon as nobody uses it; the next lease opens it anew. */
    synchronized void drop(Lease<F> lease) {
        open.values().removeIf(known -> known == lease);
        lease.dropped = true;
        closeIfUnused(lease);
    }

    private synchronized void release(Lease<F> lease) {
        lease.users--;
        closeIfUnused(lease);
    }

    private void closeIfUnused(Lease<F> lease) {
        if (lease.dropped && lease.users == 0) {
            try {
                lease.file.close();
            } catch (Exception e) {
                // Nothing that was acknowledged depends on a clean close, but a disk that fails here is worth a line.
                LOG.warnf(
                        "a day's file was not closed cleanly: %s", e.getClass().getName());
            }
        }
    }

    /** Days that have a file, the newest first. */
    List<Long> days() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            List<Long> days = new ArrayList<>();
            files.forEach(file -> addDay(days, file.getFileName().toString()));
            days.sort(Collections.reverseOrder());
            return days;
        } catch (IOException e) {
            throw new StoreUnavailableException("store_io_error", e);
        }
    }

    private static void addDay(List<Long> days, String name) {
        if (name.endsWith(SUFFIX)) {
            try {
                days.add(LocalDate.parse(name.substring(0, name.length() - SUFFIX.length()))
                        .toEpochDay());
            } catch (DateTimeParseException ignored) {
                // Not one of ours.
            }
        }
    }

    /** Deletes a day's file with its write-ahead log; waits for nobody: who reads it keeps what it has open. */
    synchronized boolean delete(long epochDay) {
        Lease<F> lease = open.get(epochDay);
        if (lease != null) {
            drop(lease);
        }
        try {
            boolean deleted = Files.deleteIfExists(path(epochDay));
            Files.deleteIfExists(Path.of(path(epochDay) + "-wal"));
            Files.deleteIfExists(Path.of(path(epochDay) + "-shm"));
            return deleted;
        } catch (IOException e) {
            throw new StoreUnavailableException("store_unwritable", e);
        }
    }

    long bytes() {
        long total = 0;
        for (long day : days()) {
            try {
                total += Files.size(path(day));
            } catch (IOException ignored) {
                // Deleted meanwhile.
            }
        }
        return total;
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Lease<F> lease : List.copyOf(open.values())) {
            drop(lease);
        }
    }
}
