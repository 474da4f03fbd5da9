package dev.throughline.cli.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Protobuf's wire format into a growing array. Messages nest by {@link #open} and {@link #close}. Not thread-safe. */
final class ProtobufText {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int VARINT_BYTES_MAX = 10;

    private final Marks correlationMarks = new Marks();
    private final Marks spanMarks = new Marks();
    private byte[] bytes = new byte[1 << 16];
    private int length;

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    int[] correlationMarks() {
        return correlationMarks.toArray();
    }

    int[] spanMarks() {
        return spanMarks.toArray();
    }

    /** Starts a message; give what it returns to {@link #close}. */
    int open(int field) {
        tag(field, LENGTH_DELIMITED);
        return length;
    }

    /** Ends the message that started at {@code start}: its length is written before it. */
    void close(int start) {
        int size = length - start;
        int prefix = varintBytes(size);
        ensure(prefix);
        System.arraycopy(bytes, start, bytes, start + prefix, size);
        correlationMarks.shift(start, prefix);
        spanMarks.shift(start, prefix);
        length = start;
        rawVarint(size);
        length += size;
    }

    void varint(int field, long value) {
        tag(field, VARINT);
        rawVarint(value);
    }

    void fixed64(int field, long value) {
        tag(field, FIXED64);
        ensure(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    void string(int field, String text) {
        raw(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A correlation id, whose last two characters are marked. */
    void correlationId(int field, String text) {
        string(field, text);
        correlationMarks.add(length - 2);
    }

    void hex(int field, String digits) {
        raw(field, HexFormat.of().parseHex(digits));
    }

    /** A span's own id, whose last two bytes are marked. */
    void spanId(int field, String digits) {
        hex(field, digits);
        spanMarks.add(length - 2);
    }

    private void raw(int field, byte[] content) {
        tag(field, LENGTH_DELIMITED);
        rawVarint(content.length);
        ensure(content.length);
        System.arraycopy(content, 0, bytes, length, content.length);
        length += content.length;
    }

    private void tag(int field, int type) {
        rawVarint(((long) field << 3) | type);
    }

    private void rawVarint(long value) {
        ensure(VARINT_BYTES_MAX);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    private static int varintBytes(int value) {
        return Math.max(1, (32 - Integer.numberOfLeadingZeros(value) + 6) / 7);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
