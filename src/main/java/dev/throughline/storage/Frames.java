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
import org.jspecify.annotations.Nullable;

/** Frames out of blocks, checked. */
final class Frames {
    private Frames() {}

    /** The length of the frame at {@code at}, whose CRC holds. */
    static int check(byte[] frames, int at) {
        int length = RecordFrame.lengthIfValid(frames, at, frames.length, new CRC32C());
        if (length < 0) {
            throw StoreUnavailableException.corrupt("frame at " + at);
        }
        return length;
    }

    /** The offsets of a block's frames. */
    static int[] offsets(byte[] frames, int records) {
        int[] offsets = new int[records];
        int at = 0;
        for (int i = 0; i < records; i++) {
            if (frames.length - at < RecordFrame.BYTES_MIN || RecordFrame.claimedLength(frames, at) <= 0) {
                throw StoreUnavailableException.corrupt("frame at " + at);
            }
            offsets[i] = at;
            at += RecordFrame.claimedLength(frames, at);
        }
        return offsets;
    }

    /** The offsets of a block's frames, each of which is whole. */
    static int[] checkedOffsets(byte[] frames, int records) {
        int[] offsets = offsets(frames, records);
        for (int offset : offsets) {
            check(frames, offset);
        }
        return offsets;
    }

    /** A copy of its own of the frame at {@code at}. */
    static StoredRecord copy(Stream stream, byte[] frames, int at) {
        int length = check(frames, at);
        RecordFrame frame = new RecordFrame().wrap(Arrays.copyOfRange(frames, at, at + length), 0);
        return new StoredRecord(stream, frame, EventTime.micros(frame));
    }

    /**
     * What was read.
     *
     * @param consumed how many of the sequence numbers were dealt with
     * @param damage why some of them are not among the records, or null
     */
    record Read(
            List<StoredRecord> records,
            int consumed,
            @Nullable StoreUnavailableException damage) {}

    /**
     * The records with these sequence numbers, ascending; fewer where their bytes exceed the bound, but one at least. Those in
     * damaged blocks are left out.
     */
    static Read read(DayFile file, Connection reader, int[] sequences, int bytesMax) throws SQLException {
        List<StoredRecord> found = new ArrayList<>(sequences.length);
        StoreUnavailableException damage = null;
        long total = 0;
        int i = 0;
        try (PreparedStatement block = reader.prepareStatement(
                BlockRow.select(file.isChecked()) + "WHERE first <= ? ORDER BY first DESC LIMIT 1")) {
            while (i < sequences.length && (found.isEmpty() || total < bytesMax)) {
                int sequence = sequences[i];
                block.setInt(1, sequence);
                try (ResultSet rows = block.executeQuery()) {
                    BlockRow row = rows.next() ? BlockRow.checked(rows) : null;
                    if (row == null || row.first() > sequence || row.end() <= sequence) {
                        throw StoreUnavailableException.corrupt("block of record " + sequence);
                    }
                    byte[] frames = row.frames();
                    int[] offsets = offsets(frames, row.records());
                    while (i < sequences.length && sequences[i] < row.end() && (found.isEmpty() || total < bytesMax)) {
                        StoredRecord stored = copy(file.stream(), frames, offsets[sequences[i] - row.first()]);
                        i++;
                        total += stored.frame().length();
                        found.add(stored);
                    }
                } catch (StoreUnavailableException e) {
                    damage = e;
                    i++;
                }
            }
        }
        return new Read(found, i, damage);
    }
}
