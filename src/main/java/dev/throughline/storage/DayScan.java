package dev.throughline.storage;

import dev.throughline.telemetry.RecordFrame;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Walks one day file from its newest record down and stops at each that matches. Frames of a block are read only where its event
 * times and facets allow a match. Not thread-safe; holds a read transaction until closed.
 */
final class DayScan implements AutoCloseable {
    /** Blocks that are skipped by their facets, for the price of one that is read. */
    private static final int SKIPPED_PER_BLOCK = 16;

    private static final String BLOCKS =
            "SELECT first, records, event_min, event_max, facets, raw_bytes, frames FROM blocks"
                    + " WHERE first < ? ORDER BY first DESC";

    private final DayFile file;
    private final RecordQuery query;
    private final Readers.Reader reader;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final RecordFrame frame = new RecordFrame();
    private byte[] frames = new byte[0];
    private int[] offsets = new int[0];
    private int first;
    private int index = -1;
    private int below;
    private int skipped;

    DayScan(DayFile file, RecordQuery query, int below) throws SQLException {
        this.file = file;
        this.query = query;
        this.below = below;
        reader = file.reader();
        try {
            statement = reader.connection().prepareStatement(BLOCKS);
            statement.setInt(1, below);
            rows = statement.executeQuery();
        } catch (SQLException e) {
            reader.close();
            throw e;
        }
    }

    /** All records at or above this sequence number have been looked at. */
    int below() {
        return below;
    }

    /** The next match; null at the end of the file or of the budget. */
    @Nullable
    StoredRecord next(ScanBudget budget) throws SQLException {
        while (true) {
            for (; index >= 0; index--) {
                below = first + index;
                frame.wrap(frames, offsets[index]);
                if (matches()) {
                    return Frames.copy(file.stream(), frames, offsets[index--]);
                }
            }
            if (budget.isSpent() || !nextBlock(budget)) {
                return null;
            }
        }
    }

    private boolean matches() {
        if (!Facets.matches(frame, query.equal())) {
            return false;
        }
        long event = EventTime.micros(frame);
        return event >= query.fromMicros() && event < query.toMicros();
    }

    private boolean nextBlock(ScanBudget budget) throws SQLException {
        if (!rows.next()) {
            below = 0;
            return false;
        }
        first = rows.getInt(1);
        int records = rows.getInt(2);
        boolean mayMatch = rows.getLong(4) >= query.fromMicros()
                && rows.getLong(3) < query.toMicros()
                && Facets.mayMatch(rows.getBytes(5), query.equal());
        if (mayMatch) {
            budget.spend();
            frames = FramePacker.unpack(rows.getBytes(7), rows.getInt(6));
            offsets = Frames.offsets(frames, records);
            index = Math.min(records, below - first) - 1;
        } else {
            below = first;
            if (++skipped % SKIPPED_PER_BLOCK == 0) {
                budget.spend();
            }
        }
        return true;
    }

    @Override
    public void close() throws SQLException {
        try {
            statement.close();
        } finally {
            reader.close();
        }
    }
}
