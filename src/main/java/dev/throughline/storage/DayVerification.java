package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.RecordFrame;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one day file whole, in small steps, each a read transaction of its own, so that it can go on for hours beside the writer.
 * Every block and frame is checked, that none is left out, that a block's times and facets are those of its frames, and that the
 * index has exactly the entries that the blocks ask for: a sum over a hash of each, which does not depend on their order. So a file
 * of an earlier version is verified as well. One use, one thread.
 */
final class DayVerification {
    private final OpenFiles<DayFile> files;
    private final long day;
    private final Pace pace;
    private final Listener listener;
    private final RecordFrame frame = new RecordFrame();
    private int last;
    private int mergedTo;
    private long entriesOfBlocks;
    private long entriesOfIndex;
    private boolean blocksWhole = true;
    private boolean indexWhole = true;

    /** Told of each damage. */
    interface Listener {
        void found(String code, String place);
    }

    DayVerification(OpenFiles<DayFile> files, long day, Pace pace, Listener listener) {
        this.files = files;
        this.day = day;
        this.pace = pace;
        this.listener = listener;
    }

    /** What is read in one step. */
    private interface Step {
        long read(DayFile file, Readers.Reader reader) throws SQLException;
    }

    /** Whether the file was there and its index was found to be right, as far as blocks and entries can be compared. */
    boolean run() throws SQLException, InterruptedException {
        boolean present = step((file, reader) -> {
            mergedTo = file.mergedTo();
            last = file.last();
            return 0;
        });
        if (!present) {
            return false;
        }
        blocks();
        index();
        if (blocksWhole && indexWhole && entriesOfBlocks != entriesOfIndex) {
            indexWhole = false;
            listener.found("damaged_index", "its entries are not those of the blocks");
        }
        return indexWhole;
    }

    private boolean step(Step step) throws SQLException, InterruptedException {
        long bytes;
        try (Lease<DayFile> lease = files.existing(day)) {
            if (lease == null) {
                return false;
            }
            try (Readers.Reader reader = lease.file().reader()) {
                bytes = step.read(lease.file(), reader);
            }
        }
        pace.read(bytes);
        return true;
    }

    private int position;
    private boolean behindDamage;

    private void blocks() throws SQLException, InterruptedException {
        position = 1;
        boolean more = true;
        while (more && position <= last) {
            more = step(this::block);
        }
    }

    private long block(DayFile file, Readers.Reader reader) throws SQLException {
        try (PreparedStatement statement = reader.connection()
                .prepareStatement(BlockRow.select(file.isChecked()) + "WHERE first >= ? ORDER BY first LIMIT 1")) {
            statement.setInt(1, position);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    missing(position, last);
                    position = Integer.MAX_VALUE;
                    return 0;
                }
                int from = position;
                position = Math.max(from, rows.getInt(1)) + 1;
                BlockRow row = BlockRow.of(rows);
                if (row.first() != from) {
                    missing(from, row.first() - 1);
                }
                block(row);
                behindDamage = false;
                return (long) row.packed().length + row.facets().length;
            } catch (StoreUnavailableException e) {
                damaged(e.place());
                behindDamage = true;
                return BlockCutter.BLOCK_BYTES_MAX;
            }
        }
    }

    private void block(BlockRow row) {
        byte[] frames = row.check().frames();
        int[] offsets = Frames.checkedOffsets(frames, row.records());
        byte[] facets = Facets.empty(row.records());
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int i = 0; i < offsets.length; i++) {
            frame.wrap(frames, offsets[i]);
            long event = EventTime.micros(frame);
            min = Math.min(min, event);
            max = Math.max(max, event);
            Facets.add(facets, frame);
            if (row.first() + i <= mergedTo) {
                entriesOfBlocks += entries(row.first() + i, event);
            }
        }
        position = row.end();
        if (min != row.eventMin() || max != row.eventMax() || !Arrays.equals(facets, row.facets())) {
            throw row.damage();
        }
    }

    private long entries(int sequence, long eventMicros) {
        long sum = 0;
        long lookup = RecordKeys.lookup(frame);
        if (lookup != 0) {
            sum += hash(lookup, frame.idLow(), sequence);
        }
        if (!RecordKeys.isFixed(frame)) {
            sum += hash(RecordKeys.identity(frame.idHigh(), eventMicros), frame.idLow(), sequence);
        }
        return sum;
    }

    private static long hash(long key, long id, int sequence) {
        return RecordKeys.mix(key ^ RecordKeys.mix(id ^ RecordKeys.mix(sequence)));
    }

    /** What a damaged block held has been told already. */
    private void missing(int from, int to) {
        if (!behindDamage) {
            damaged("records " + from + " to " + to + " are missing");
        }
        blocksWhole = false;
    }

    private void damaged(String place) {
        blocksWhole = false;
        listener.found("damaged_block", place);
    }

    private KeyChunks.@Nullable Chunk at;
    private boolean begun;
    private long seenKey = Long.MIN_VALUE;
    private long seenId = Long.MIN_VALUE;

    private void index() throws SQLException, InterruptedException {
        try {
            boolean more = true;
            while (more && !(begun && at == null)) {
                more = step(this::chunk);
            }
        } catch (StoreUnavailableException e) {
            if (!e.isDamage()) {
                throw e;
            }
            indexWhole = false;
            listener.found("damaged_index", e.place());
        }
    }

    /** The chunk at the position may have been cut in two since: what was seen is passed over. */
    private long chunk(DayFile file, Readers.Reader reader) throws SQLException {
        KeyChunks chunks = new KeyChunks(reader.connection(), file.isChecked());
        KeyChunks.Chunk chunk = begun ? chunks.after(seenKey, seenId) : chunks.lowest();
        begun = true;
        at = chunk;
        if (chunk == null) {
            return 0;
        }
        if (chunk.count() == 0) {
            throw StoreUnavailableException.corrupt("index chunk " + chunk.row() + ", it is empty");
        }
        for (int i = 0; i < chunk.count(); i++) {
            long key = chunk.key(i);
            long id = chunk.id(i);
            if (key < seenKey || (key == seenKey && id < seenId)) {
                throw StoreUnavailableException.corrupt("index chunk " + chunk.row() + ", its order");
            }
            if (chunk.sequence(i) <= mergedTo) {
                entriesOfIndex += hash(key, id, chunk.sequence(i));
            }
            seenKey = key;
            seenId = id;
        }
        return chunk.entries().length;
    }
}
