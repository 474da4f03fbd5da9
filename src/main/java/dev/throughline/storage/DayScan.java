package dev.throughline.storage;

import dev.throughline.telemetry.RecordFrame;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Walks one day file from its newest record down and stops at each that matches. Frames of a block are read only where its event
 * times and facets allow a match. Every block is checked, and that none is left out: each ends where the one above it begins. What is
 * damaged is passed over and told. Not thread-safe; holds a read transaction until closed.
 */
final class DayScan implements AutoCloseable {
    /** Blocks that are skipped by their facets, for the price of one that is read. */
    private static final int SKIPPED_PER_BLOCK = 16;

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
    /** Where the next block must end; -1 where that is not known, behind a damaged one. */
    private int end;

    private boolean started;
    private @Nullable StoreUnavailableException damage;

    DayScan(DayFile file, RecordQuery query, int below) throws SQLException {
        this.file = file;
        this.query = query;
        this.below = below;
        end = below;
        reader = file.reader();
        try {
            statement = reader.connection()
                    .prepareStatement(BlockRow.select(file.isChecked()) + "WHERE first < ? ORDER BY first DESC");
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

    /** What could not be read so far, or null. */
    @Nullable
    StoreUnavailableException damage() {
        return damage;
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
            if (end > 1) {
                damage = StoreUnavailableException.corrupt("blocks before record " + end);
            }
            below = 0;
            return false;
        }
        try {
            enter(BlockRow.checked(rows), budget);
        } catch (StoreUnavailableException e) {
            damage = e;
            budget.spend();
            below = rows.getInt(1);
            end = -1;
        }
        return true;
    }

    private void enter(BlockRow row, ScanBudget budget) {
        // The first block may reach beyond where the walk begins.
        boolean follows = end < 0 || (started ? row.end() == end : row.end() >= end);
        started = true;
        if (!follows || row.first() >= below) {
            damage = StoreUnavailableException.corrupt("blocks before record " + end);
        }
        end = row.first();
        boolean mayMatch = row.eventMax() >= query.fromMicros()
                && row.eventMin() < query.toMicros()
                && Facets.mayMatch(row.facets(), query.equal());
        if (mayMatch) {
            budget.spend();
            byte[] unpacked = row.frames();
            offsets = row.sum() == null
                    ? Frames.checkedOffsets(unpacked, row.records())
                    : Frames.offsets(unpacked, row.records());
            frames = unpacked;
            first = row.first();
            index = Math.min(row.records(), below - first) - 1;
        } else {
            below = row.first();
            if (++skipped % SKIPPED_PER_BLOCK == 0) {
                budget.spend();
            }
        }
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
