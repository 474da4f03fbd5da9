package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The embedded store: the package's documentation tells files and bounds. */
public final class SqliteRecordStore implements RecordStore {
    /** Files of earlier days in which a quarantine entry's past is looked for. */
    private static final int QUARANTINE_DAYS_BACK = 3;

    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    /** How far ahead of the clock a received time may be: beyond it the stamp is damaged, not early. */
    private static final long FUTURE_MAX_MS = 366 * DAY_MS;

    private final StoreConfig config;
    private final InstantSource clock;
    private final Map<Stream, OpenFiles<DayFile>> files = new EnumMap<>(Stream.class);
    private final OpenFiles<QuarantineDay> quarantine;
    private final StoreFindings findings = new StoreFindings();
    /** Quarantine files that were read whole since the start, by day. */
    private final Map<Long, Verified> verified = new HashMap<>();

    private final Map<Stream, ReentrantLock> writing = new EnumMap<>(Stream.class);
    /** Whether the last write failed. */
    private volatile boolean failing;

    /**
     * Opens nothing yet: files are opened as they are needed.
     *
     * @param data the data folder; the store is its subfolder {@code store}
     */
    public SqliteRecordStore(Path data, StoreConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        Path root = data.toAbsolutePath().resolve("store");
        SqliteLibrary.load(data.toAbsolutePath().resolve("run"));
        KnownDays days = new KnownDays(root);
        for (Stream stream : Stream.values()) {
            writing.put(stream, new ReentrantLock());
            if (stream != Stream.QUARANTINE) {
                files.put(
                        stream,
                        new OpenFiles<>(
                                root,
                                stream.label(),
                                days,
                                config.openFilesMax(),
                                (file, day, ledger) -> new DayFile(file, stream, day, config, ledger)));
            }
        }
        quarantine = new OpenFiles<>(
                root,
                Stream.QUARANTINE.label(),
                days,
                config.openFilesMax(),
                (file, day, ledger) -> new QuarantineDay(file, day, config, ledger));
    }

    /** What reading a quarantine file whole came to. */
    private record Verified(
            @Nullable Object identity, @Nullable StoreUnavailableException damage) {}

    OpenFiles<?> open(Stream stream) {
        return stream == Stream.QUARANTINE ? quarantine : files(stream);
    }

    StoreFindings findings() {
        return findings;
    }

    OpenFiles<DayFile> files(Stream stream) {
        OpenFiles<DayFile> known = files.get(stream);
        if (known == null) {
            throw new IllegalArgumentException("not a stream of records");
        }
        return known;
    }

    OpenFiles<QuarantineDay> quarantineFiles() {
        return quarantine;
    }

    StoreConfig config() {
        return config;
    }

    // A batch by day, one transaction a day.

    @Override
    public WriteResult write(RecordBatch batch) {
        ReentrantLock lock = lock(batch.stream());
        lock.lock();
        try {
            if (failing) {
                dropVanished();
            }
            WriteResult result = writeLocked(batch);
            failing = false;
            return result;
        } catch (StoreUnavailableException e) {
            failing = true;
            dropVanished();
            return new WriteResult.Unavailable(e.code(), config.retryAfter());
        } finally {
            lock.unlock();
        }
    }

    /** Of all streams: one that is not written has files open as well, and it is one disk. */
    private void dropVanished() {
        files.values().forEach(OpenFiles::dropVanished);
        quarantine.dropVanished();
    }

    private ReentrantLock lock(Stream stream) {
        ReentrantLock lock = writing.get(stream);
        if (lock == null) {
            throw new IllegalArgumentException("unknown stream");
        }
        return lock;
    }

    private WriteResult writeLocked(RecordBatch batch) {
        List<WriteResult.Refused> refused = new ArrayList<>();
        int written = 0;
        int duplicates = 0;
        for (Map.Entry<Long, DayPart> part : byDay(batch, refused).entrySet()) {
            WriteResult.Written outcome = writeDay(batch, part.getKey(), part.getValue());
            written += outcome.written();
            duplicates += outcome.duplicates();
            refused.addAll(outcome.refused());
        }
        return new WriteResult.Written(written, duplicates, List.copyOf(refused));
    }

    /** The batch's records of one day. */
    private static final class DayPart {
        private int[] indices = new int[16];
        private int count;
        private long receivedMin = Long.MAX_VALUE;

        void add(int index, long received) {
            if (count == indices.length) {
                indices = Arrays.copyOf(indices, count * 2);
            }
            indices[count++] = index;
            receivedMin = Math.min(receivedMin, received);
        }
    }

    private Map<Long, DayPart> byDay(RecordBatch batch, List<WriteResult.Refused> refused) {
        Map<Long, DayPart> parts = new TreeMap<>();
        RecordFrame frame = new RecordFrame();
        long latest = clock.millis() + FUTURE_MAX_MS;
        long day = Long.MIN_VALUE;
        DayPart part = new DayPart();
        for (int i = 0; i < batch.count(); i++) {
            long received = batch.frame(i, frame).receivedMillis();
            if (received < 0 || received > latest) {
                refused.add(new WriteResult.Refused(i, "received_time_out_of_range"));
                continue;
            }
            if (received / DAY_MS != day) {
                day = received / DAY_MS;
                part = parts.computeIfAbsent(day, unseen -> new DayPart());
            }
            part.add(i, received);
        }
        return parts;
    }

    /** A file that cannot be written is opened anew; if that does not help it is set aside, and a new one takes its place. */
    private WriteResult.Written writeDay(RecordBatch batch, long day, DayPart part) {
        OpenFiles<?> known = open(batch.stream());
        for (int attempt = 1; ; attempt++) {
            try {
                return batch.stream() == Stream.QUARANTINE
                        ? writeEntries(batch, day, part)
                        : writeRecords(batch, day, part);
            } catch (StoreUnavailableException e) {
                boolean hopeless =
                        e.isDamage() || (!e.code().equals(SqliteFiles.NO_DESCRIPTORS) && known.isUnusable(day));
                if (!hopeless || attempt > 2) {
                    throw e;
                }
                if (attempt == 2) {
                    setAside(batch.stream(), day, e);
                }
            }
        }
    }

    private void setAside(Stream stream, long day, StoreUnavailableException why) {
        OpenFiles<?> known = open(stream);
        String place = why.place().isEmpty() ? "" : " (" + why.place() + ")";
        try {
            Path target = known.setAside(day);
            forget(day);
            findings.add(
                    stream,
                    day,
                    "set_aside",
                    target + place
                            + "; what is received goes into a new file; ./throughline store repair says what to do");
        } catch (StoreUnavailableException e) {
            if (!e.code().equals("store_busy")) {
                findings.add(
                        stream,
                        day,
                        "not_set_aside",
                        known.path(day) + place + "; it cannot be moved, and what is received for the day waits");
            }
            throw e;
        }
    }

    private void forget(long day) {
        synchronized (verified) {
            verified.remove(day);
        }
    }

    private WriteResult.Written writeRecords(RecordBatch batch, long day, DayPart part) {
        OpenFiles<DayFile> known = files(batch.stream());
        boolean nearMidnight =
                part.receivedMin - day * DAY_MS < config.midnightWindow().toMillis();
        Lease<DayFile> lease = null;
        try (Lease<DayFile> before = nearMidnight ? past(known, day - 1) : null) {
            lease = known.lease(day);
            DayFile.Outcome outcome =
                    lease.file().write(batch, part.indices, part.count, before == null ? null : before.file());
            known.requireInPlace(lease);
            lease.file().committed();
            return new WriteResult.Written(outcome.written(), outcome.duplicates(), List.of());
        } catch (SQLException e) {
            drop(known, lease);
            throw SqliteFiles.unavailable(e);
        } catch (StoreUnavailableException e) {
            drop(known, lease);
            throw e;
        } finally {
            release(lease);
        }
    }

    private static <F extends AutoCloseable> void drop(OpenFiles<F> known, @Nullable Lease<F> lease) {
        if (lease != null) {
            known.drop(lease);
        }
    }

    /** An earlier day's file, to be looked into; none where it is damaged: that holds up no later day. */
    private static <F extends AutoCloseable> @Nullable Lease<F> past(OpenFiles<F> known, long day) throws SQLException {
        try {
            return known.existing(day);
        } catch (StoreUnavailableException e) {
            if (e.isDamage() || known.isUnusable(day)) {
                return null;
            }
            throw e;
        } catch (SQLException e) {
            if (SqliteFiles.unavailable(e).isDamage() || known.isUnusable(day)) {
                return null;
            }
            throw e;
        }
    }

    private WriteResult.Written writeEntries(RecordBatch batch, long day, DayPart part) {
        List<Lease<QuarantineDay>> before = new ArrayList<>();
        Lease<QuarantineDay> lease = null;
        try {
            for (long earlier = day - 1; earlier >= day - QUARANTINE_DAYS_BACK; earlier--) {
                Lease<QuarantineDay> past = past(quarantine, earlier);
                if (past != null) {
                    before.add(past);
                }
            }
            lease = quarantine.lease(day);
            StoreUnavailableException damage = verifiedDamage(lease);
            if (damage != null) {
                throw damage;
            }
            QuarantineDay.Outcome outcome = lease.file()
                    .write(
                            batch,
                            part.indices,
                            part.count,
                            before.stream().map(Lease::file).toList());
            quarantine.requireInPlace(lease);
            lease.file().committed();
            return new WriteResult.Written(
                    outcome.written(),
                    outcome.duplicates(),
                    outcome.malformed().stream()
                            .map(index -> new WriteResult.Refused(index, "entry_malformed"))
                            .toList());
        } catch (SQLException e) {
            drop(quarantine, lease);
            throw SqliteFiles.unavailable(e);
        } catch (StoreUnavailableException e) {
            drop(quarantine, lease);
            throw e;
        } finally {
            before.forEach(Lease::close);
            release(lease);
        }
    }

    /** What is damaged in a quarantine file, which is read whole before its first use; null where nothing is. */
    @Nullable
    StoreUnavailableException verifiedDamage(Lease<QuarantineDay> lease) throws SQLException {
        synchronized (verified) {
            Verified known = verified.get(lease.epochDay());
            if (known == null || !Objects.equals(known.identity(), lease.identity())) {
                known = new Verified(lease.identity(), verify(lease));
                verified.put(lease.epochDay(), known);
            }
            return known.damage();
        }
    }

    private @Nullable StoreUnavailableException verify(Lease<QuarantineDay> lease) throws SQLException {
        List<String> places = new ArrayList<>();
        try (Readers.Reader reader = lease.file().reader()) {
            new QuarantineVerification(
                            reader.connection(),
                            lease.file().isChecked(),
                            Pace.NONE,
                            (code, place) -> places.add(place))
                    .run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("store_busy", e);
        }
        return places.isEmpty() ? null : StoreUnavailableException.corrupt(places.getFirst());
    }

    private static void release(@Nullable Lease<?> lease) {
        if (lease != null) {
            lease.close();
        }
    }

    // Reads are told where their algorithms are.

    @Override
    public JourneyRecords journey(JourneyQuery query) {
        return new JourneyRead(this, query).run();
    }

    @Override
    public RecordPage records(RecordQuery query) {
        return new RecordSearch(this, query).run();
    }

    @Override
    public QuarantinePage quarantine(QuarantineQuery query) {
        return new QuarantineSearch(this, query).run();
    }

    @Override
    public List<StreamCount> counts() {
        List<StreamCount> counts = new ArrayList<>();
        for (Map.Entry<Stream, OpenFiles<DayFile>> stream : files.entrySet()) {
            counts.add(count(stream.getKey(), stream.getValue(), DayFile::last));
        }
        counts.add(count(Stream.QUARANTINE, quarantine, QuarantineDay::entries));
        return List.copyOf(counts);
    }

    private interface Counter<F> {
        long count(F file) throws SQLException;
    }

    private <F extends AutoCloseable> StreamCount count(Stream stream, OpenFiles<F> known, Counter<F> counter) {
        long[] records = new long[1];
        List<Long> days = known.days();
        UnreadableFiles unreadable = new UnreadableFiles(this);
        for (long day : days) {
            unreadable.orNoted(stream, day, () -> {
                try (Lease<F> lease = known.existing(day)) {
                    records[0] += lease == null ? 0 : counter.count(lease.file());
                }
            });
        }
        unreadable.noteIncomplete(stream, known);
        return new StreamCount(stream, records[0], known.bytes(), days.size(), unreadable.names());
    }

    @Override
    public List<StoredDay> days(Stream stream) {
        OpenFiles<?> known = open(stream);
        List<StoredDay> days = new ArrayList<>();
        for (long day : known.knownDays()) {
            DayLedger.Entry entry = known.ledger().get(day);
            long aside = known.damaged().of(day).stream()
                    .mapToLong(
                            damaged -> damaged.repaired() ? 0 : damaged.entry().records())
                    .sum();
            days.add(new StoredDay(
                    LocalDate.ofEpochDay(day), aside + (entry == null ? 0 : entry.records()), known.bytes(day)));
        }
        return days;
    }

    @Override
    public void delete(Stream stream, LocalDate day) {
        ReentrantLock lock = lock(stream);
        lock.lock();
        try {
            open(stream).delete(day.toEpochDay());
            findings.clear(stream, day.toEpochDay());
            if (stream == Stream.QUARANTINE) {
                forget(day.toEpochDay());
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is known to be damaged and waits for somebody to do something about it. */
    public List<Finding> damage() {
        return new KnownDamage(this).open();
    }

    /** Records that are known to be lost, of the days that are kept. */
    public long lostRecords(Stream stream) {
        return KnownDamage.lostRecords(open(stream));
    }

    @Override
    public void close() {
        for (ReentrantLock lock : writing.values()) {
            lock.lock();
        }
        try {
            files.values().forEach(OpenFiles::close);
            quarantine.close();
        } finally {
            writing.values().forEach(ReentrantLock::unlock);
        }
    }
}
