package dev.throughline.storage;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One stream's records of one day. Writes come from one thread at a time (the store sees to that); reads from any. */
final class DayFile implements AutoCloseable {
    static final int SCHEMA_VERSION = SqliteFiles.SCHEMA_VERSION;

    static final String PROGRESS = "CREATE TABLE progress(merged_to INTEGER NOT NULL, sum INTEGER)";
    private static final String PROGRESS_UPGRADE = "ALTER TABLE progress ADD COLUMN sum INTEGER";
    static final String PROGRESS_START = "INSERT INTO progress VALUES (0, " + RowSums.progress(0) + ")";

    private final Stream stream;
    private final long epochDay;
    private final StoreConfig config;
    private final DayLedger ledger;
    private final long fileId;
    private final Connection writer;
    private final Readers readers;
    private final RecentKeys recent = new RecentKeys();
    private @Nullable BlockCutter blocks;
    private @Nullable IdFilter filter;
    private @Nullable StoreUnavailableException unreadable;
    private boolean unusableAsPast;
    private volatile boolean checked;
    private volatile int last;
    private volatile int mergedTo;
    private int mergingTo;
    private boolean writtenTo;

    /** Opens the file, or makes it where there is none and the ledger misses none. */
    DayFile(Path file, Stream stream, long epochDay, StoreConfig config, DayLedger ledger) throws SQLException {
        this.stream = stream;
        this.epochDay = epochDay;
        this.config = config;
        this.ledger = ledger;
        boolean mayBeNew = SqliteFiles.create(file, epochDay, ledger);
        writer = SqliteFiles.connect(file, config);
        try {
            String[] identity = FileIdentity.fresh(stream, epochDay).statements();
            int version = SqliteFiles.schema(
                    writer,
                    mayBeNew,
                    BlockCutter.CREATE,
                    KeyChunks.CREATE,
                    PROGRESS,
                    PROGRESS_START,
                    identity[0],
                    identity[1]);
            checked = version >= SCHEMA_VERSION;
            fileId = FileIdentity.prove(writer, stream, epochDay, ledger);
            writer.setAutoCommit(false);
            readers = new Readers(file, config);
            loadRecent();
            reconcile();
        } catch (SQLException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** What a write to this file came to. */
    record Outcome(int written, int duplicates) {}

    Stream stream() {
        return stream;
    }

    long epochDay() {
        return epochDay;
    }

    /** The highest committed sequence number, which is the number of records: none is left out. */
    int last() {
        return last;
    }

    /** Tells the ledger what is committed. */
    void committed() {
        ledger.committed(epochDay, last);
    }

    /** A connection with a view of its own of what is committed now. The caller closes it. */
    Readers.Reader reader() throws SQLException {
        return readers.borrow();
    }

    /** Whether rows have sums: not in a file that an earlier version made and this one has not written to. */
    boolean isChecked() {
        return checked;
    }

    /** Up to which sequence number keys are in the file's index, not in memory. */
    int mergedTo() {
        return mergedTo;
    }

    private void loadRecent() throws SQLException {
        mergedTo = KeyChunks.mergedTo(writer, checked);
        try (Statement statement = writer.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("SELECT first + records - 1 FROM blocks ORDER BY first DESC LIMIT 1")) {
                last = rows.next() ? rows.getInt(1) : 0;
            }
            try (ResultSet rows = statement.executeQuery(
                    BlockRow.select(checked) + "WHERE first > " + mergedTo + " ORDER BY first")) {
                loadRecent(rows);
            }
        }
        writer.commit();
        recent.commit();
    }

    /** A damaged block is left out, and its keys with it: what the file answers cannot be proved from then on. */
    private void loadRecent(ResultSet rows) throws SQLException {
        int expected = mergedTo + 1;
        while (rows.next()) {
            int first = rows.getInt(1);
            try {
                BlockRow row = BlockRow.checked(rows);
                if (expected > 0 && first != expected) {
                    throw StoreUnavailableException.corrupt("block of record " + expected);
                }
                expected = row.end();
                index(first, row.frames());
            } catch (StoreUnavailableException e) {
                recent.rollback();
                unreadable = e;
                expected = 0;
            }
            recent.commit();
        }
        if (expected > 0 && last != expected - 1) {
            throw StoreUnavailableException.corrupt("block of record " + expected);
        }
    }

    /** Compares what is here with what the ledger knows to have been committed. */
    private void reconcile() throws SQLException {
        DayLedger.Entry known = ledger.get(epochDay);
        if (known != null && unreadable != null && !known.suspect()) {
            ledger.put(known.suspected());
        } else if (known == null || known.damaged()) {
            // A file of this version has had an entry from its first moment on.
            boolean suspect = known != null || checked || unreadable != null;
            ledger.put(DayLedger.Entry.of(epochDay, last, suspect).file(fileId));
        } else if (last < known.records()) {
            requireContiguous();
            ledger.put(known.shrunkTo(last));
        } else if (last > known.records()) {
            ledger.committed(epochDay, last);
        }
    }

    /** That a file is shorter is a lost log file only where nothing else is missing. */
    private void requireContiguous() throws SQLException {
        int expected = 1;
        try (Statement statement = writer.createStatement();
                ResultSet rows = statement.executeQuery("SELECT first, records FROM blocks ORDER BY first")) {
            while (rows.next()) {
                if (rows.getInt(1) != expected) {
                    throw StoreUnavailableException.corrupt("block of record " + expected);
                }
                expected += rows.getInt(2);
            }
        }
        writer.commit();
        if (expected != last + 1) {
            throw StoreUnavailableException.corrupt("block of record " + expected);
        }
    }

    /** Makes a file of an earlier version one of this, before the first write to it. Its rows stay without sums. */
    private BlockCutter cutter() throws SQLException {
        BlockCutter known = blocks;
        if (known == null) {
            if (!checked) {
                try (Statement statement = writer.createStatement()) {
                    statement.execute(BlockCutter.UPGRADE);
                    for (String step : KeyChunks.UPGRADE) {
                        statement.execute(step);
                    }
                    statement.execute(PROGRESS_UPGRADE);
                    statement.execute("UPDATE progress SET sum = " + RowSums.progress(mergedTo));
                    statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
                }
                writer.commit();
                checked = true;
            }
            known = new BlockCutter(writer);
            blocks = known;
        }
        return known;
    }

    private void index(int first, byte[] frames) {
        RecordFrame frame = new RecordFrame();
        int sequence = first;
        for (int at = 0; at < frames.length; at += RecordFrame.claimedLength(frames, at)) {
            Frames.check(frames, at);
            frame.wrap(frames, at);
            index(frame, sequence++, EventTime.micros(frame));
        }
    }

    private void index(RecordFrame frame, int sequence, long eventMicros) {
        long lookup = RecordKeys.lookup(frame);
        if (lookup != 0) {
            recent.add(lookup, frame.idLow(), sequence);
        }
        if (!RecordKeys.isFixed(frame)) {
            recent.add(RecordKeys.identity(frame.idHigh(), eventMicros), frame.idLow(), sequence);
        }
    }

    private static long identityKey(RecordFrame frame, long eventMicros) {
        return RecordKeys.isFixed(frame) ? RecordKeys.lookup(frame) : RecordKeys.identity(frame.idHigh(), eventMicros);
    }

    private IdFilter filter() throws SQLException {
        IdFilter known = filter;
        if (known == null) {
            known = new IdFilter(config.filterRecordsMax());
            try (Readers.Reader reader = reader()) {
                new KeyChunks(reader.connection(), checked).forEachId(known::add);
            }
            recent.forEachId(known::add);
            filter = known;
        }
        return known;
    }

    /** Whether the record is kept here, or added to it and not committed yet. For the thread that may write. */
    boolean contains(RecordFrame frame, long eventMicros) throws SQLException {
        if (!filter().mayContain(frame.idLow())) {
            return false;
        }
        long key = identityKey(frame, eventMicros);
        if (recent.contains(key, frame.idLow())) {
            return true;
        }
        try (Readers.Reader reader = reader()) {
            return new KeyChunks(reader.connection(), checked).contains(key, frame.idLow());
        }
    }

    /** As {@link #contains}; a damaged file has nothing: a record that is kept twice is better than one that is not. */
    private boolean containsAsPast(RecordFrame frame, long eventMicros) {
        if (unusableAsPast) {
            return false;
        }
        try {
            return contains(frame, eventMicros);
        } catch (SQLException | StoreUnavailableException e) {
            unusableAsPast = true;
            return false;
        }
    }

    /** What of the file could not be read when it was opened, or null. */
    @Nullable
    StoreUnavailableException unreadable() {
        return unreadable;
    }

    /**
     * Keeps the records at {@code indices[0 … count)} of the batch: one transaction, durable on return.
     *
     * @param before the file of the day before, where a retry may have its first copy
     */
    Outcome write(RecordBatch batch, int[] indices, int count, @Nullable DayFile before) throws SQLException {
        RecordFrame frame = new RecordFrame();
        IdFilter known = filter();
        BlockCutter cutter = cutter();
        writtenTo = true;
        int sequence = last;
        try {
            for (int i = 0; i < count; i++) {
                batch.frame(indices[i], frame);
                long event = EventTime.micros(frame);
                if (contains(frame, event) || (before != null && before.containsAsPast(frame, event))) {
                    continue;
                }
                cutter.add(frame, ++sequence, event);
                known.add(frame.idLow());
                index(frame, sequence, event);
            }
            cutter.flush();
            boolean merged = recent.size() >= config.recentKeysMax();
            if (merged) {
                merge(sequence);
            }
            writer.commit();
            published(merged);
        } catch (SQLException | RuntimeException e) {
            cutter.discard();
            undo();
            writtenTo = false;
            throw e;
        }
        int written = sequence - last;
        last = sequence;
        return new Outcome(written, count - written);
    }

    private void published(boolean merged) {
        if (merged) {
            mergedTo = mergingTo;
            recent.clear();
        } else {
            recent.commit();
        }
    }

    private void undo() {
        recent.rollback();
        try {
            writer.rollback();
        } catch (SQLException ignored) {
            // The failure that led here is the one to tell; the file is reopened after it.
        }
    }

    private void merge(int upTo) throws SQLException {
        new KeyChunks(writer, checked).merge(recent.sorted());
        try (Statement statement = writer.createStatement()) {
            statement.executeUpdate("UPDATE progress SET merged_to = " + upTo + ", sum = " + RowSums.progress(upTo));
        }
        mergingTo = upTo;
    }

    /** The lowest {@code max} sequence numbers above {@code after} under a key, ascending. */
    int[] sequences(long key, int after, int max) throws SQLException {
        PriorityQueue<Integer> lowest = new PriorityQueue<>(16, (a, b) -> Integer.compare(b, a));
        IntConsumer keep = sequence -> {
            if (sequence > after && !(lowest.size() == max && sequence >= lowest.peek())) {
                lowest.add(sequence);
                if (lowest.size() > max) {
                    lowest.poll();
                }
            }
        };
        // In this order: an entry that is merged in between is found twice, not missed.
        recent.forEach(key, keep);
        try (Readers.Reader reader = reader()) {
            new KeyChunks(reader.connection(), checked).forEach(key, keep);
        }
        return lowest.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
    }

    /** The day's newest records first, from below a sequence number. The caller closes it. */
    DayScan scan(RecordQuery query, int below) throws SQLException {
        return new DayScan(this, query, below);
    }

    /** Closes without merging: after a failure. */
    void abandon() {
        try {
            readers.close();
        } catch (SQLException ignored) {
            // It was only read from.
        }
        try {
            writer.rollback();
        } catch (SQLException ignored) {
            // Nothing uncommitted was promised to anyone.
        }
        try {
            writer.close();
        } catch (SQLException ignored) {
            // As above; a full disk fails both.
        }
    }

    @Override
    public void close() {
        try {
            if (writtenTo && recent.size() > 0) {
                merge(last);
                writer.commit();
            }
        } catch (SQLException | StoreUnavailableException ignored) {
            // The keys are read again from the blocks at the next opening.
        } finally {
            abandon();
        }
    }
}
