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

    private static final String PROGRESS = "CREATE TABLE progress(merged_to INTEGER NOT NULL)";
    private static final String PROGRESS_START = "INSERT INTO progress VALUES (0)";

    private final Stream stream;
    private final long epochDay;
    private final StoreConfig config;
    private final Connection writer;
    private final Readers readers;
    private final KeyChunks writerChunks;
    private final BlockCutter blocks;
    private final RecentKeys recent = new RecentKeys();
    private @Nullable IdFilter filter;
    private volatile int last;
    private boolean writtenTo;

    DayFile(Path file, Stream stream, long epochDay, StoreConfig config) throws SQLException {
        this.stream = stream;
        this.epochDay = epochDay;
        this.config = config;
        writer = SqliteFiles.connect(file, config);
        try {
            SqliteFiles.schema(writer, BlockCutter.CREATE, KeyChunks.CREATE, PROGRESS, PROGRESS_START);
            writer.setAutoCommit(false);
            readers = new Readers(file, config);
            writerChunks = new KeyChunks(writer);
            blocks = new BlockCutter(writer);
            loadRecent();
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

    /** A connection with a view of its own of what is committed now. The caller closes it. */
    Readers.Reader reader() throws SQLException {
        return readers.borrow();
    }

    private void loadRecent() throws SQLException {
        try (Statement statement = writer.createStatement()) {
            int mergedTo;
            try (ResultSet rows = statement.executeQuery("SELECT merged_to FROM progress")) {
                mergedTo = rows.getInt(1);
            }
            try (ResultSet rows =
                    statement.executeQuery("SELECT first + records - 1 FROM blocks ORDER BY first DESC LIMIT 1")) {
                last = rows.next() ? rows.getInt(1) : 0;
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT first, raw_bytes, frames FROM blocks WHERE first > " + mergedTo + " ORDER BY first")) {
                while (rows.next()) {
                    index(rows.getInt(1), FramePacker.unpack(rows.getBytes(3), rows.getInt(2)));
                }
            }
        }
        writer.commit();
        recent.commit();
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
                new KeyChunks(reader.connection()).forEachId(known::add);
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
            return new KeyChunks(reader.connection()).contains(key, frame.idLow());
        }
    }

    /**
     * Keeps the records at {@code indices[0 … count)} of the batch: one transaction, durable on return.
     *
     * @param before the file of the day before, where a retry may have its first copy
     */
    Outcome write(RecordBatch batch, int[] indices, int count, @Nullable DayFile before) throws SQLException {
        writtenTo = true;
        RecordFrame frame = new RecordFrame();
        IdFilter known = filter();
        int sequence = last;
        try {
            for (int i = 0; i < count; i++) {
                batch.frame(indices[i], frame);
                long event = EventTime.micros(frame);
                if (contains(frame, event) || (before != null && before.contains(frame, event))) {
                    continue;
                }
                blocks.add(frame, ++sequence, event);
                known.add(frame.idLow());
                index(frame, sequence, event);
            }
            blocks.flush();
            boolean merged = recent.size() >= config.recentKeysMax();
            if (merged) {
                merge(sequence);
            }
            writer.commit();
            published(merged);
        } catch (SQLException | RuntimeException e) {
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
            recent.clear();
        } else {
            recent.commit();
        }
    }

    private void undo() {
        blocks.discard();
        recent.rollback();
        try {
            writer.rollback();
        } catch (SQLException ignored) {
            // The failure that led here is the one to tell; the file is reopened after it.
        }
    }

    private void merge(int upTo) throws SQLException {
        writerChunks.merge(recent.sorted());
        try (Statement statement = writer.createStatement()) {
            statement.executeUpdate("UPDATE progress SET merged_to = " + upTo);
        }
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
            new KeyChunks(reader.connection()).forEach(key, keep);
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
        } catch (SQLException ignored) {
            // The keys are read again from the blocks at the next opening.
        } finally {
            abandon();
        }
    }
}
