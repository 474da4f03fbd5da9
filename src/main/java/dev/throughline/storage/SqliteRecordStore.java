package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
        for (Stream stream : Stream.values()) {
            writing.put(stream, new ReentrantLock());
            if (stream != Stream.QUARANTINE) {
                files.put(
                        stream,
                        new OpenFiles<>(
                                root.resolve(stream.label()),
                                config.openFilesMax(),
                                (file, day) -> new DayFile(file, stream, day, config)));
            }
        }
        quarantine = new OpenFiles<>(
                root.resolve(Stream.QUARANTINE.label()),
                config.openFilesMax(),
                (file, day) -> new QuarantineDay(file, day, config));
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
            WriteResult.Written outcome = batch.stream() == Stream.QUARANTINE
                    ? writeEntries(batch, part.getKey(), part.getValue())
                    : writeRecords(batch, part.getKey(), part.getValue());
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

    private WriteResult.Written writeRecords(RecordBatch batch, long day, DayPart part) {
        OpenFiles<DayFile> known = files(batch.stream());
        boolean nearMidnight =
                part.receivedMin - day * DAY_MS < config.midnightWindow().toMillis();
        Lease<DayFile> lease = null;
        try (Lease<DayFile> before = nearMidnight ? known.existing(day - 1) : null) {
            lease = known.lease(day);
            DayFile.Outcome outcome =
                    lease.file().write(batch, part.indices, part.count, before == null ? null : before.file());
            known.requireInPlace(lease);
            return new WriteResult.Written(outcome.written(), outcome.duplicates(), List.of());
        } catch (SQLException e) {
            if (lease != null) {
                known.drop(lease);
            }
            throw SqliteFiles.unavailable(e);
        } finally {
            release(lease);
        }
    }

    private WriteResult.Written writeEntries(RecordBatch batch, long day, DayPart part) {
        List<Lease<QuarantineDay>> before = new ArrayList<>();
        Lease<QuarantineDay> lease = null;
        try {
            for (long earlier = day - 1; earlier >= day - QUARANTINE_DAYS_BACK; earlier--) {
                Lease<QuarantineDay> past = quarantine.existing(earlier);
                if (past != null) {
                    before.add(past);
                }
            }
            lease = quarantine.lease(day);
            QuarantineDay.Outcome outcome = lease.file()
                    .write(
                            batch,
                            part.indices,
                            part.count,
                            before.stream().map(Lease::file).toList());
            quarantine.requireInPlace(lease);
            return new WriteResult.Written(
                    outcome.written(),
                    outcome.duplicates(),
                    outcome.malformed().stream()
                            .map(index -> new WriteResult.Refused(index, "entry_malformed"))
                            .toList());
        } catch (SQLException e) {
            if (lease != null) {
                quarantine.drop(lease);
            }
            throw SqliteFiles.unavailable(e);
        } finally {
            before.forEach(Lease::close);
            release(lease);
        }
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
        return new QuarantineSearch(quarantine, query).run();
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

    private static <F extends AutoCloseable> StreamCount count(Stream stream, OpenFiles<F> known, Counter<F> counter) {
        long records = 0;
        List<Long> days = known.days();
        for (long day : days) {
            try (Lease<F> lease = known.existing(day)) {
                records += lease == null ? 0 : counter.count(lease.file());
            } catch (SQLException e) {
                throw SqliteFiles.unavailable(e);
            }
        }
        return new StreamCount(stream, records, known.bytes(), days.size());
    }

    @Override
    public int deleteBefore(Stream stream, LocalDate firstKept) {
        OpenFiles<?> known = stream == Stream.QUARANTINE ? quarantine : files(stream);
        ReentrantLock lock = lock(stream);
        lock.lock();
        try {
            int deleted = 0;
            for (long day : known.days()) {
                if (day < firstKept.toEpochDay() && known.delete(day)) {
                    deleted++;
                }
            }
            return deleted;
        } finally {
            lock.unlock();
        }
    }

    /** The current day by the store's clock, for retention. */
    public LocalDate today() {
        return LocalDate.ofInstant(Instant.ofEpochMilli(clock.millis()), ZoneOffset.UTC);
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
