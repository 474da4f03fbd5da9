package dev.throughline.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row of table {@code blocks}; {@code sum} is null where an earlier version wrote it. */
@SuppressWarnings("ArrayRecordComponent") // a row, never compared
record BlockRow(
        int first,
        int records,
        long eventMin,
        long eventMax,
        byte[] facets,
        int rawBytes,
        byte[] packed,
        @Nullable Long sum) {
    private static final String COLUMNS = "SELECT first, records, event_min, event_max, facets, raw_bytes, frames, ";
    /** A block holds as much, or one record, whose size the spool bounds. */
    private static final int RAW_BYTES_MAX = 64 << 20;

    /** Selects blocks; {@code checked}: of a file whose rows have sums. */
    static String select(boolean checked) {
        return COLUMNS + (checked ? "sum" : "NULL") + " FROM blocks ";
    }

    /** The row at hand, as it is. */
    static BlockRow of(ResultSet rows) throws SQLException {
        byte[] facets = rows.getBytes(5);
        byte[] packed = rows.getBytes(7);
        if (facets == null || packed == null) {
            throw StoreUnavailableException.corrupt("block " + rows.getLong(1));
        }
        long sum = rows.getLong(8);
        boolean summed = !rows.wasNull();
        return new BlockRow(
                rows.getInt(1),
                rows.getInt(2),
                rows.getLong(3),
                rows.getLong(4),
                facets,
                rows.getInt(6),
                packed,
                summed ? sum : null);
    }

    /** The row at hand, if it is the one that was written. */
    static BlockRow checked(ResultSet rows) throws SQLException {
        return of(rows).check();
    }

    BlockRow check() {
        Long known = sum;
        if ((known != null && known != RowSums.block(this)) || records <= 0 || first <= 0 || !isFilter()) {
            throw damage();
        }
        return this;
    }

    private boolean isFilter() {
        return Integer.bitCount(facets.length) == 1;
    }

    /** The first sequence number behind the block. */
    int end() {
        return first + records;
    }

    byte[] frames() {
        if (rawBytes <= 0 || rawBytes > RAW_BYTES_MAX) {
            throw damage();
        }
        try {
            return FramePacker.unpack(packed, rawBytes);
        } catch (StoreUnavailableException e) {
            throw damage();
        }
    }

    StoreUnavailableException damage() {
        return StoreUnavailableException.corrupt("block " + first);
    }
}
