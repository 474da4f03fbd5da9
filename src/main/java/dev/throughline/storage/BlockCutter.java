package dev.throughline.storage;

import dev.throughline.telemetry.RecordFrame;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Gathers frames into blocks and writes them with their sums, within the caller's transaction. One thread at a time. */
final class BlockCutter {
    /** A block ends before it exceeds this, unless its only frame does. */
    static final int BLOCK_BYTES_MAX = 256 * 1_024;

    static final String CREATE = "CREATE TABLE blocks(first INTEGER PRIMARY KEY, records INTEGER NOT NULL,"
            + " event_min INTEGER NOT NULL, event_max INTEGER NOT NULL, facets BLOB NOT NULL,"
            + " raw_bytes INTEGER NOT NULL, frames BLOB NOT NULL, sum INTEGER)";

    /** Makes the table of the first version, which had no sums, this one. */
    static final String UPGRADE = "ALTER TABLE blocks ADD COLUMN sum INTEGER";

    private final PreparedStatement insert;
    private final FramePacker packer = new FramePacker();
    private final RecordFrame view = new RecordFrame();
    private byte[] bytes = new byte[BLOCK_BYTES_MAX];
    private int length;
    private int records;
    private int first;
    private long eventMin;
    private long eventMax;

    BlockCutter(Connection connection) throws SQLException {
        insert = connection.prepareStatement("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    }

    void add(RecordFrame frame, int sequence, long eventMicros) throws SQLException {
        int frameLength = frame.length();
        if (length + frameLength > BLOCK_BYTES_MAX) {
            flush();
        }
        if (records == 0) {
            first = sequence;
            eventMin = eventMicros;
            eventMax = eventMicros;
        }
        if (bytes.length < length + frameLength) {
            bytes = new byte[frameLength];
        }
        System.arraycopy(frame.bytes(), frame.offset(), bytes, length, frameLength);
        length += frameLength;
        records++;
        eventMin = Math.min(eventMin, eventMicros);
        eventMax = Math.max(eventMax, eventMicros);
    }

    void flush() throws SQLException {
        if (records == 0) {
            return;
        }
        byte[] facets = Facets.empty(records);
        for (int at = 0; at < length; at += RecordFrame.claimedLength(bytes, at)) {
            Facets.add(facets, view.wrap(bytes, at));
        }
        BlockRow row =
                new BlockRow(first, records, eventMin, eventMax, facets, length, packer.pack(bytes, length), null);
        insert.setInt(1, first);
        insert.setInt(2, records);
        insert.setLong(3, eventMin);
        insert.setLong(4, eventMax);
        insert.setBytes(5, facets);
        insert.setInt(6, length);
        insert.setBytes(7, row.packed());
        insert.setLong(8, RowSums.block(row));
        insert.executeUpdate();
        discard();
    }

    /** Forgets what was not written. */
    void discard() {
        length = 0;
        records = 0;
        if (bytes.length > BLOCK_BYTES_MAX) {
            bytes = new byte[BLOCK_BYTES_MAX];
        }
    }
}
