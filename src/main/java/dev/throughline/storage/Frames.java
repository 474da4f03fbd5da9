package dev.throughline.storage;

import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Frames out of blocks, checked. */
final class Frames {
    private Frames() {}

    /** The length of the frame at {@code at}, whose CRC holds. */
    static int check(byte[] frames, int at) {
        int length = RecordFrame.lengthIfValid(frames, at, frames.length, new CRC32C());
        if (length < 0) {
            throw new StoreUnavailableException("store_corrupt");
        }
        return length;
    }

    /** The offsets of a block's frames. */
    static int[] offsets(byte[] frames, int records) {
        int[] offsets = new int[records];
        int at = 0;
        for (int i = 0; i < records; i++) {
            if (frames.length - at < RecordFrame.BYTES_MIN || RecordFrame.claimedLength(frames, at) <= 0) {
                throw new StoreUnavailableException("store_corrupt");
            }
            offsets[i] = at;
            at += RecordFrame.claimedLength(frames, at);
        }
        return offsets;
    }

    /** A copy of its own of the frame at {@code at}. */
    static StoredRecord copy(Stream stream, byte[] frames, int at) {
        int length = check(frames, at);
        RecordFrame frame = new RecordFrame().wrap(Arrays.copyOfRange(frames, at, at + length), 0);
        return new StoredRecord(stream, frame, EventTime.micros(frame));
    }

    /** The records with these sequence numbers, ascending; fewer where their bytes exceed the bound, but one at least. */
    static List<StoredRecord> read(Connection reader, Stream stream, int[] sequences, int bytesMax)
            throws SQLException {
        List<StoredRecord> found = new ArrayList<>(sequences.length);
        long total = 0;
        try (PreparedStatement block = reader.prepareStatement(
                "SELECT first, records, raw_bytes, frames FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1")) {
            int i = 0;
            while (i < sequences.length && (found.isEmpty() || total < bytesMax)) {
                block.setInt(1, sequences[i]);
                try (ResultSet rows = block.executeQuery()) {
                    if (!rows.next()) {
                        throw new StoreUnavailableException("store_corrupt");
                    }
                    int first = rows.getInt(1);
                    byte[] frames = FramePacker.unpack(rows.getBytes(4), rows.getInt(3));
                    int[] offsets = offsets(frames, rows.getInt(2));
                    int start = i;
                    while (i < sequences.length
                            && sequences[i] - first < offsets.length
                            && (found.isEmpty() || total < bytesMax)) {
                        StoredRecord stored = copy(stream, frames, offsets[sequences[i++] - first]);
                        total += stored.frame().length();
                        found.add(stored);
                    }
                    if (i == start) {
                        throw new StoreUnavailableException("store_corrupt");
                    }
                }
            }
        }
        return found;
    }
}
