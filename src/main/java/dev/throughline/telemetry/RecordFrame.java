package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One masked record as it stands in memory, in the spool and on its way to an exporter. All integers are little-endian.
 *
 * <pre>
 *  0  u32  length of the frame, header included
 *  4  u32  CRC-32C (RFC 3720, appendix B.4) of bytes 8 … length
 *  8  u8   format, 1
 *  9  u8   {@link Signal} ordinal
 * 10  u8   flags ({@link #GENERATED_CORRELATION} …)
 * 11  u8   number of slots, n
 * 12  u32  payload length
 * 16  i64  received at, milliseconds since the epoch
 * 24  i64  record id, high half
 * 32  i64  record id, low half
 * 40  i64  policy hash: the first eight bytes of its SHA-256
 * 48  n ×  slot of {@link Field} i: u32 offset in the payload (0xFFFFFFFF: absent), u16 length in bytes
 * 48 + 6n  payload: masked JSON, UTF-8
 * </pre>
 *
 * <p>A slot is the text of the field as written in the payload, without quotes; {@link #text(Field)} decodes escapes. An
 * instance is a view that is moved from frame to frame; it borrows the bytes and is not thread-safe.
 */
public final class RecordFrame {
    public static final int HEADER_BYTES = 48;
    public static final int SLOT_BYTES = 6;
    /** Fields with a slot in the frame: all before this one, which with the rest only ingest needs. */
    public static final int SLOTS = Field.REQUEST_ID.ordinal();

    public static final byte FORMAT = 1;
    /** The smallest a frame of this format can be. */
    public static final int BYTES_MIN = HEADER_BYTES + SLOT_BYTES * SLOTS;

    /** The correlation id was generated at the edge. */
    public static final int GENERATED_CORRELATION = 1;
    /** The correlation id was joined by the trace id. */
    public static final int JOINED_CORRELATION = 1 << 1;
    /** The correlation id came from a request header. */
    public static final int HEADER_CORRELATION = 1 << 2;

    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[0];
    private int offset;

    /** Moves the view; the frame there must have been checked (see {@link #lengthIfValid}). */
    public RecordFrame wrap(byte[] source, int at) {
        bytes = source;
        offset = at;
        return this;
    }

    /** The length of a whole and undamaged frame at {@code at}, or -1. Never reads at or beyond {@code end}. */
    public static int lengthIfValid(byte[] source, int at, int end, CRC32C crc) {
        if (end - at < BYTES_MIN) {
            return -1;
        }
        int length = (int) INTS.get(source, at);
        if (length < BYTES_MIN || length > end - at || source[at + 8] != FORMAT) {
            return -1;
        }
        crc.reset();
        crc.update(source, at + 8, length - 8);
        return (int) crc.getValue() == (int) INTS.get(source, at + 4) ? length : -1;
    }

    /** The length that a frame claims, without any check. */
    public static int claimedLength(byte[] source, int at) {
        return (int) INTS.get(source, at);
    }

    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return (int) INTS.get(bytes, offset);
    }

    public Signal signal() {
        return Signal.ofOrdinal(bytes[offset + 9]);
    }

    public int flags() {
        return bytes[offset + 10];
    }

    private int slots() {
        return bytes[offset + 11];
    }

    public long receivedMillis() {
        return (long) LONGS.get(bytes, offset + 16);
    }

    public long idHigh() {
        return (long) LONGS.get(bytes, offset + 24);
    }

    public long idLow() {
        return (long) LONGS.get(bytes, offset + 32);
    }

    public long policyHash() {
        return (long) LONGS.get(bytes, offset + 40);
    }

    public int payloadOffset() {
        return offset + HEADER_BYTES + SLOT_BYTES * slots();
    }

    public int payloadLength() {
        return (int) INTS.get(bytes, offset + 12);
    }

    public boolean has(Field field) {
        return field.ordinal() < slots() && (int) INTS.get(bytes, slot(field)) >= 0;
    }

    /** Where in {@link #bytes()} the field's text starts; only where {@link #has}. */
    public int fieldOffset(Field field) {
        return payloadOffset() + (int) INTS.get(bytes, slot(field));
    }

    /** The length in bytes of the field's text; only where {@link #has}. */
    public int fieldLength(Field field) {
        return (short) SHORTS.get(bytes, slot(field) + 4) & 0xFFFF;
    }

    /** The field's text with escapes decoded, or {@code ""} where it is absent. */
    public String text(Field field) {
        if (!has(field)) {
            return "";
        }
        String written = new String(bytes, fieldOffset(field), fieldLength(field), StandardCharsets.UTF_8);
        return written.indexOf('\\') < 0 ? written : JsonStrings.unescape(written);
    }

    /** The payload, copied. */
    public byte[] payload() {
        byte[] copy = new byte[payloadLength()];
        System.arraycopy(bytes, payloadOffset(), copy, 0, copy.length);
        return copy;
    }

    private int slot(Field field) {
        return offset + HEADER_BYTES + SLOT_BYTES * field.ordinal();
    }

    @Override
    public String toString() {
        return "RecordFrame[" + RecordId.toString(idHigh(), idLow()) + ", " + length() + " bytes]";
    }
}
