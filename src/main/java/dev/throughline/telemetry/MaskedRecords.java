package dev.throughline.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Masked records of one request for one stream, as frames one behind the other: what may be kept and forwarded. Only the
 * masking package makes one (an architecture rule holds it to that). Reusable after {@link #reset(int)}; not thread-safe.
 *
 * <p>The frames stand in chunks, each frame whole in one: beyond the first mebibyte nothing is copied as they become more, and they
 * take about the memory that they have bytes.
 */
public final class MaskedRecords {
    private static final int CHUNK_BYTES = 1 << 20;

    private final CRC32C crc = new CRC32C();
    private final Room room;
    private final List<Chunk> full = new ArrayList<>();
    private int fullLength;
    /** The chunk in work. */
    private byte[] bytes = new byte[0];

    private int length;
    private int count;

    /** Is asked before memory is taken; what it throws reaches the caller, and the records are as they were. */
    @FunctionalInterface
    public interface Room {
        void take(int bytes);
    }

    /** Frames one behind the other, from the first byte to the length. */
    private static final class Chunk {
        final byte[] bytes;
        int length;

        Chunk(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }
    }

    public MaskedRecords() {
        this(bytes -> {});
    }

    public MaskedRecords(Room room) {
        this.room = room;
    }

    /** What the frame says beside the payload. */
    public record Stamp(long receivedMillis, long policyHash) {}

    /** The chunk that the last frame was written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** Bytes of all frames. */
    public int length() {
        return fullLength + length;
    }

    /** Chunks; together, in order, they are all frames. */
    public int chunks() {
        return full.size() + 1;
    }

    public byte[] chunk(int index) {
        return index == full.size() ? bytes : full.get(index).bytes;
    }

    /** Bytes of the frames in a chunk. */
    public int chunkLength(int index) {
        return index == full.size() ? length : full.get(index).length;
    }

    /** Bytes of memory that are kept for what comes next. */
    public int capacity() {
        return bytes.length;
    }

    /** Records. */
    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Empties it; what grew beyond {@code keepBytes} is let go. */
    public void reset(int keepBytes) {
        full.clear();
        fullLength = 0;
        length = 0;
        count = 0;
        if (bytes.length > keepBytes) {
            bytes = new byte[0];
        }
    }

    /**
     * Writes the record's document, with the edits applied, as one frame.
     *
     * @return the offset of the frame in {@link #bytes()}
     */
    public int append(ReceivedRecord record, Edits edits, Stamp stamp, int flags, long idHigh, long idLow) {
        JsonTape tape = record.tape();
        int quote = tape.kind(0) == JsonTape.STRING ? 1 : 0;
        int from = tape.start(0) - quote;
        int to = tape.end(0) + quote;
        int payloadLength = edits.lengthAfter(from, to);
        int payload = header(record.signal(), payloadLength, stamp, flags, idHigh, idLow);
        int frame = length;
        edits.write(tape.bytes(), from, to, bytes, payload);
        if (edits.count() == 0) {
            plainSlots(frame, record, from);
        } else {
            editedSlots(frame, record, edits, from);
        }
        return seal(frame);
    }

    private void plainSlots(int frame, ReceivedRecord record, int from) {
        JsonTape tape = record.tape();
        for (int i = 0; i < RecordFrame.SLOTS; i++) {
            int node = record.node(i);
            slot(frame, i, node < 0 ? -1 : tape.start(node) - from, node < 0 ? 0 : tape.end(node) - tape.start(node));
        }
    }

    private void editedSlots(int frame, ReceivedRecord record, Edits edits, int from) {
        JsonTape tape = record.tape();
        for (int i = 0; i < RecordFrame.SLOTS; i++) {
            int node = record.node(i);
            if (edits.inserts(i)) {
                slot(frame, i, edits.insertedStart(i) - from, edits.insertedLength(i));
            } else if (node >= 0) {
                int start = edits.mapStart(tape.start(node)) - from;
                slot(frame, i, start, edits.mapEnd(tape.end(node)) - from - start);
            } else {
                slot(frame, i, -1, 0);
            }
        }
    }

    /**
     * Writes a ready document (a quarantine entry) as one frame.
     *
     * @param slots offset and length in the payload for each field, -1 where absent: two entries a field
     */
    public int append(
            Signal signal, byte[] payload, int payloadLength, int[] slots, Stamp stamp, long idHigh, long idLow) {
        int at = header(signal, payloadLength, stamp, 0, idHigh, idLow);
        int frame = length;
        System.arraycopy(payload, 0, bytes, at, payloadLength);
        for (int i = 0; i < RecordFrame.SLOTS; i++) {
            slot(frame, i, slots[2 * i], slots[2 * i + 1]);
        }
        return seal(frame);
    }

    /** Tells records by their ids. */
    @FunctionalInterface
    public interface IdFilter {
        boolean test(long high, long low);
    }

    /** Takes out the records that the filter names; how many they were. */
    public int removeIf(IdFilter filter) {
        int removed = 0;
        for (Chunk chunk : full) {
            int before = chunk.length;
            removed += removeIf(filter, chunk);
            fullLength -= before - chunk.length;
        }
        Chunk last = new Chunk(bytes, length);
        removed += removeIf(filter, last);
        length = last.length;
        count -= removed;
        return removed;
    }

    private static int removeIf(IdFilter filter, Chunk chunk) {
        byte[] bytes = chunk.bytes;
        int removed = 0;
        int kept = 0;
        for (int at = 0; at < chunk.length; ) {
            int frameLength = RecordFrame.claimedLength(bytes, at);
            if (filter.test(
                    (long) RecordFrame.LONGS.get(bytes, at + 24), (long) RecordFrame.LONGS.get(bytes, at + 32))) {
                removed++;
            } else {
                System.arraycopy(bytes, at, bytes, kept, frameLength);
                kept += frameLength;
            }
            at += frameLength;
        }
        chunk.length = kept;
        return removed;
    }

    /** Makes the chunk in work larger, up to its bound, or begins another. */
    private void grow(int frameLength) {
        if (length + frameLength <= CHUNK_BYTES) {
            int capacity = Math.min(CHUNK_BYTES, Math.max(bytes.length * 2, length + frameLength));
            room.take(capacity - bytes.length);
            bytes = Arrays.copyOf(bytes, capacity);
            return;
        }
        int capacity = Math.max(CHUNK_BYTES, frameLength);
        room.take(capacity);
        byte[] next = new byte[capacity];
        if (length > 0) {
            full.add(new Chunk(bytes, length));
            fullLength += length;
        }
        bytes = next;
        length = 0;
    }

    private int header(Signal signal, int payloadLength, Stamp stamp, int flags, long idHigh, long idLow) {
        int frameLength = RecordFrame.BYTES_MIN + payloadLength;
        if (bytes.length - length < frameLength) {
            grow(frameLength);
        }
        int at = length;
        RecordFrame.INTS.set(bytes, at, frameLength);
        bytes[at + 8] = RecordFrame.FORMAT;
        bytes[at + 9] = (byte) signal.ordinal();
        bytes[at + 10] = (byte) flags;
        bytes[at + 11] = (byte) RecordFrame.SLOTS;
        RecordFrame.INTS.set(bytes, at + 12, payloadLength);
        RecordFrame.LONGS.set(bytes, at + 16, stamp.receivedMillis());
        RecordFrame.LONGS.set(bytes, at + 24, idHigh);
        RecordFrame.LONGS.set(bytes, at + 32, idLow);
        RecordFrame.LONGS.set(bytes, at + 40, stamp.policyHash());
        return at + RecordFrame.BYTES_MIN;
    }

    private void slot(int frame, int index, int offset, int fieldLength) {
        int at = frame + RecordFrame.HEADER_BYTES + RecordFrame.SLOT_BYTES * index;
        boolean fits = fieldLength <= 0xFFFF;
        RecordFrame.INTS.set(bytes, at, fits ? offset : -1);
        RecordFrame.SHORTS.set(bytes, at + 4, (short) (fits ? fieldLength : 0));
    }

    private int seal(int frame) {
        int frameLength = RecordFrame.claimedLength(bytes, frame);
        crc.reset();
        crc.update(bytes, frame + 8, frameLength - 8);
        RecordFrame.INTS.set(bytes, frame + 4, (int) crc.getValue());
        length = frame + frameLength;
        count++;
        return frame;
    }

    @Override
    public String toString() {
        return "MaskedRecords[" + count + " records, " + length() + " bytes]";
    }
}
