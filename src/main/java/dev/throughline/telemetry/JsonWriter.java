package dev.throughline.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON text into a growing {@code byte[]}. The caller keeps the order of brackets; commas and colons are written with {@link
 * #raw(byte[])} or {@link #member}. Reusable after {@link #reset()}, not thread-safe.
 */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ESCAPES = new byte[128];

    static {
        for (int c = 0; c < 0x20; c++) {
            ESCAPES[c] = 'u';
        }
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
        ESCAPES['\b'] = 'b';
        ESCAPES['\f'] = 'f';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
        ESCAPES['\t'] = 't';
    }

    private byte[] bytes;
    private int length;

    public JsonWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    public void reset() {
        length = 0;
    }

    /** Drops what was written after {@code to}. */
    public void truncate(int to) {
        length = to;
    }

    public void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    public JsonWriter raw(byte b) {
        ensure(1);
        bytes[length++] = b;
        return this;
    }

    public JsonWriter raw(char ascii) {
        return raw((byte) ascii);
    }

    public JsonWriter raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    public JsonWriter raw(byte[] source, int from, int to) {
        ensure(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    /** ASCII text as it stands. */
    @SuppressWarnings("deprecation") // the one method that copies Latin-1 without an encoder
    public JsonWriter ascii(String text) {
        ensure(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
        return this;
    }

    /** A quoted string. */
    public JsonWriter string(String text) {
        byte[] utf8 = JsonStrings.utf8(text);
        return string(utf8, 0, utf8.length);
    }

    /** A quoted string from UTF-8 bytes, escaped as needed. */
    public JsonWriter string(byte[] utf8, int from, int to) {
        ensure((to - from) + 2);
        bytes[length++] = '"';
        int plain = from;
        for (int at = from; at < to; at++) {
            byte b = utf8[at];
            if (b >= 0 && ESCAPES[b] != 0) {
                raw(utf8, plain, at);
                escape(b);
                plain = at + 1;
            }
        }
        raw(utf8, plain, to);
        return raw((byte) '"');
    }

    private void escape(byte b) {
        ensure(8);
        bytes[length++] = '\\';
        bytes[length++] = ESCAPES[b];
        if (ESCAPES[b] == 'u') {
            bytes[length++] = '0';
            bytes[length++] = '0';
            bytes[length++] = HEX[b >> 4];
            bytes[length++] = HEX[b & 0xF];
        }
    }

    /** {@code "name":}, with a comma before it unless it opens an object. The name is ASCII without escapes. */
    public JsonWriter member(String name) {
        if (length > 0 && bytes[length - 1] != '{') {
            raw((byte) ',');
        }
        return raw((byte) '"').ascii(name).raw((byte) '"').raw((byte) ':');
    }

    public JsonWriter number(long value) {
        if (value == Long.MIN_VALUE) {
            return ascii("-9223372036854775808");
        }
        ensure(20);
        long rest = value;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        int digits = 1;
        for (long v = rest; v >= 10; v /= 10) {
            digits++;
        }
        length += digits;
        int at = length;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        return this;
    }

    /** Lower-case hex digits without quotes. */
    public JsonWriter hex(byte[] source, int from, int to) {
        ensure(2 * (to - from));
        for (int at = from; at < to; at++) {
            bytes[length++] = HEX[(source[at] >> 4) & 0xF];
            bytes[length++] = HEX[source[at] & 0xF];
        }
        return this;
    }

    @Override
    public String toString() {
        return "JsonWriter[" + length + " bytes]";
    }
}
