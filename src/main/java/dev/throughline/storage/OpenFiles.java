package dev.throughline.storage;

import dev.throughline.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The open day files of one kind, the least recently used of which is closed when there are too many. A file in use is never
 * closed under its user. Thread-safe.
 */
final class OpenFiles<F extends AutoCloseable> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OpenFiles.class);

    static final String SUFFIX = ".db";
    /** How long a file that is to be set aside is waited for. */
    private static final long SET_ASIDE_WAIT_MS = 2_000;

    private final Path root;
    private final Path folder;
    private final DayLedger ledger;
    private final DamagedFiles damaged;
    private final int max;
    private final Opener<F> opener;
    private final Map<Long, Lease<F>> open = new LinkedHashMap<>(16, 0.75f, true);
    /** Leases whose file is still open though they are not in {@link #open} any more. */
    private final Set<Lease<F>> leaving = new HashSet<>();

    private boolean closed;

    /** Opens a day's file, creating it where it is absent. */
    interface Opener<F> {
        F open(Path file, long epochDay, DayLedger ledger) throws SQLException;
    }

    /** @param root of the store; the files are in its folder of this name */
    OpenFiles(Path root, String name, KnownDays known, int max, Opener<F> opener) {
        this.root = root;
        this.folder = root.resolve(name);
        this.ledger = new DayLedger(root, root.resolve("ledger").resolve(name), known);
        this.damaged = new DamagedFiles(root, root.resolve("damaged").resolve(name));
        this.max = max;
        this.opener = opener;
    }

    /** A file in use until {@link #close}. */
    static final class Lease<F extends AutoCloseable> implements AutoCloseable {
        private final OpenFiles<F> owner;
        private final F file;
        private final Path path;
        private final long epochDay;
        private final @Nullable Object identity;
        private int users;
        private boolean dropped;

        Lease(OpenFiles<F> owner, F file, Path path, long epochDay) {
            this.owner = owner;
            this.file = file;
            this.path = path;
            this.epochDay = epochDay;
            this.identity = identityOf(path);
        }

        F file() {
            return file;
        }

        long epochDay() {
            return epochDay;
        }

        /** What tells this file from another one of the same name. */
        @Nullable
        Object identity() {
            return identity;
        }

        @Override
        public void close() {
            owner.release(this);
        }
    }

    /** The folder of the whole store. */
    Path root() {
        return root;
    }

    /** The folder of the stream's files. */
    Path folder() {
        return folder;
    }

    Path path(long epochDay) {
        return folder.resolve(LocalDate.ofEpochDay(epochDay) + SUFFIX);
    }

    /** The day's file, or null where there is none and none is to be created. */
    synchronized @Nullable Lease<F> existing(long epochDay) throws SQLException {
        try {
            return open.containsKey(epochDay) || SqliteFiles.isThere(path(epochDay)) ? lease(epochDay) : null;
        } catch (IOException e) {
            throw SqliteFiles.unavailable(e, "store_io_error");
        }
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
            SqliteFiles.createFolder(root, folder);
            lease = new Lease<>(this, opener.open(path(epochDay), epochDay, ledger), path(epochDay), epochDay);
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
        leaving.add(lease);
        closeIfUnused(lease);
    }

    private synchronized void release(Lease<F> lease) {
        lease.users--;
        closeIfUnused(lease);
    }

    private void closeIfUnused(Lease<F> lease) {
        if (lease.dropped && lease.users == 0 && leaving.remove(lease)) {
            notifyAll();
            try {
                lease.file.close();
            } catch (Exception e) {
                // Nothing that was acknowledged depends on a clean close, but a disk that fails here is worth a line.
                LOG.warnf("a day's file was not closed cleanly: %s", FailureCode.of(e));
            }
        }
    }

    /**
     * Moves a day's file that cannot be used out of the way, so that a new one can take its place. Waits until nobody has it open:
     * SQLite deletes log files by their name when it closes a database.
     *
     * @throws StoreUnavailableException where somebody goes on using it, or it cannot be moved
     */
    synchronized Path setAside(long epochDay) {
        Lease<F> lease = open.get(epochDay);
        if (lease != null) {
            drop(lease);
        }
        long deadline = System.nanoTime() + SET_ASIDE_WAIT_MS * 1_000_000;
        while (leaving.stream().anyMatch(left -> left.epochDay == epochDay)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new StoreUnavailableException("store_busy");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreUnavailableException("store_busy", e);
            }
        }
        return damaged.setAside(epochDay, folder, ledger);
    }

    /** Whether what stands in a day's place can never be opened, whatever is waited for. */
    boolean isUnusable(long epochDay) {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path file = Path.of(path(epochDay) + suffix);
            if (isThere(file) && !(Files.isRegularFile(file) && Files.isReadable(file) && Files.isWritable(file))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isThere(Path file) {
        try {
            return SqliteFiles.isThere(file);
        } catch (IOException e) {
            return false; // It is not the file that is unusable.
        }
    }

    /** Closes what nobody uses. */
    synchronized void closeUnused() {
        for (Lease<F> lease : List.copyOf(open.values())) {
            if (lease.users == 0) {
                drop(lease);
            }
        }
    }

    DayLedger ledger() {
        return ledger;
    }

    DamagedFiles damaged() {
        return damaged;
    }

    /** Days that are known to be incomplete, or whose answers cannot be proved, newest first. */
    List<Long> incomplete() {
        Set<Long> incomplete = new TreeSet<>(Collections.reverseOrder());
        Set<Long> present = present();
        for (DayLedger.Entry entry : ledger.all()) {
            boolean gone = !present.contains(entry.epochDay()) && (entry.records() > 0 || entry.damaged());
            if (gone || entry.lost() > 0 || entry.suspect()) {
                incomplete.add(entry.epochDay());
            }
        }
        damaged.all().stream().filter(DamagedFiles.Aside::misses).forEach(aside -> incomplete.add(aside.epochDay()));
        return List.copyOf(incomplete);
    }

    /** Days that there is anything of: a file, an entry in the ledger, a file that was set aside. Newest first. */
    List<Long> knownDays() {
        Set<Long> all = new TreeSet<>(Collections.reverseOrder());
        all.addAll(days());
        ledger.all().forEach(entry -> all.add(entry.epochDay()));
        damaged.all().forEach(aside -> all.add(aside.epochDay()));
        return List.copyOf(all);
    }

    /** Days that have a file, the newest first. Where the folder cannot be read, all that are known: each cannot be read then. */
    List<Long> days() {
        try {
            return listed();
        } catch (IOException e) {
            SqliteFiles.requireDescriptors(e);
            return ledger.all().reversed().stream()
                    .map(DayLedger.Entry::epochDay)
                    .toList();
        }
    }

    /** Days whose file is surely there. */
    Set<Long> present() {
        try {
            return Set.copyOf(listed());
        } catch (IOException e) {
            SqliteFiles.requireDescriptors(e);
            return Set.of();
        }
    }

    private List<Long> listed() throws IOException {
        List<Long> days = new ArrayList<>();
        for (Path file : SqliteFiles.list(folder)) {
            addDay(days, file.getFileName().toString());
        }
        days.sort(Collections.reverseOrder());
        return days;
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

    /** Deletes a day's file with its write-ahead log and all that is known or was set aside of it; waits for nobody: who reads it keeps what it has open. */
    synchronized void delete(long epochDay) {
        Lease<F> lease = open.get(epochDay);
        if (lease != null) {
            drop(lease);
        }
        try {
            Files.deleteIfExists(path(epochDay));
            Files.deleteIfExists(Path.of(path(epochDay) + "-wal"));
            Files.deleteIfExists(Path.of(path(epochDay) + "-shm"));
            damaged.delete(epochDay);
            // Last: a day that is half deleted is known, and deleted again.
            ledger.remove(epochDay, null);
        } catch (IOException e) {
            throw SqliteFiles.unavailable(e, "store_unwritable");
        }
    }

    long bytes() {
        return days().stream().mapToLong(this::bytes).sum();
    }

    long bytes(long epochDay) {
        try {
            return Files.size(path(epochDay));
        } catch (IOException ignored) {
            // Deleted meanwhile, or never there.
            return 0;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Lease<F> lease : List.copyOf(open.values())) {
            drop(lease);
        }
        ledger.close();
    }
}
