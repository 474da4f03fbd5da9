package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON text into a growing {@code byte[]}. The caller keeps the order of brackets; commas and colons are written with {@link
 * #raw(byte[])} or {@link #member}. Reusable after {@link #reset()}, not thread-safe.
 */
public final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ESCAPES = new byte[128];
    /** The digits of 00 to 99. */
    private static final byte[] PAIRS = new byte[200];
    /** 10 to the power of the index; 0 for that of 0, so that it has one digit. */
    private static final long[] POWERS = new long[19];

    /** The two digits of a byte, the first in the low half. */
    private static final short[] HEX_PAIRS = new short[256];

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    /** Letters, to be put where a word has no bytes. */
    private static final long FILLER = 0x6161616161616161L;

    static {
        long power = 1;
        for (int i = 1; i < 19; i++) {
            power *= 10;
            POWERS[i] = power;
        }
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
        for (int b = 0; b < 256; b++) {
            HEX_PAIRS[b] = (short) (HEX[b >> 4] | HEX[b & 0xF] << 8);
        }
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

    private final int bytesMax;
    private byte[] bytes;
    private int length;

    public JsonWriter(int capacity) {
        this(capacity, Integer.MAX_VALUE - 8);
    }

    /**
     * A writer with a bound.
     *
     * @param bytesMax beyond so many it throws {@link JsonTooLongException}, before it takes the memory
     */
    public JsonWriter(int capacity, int bytesMax) {
        this.bytesMax = bytesMax;
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
            grow(more);
        }
    }

    private void grow(int more) {
        if ((long) length + more > bytesMax) {
            throw new JsonTooLongException();
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(bytesMax, Math.max(bytes.length * 2L, length + more)));
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
        ensure(to - from + 2);
        bytes[length++] = '"';
        int plain = from;
        int at = plainEnd(utf8, from, to);
        while (at < to) {
            raw(utf8, plain, at);
            escape(utf8[at]);
            plain = at + 1;
            at = plainEnd(utf8, plain, to);
        }
        ensure(to - plain + 1);
        System.arraycopy(utf8, plain, bytes, length, to - plain);
        length += to - plain;
        bytes[length++] = '"';
        return this;
    }

    /**
     * The content of a string from UTF-8 bytes, escaped as needed, without quotes: the marks of its node on a {@link JsonTape}, or
     * -1 where it is not UTF-8.
     */
    int content(byte[] utf8, int from, int to) {
        ensure(to - from + Long.BYTES);
        if (!copyPlain(utf8, from, to, bytes, length)) {
            return mixedContent(utf8, from, to);
        }
        length += to - from;
        return 0;
    }

    /**
     * Copies by words: what stands behind the end in {@code target}, up to seven bytes, is overwritten. False where it is not ASCII
     * that needs no escapes.
     */
    static boolean copyPlain(byte[] ascii, int from, int to, byte[] target, int targetFrom) {
        int at = from;
        int out = targetFrom;
        long found = 0;
        for (; to - at >= Long.BYTES; at += Long.BYTES, out += Long.BYTES) {
            long word = (long) LONGS.get(ascii, at);
            LONGS.set(target, out, word);
            found |= stops(word) | (word & HIGHS);
        }
        if (at < to) {
            long word = lastWord(ascii, at, to);
            LONGS.set(target, out, word);
            found |= stops(word | (FILLER << (8 * (to - at)))) | (word & HIGHS);
        }
        return found == 0;
    }

    /** Up to seven bytes as the low bytes of a word, by one load where there is room. */
    private static long lastWord(byte[] source, int at, int to) {
        if (source.length - at >= Long.BYTES) {
            return (long) LONGS.get(source, at) & ~(-1L << (8 * (to - at)));
        }
        long word = 0;
        for (int i = at; i < to; i++) {
            word |= (source[i] & 0xFFL) << (8 * (i - at));
        }
        return word;
    }

    int mixedContent(byte[] utf8, int from, int to) {
        int found = 0;
        int plain = from;
        for (int at = from; at < to; ) {
            byte b = utf8[at];
            if (b < 0) {
                int width = JsonStrings.utf8Length(utf8, at, to);
                if (width < 0) {
                    return -1;
                }
                found |= JsonTape.NON_ASCII;
                at += width;
            } else if (ESCAPES[b] != 0) {
                raw(utf8, plain, at);
                escape(b);
                found |= JsonTape.ESCAPED;
                plain = ++at;
            } else {
                at++;
            }
        }
        raw(utf8, plain, to);
        return found;
    }

    static long word(byte[] source, int at) {
        return (long) LONGS.get(source, at);
    }

    /** Copies by words: up to seven bytes behind the end are read, and in {@code target} overwritten. */
    static int copyWords(byte[] source, int from, int to, byte[] target, int targetFrom) {
        for (int at = from, out = targetFrom; at < to; at += Long.BYTES, out += Long.BYTES) {
            LONGS.set(target, out, (long) LONGS.get(source, at));
        }
        return targetFrom + to - from;
    }

    /** The first offset whose byte is to be escaped, or {@code to}; eight bytes at a time. */
    private static int plainEnd(byte[] utf8, int from, int to) {
        int at = from;
        for (; to - at >= 8; at += 8) {
            long stops = stops((long) LONGS.get(utf8, at));
            if (stops != 0) {
                return at + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        if (at < to && to >= 8) {
            // The zeros that are shifted in look like control characters, but beyond the end.
            long stops = stops((long) LONGS.get(utf8, to - 8) >>> (64 - 8 * (to - at)));
            return Math.min(to, at + (Long.numberOfTrailingZeros(stops) >>> 3));
        }
        while (at < to && (utf8[at] < 0 || ESCAPES[utf8[at]] == 0)) {
            at++;
        }
        return at;
    }

    /** The high bit of every byte that is to be escaped; the lowest is exact. */
    private static long stops(long word) {
        long quote = word ^ 0x2222222222222222L;
        long backslash = word ^ 0x5C5C5C5C5C5C5C5CL;
        long quotes = (quote - ONES) & ~quote;
        long backslashes = (backslash - ONES) & ~backslash;
        long controls = (word - 0x20 * ONES) & ~word;
        return (quotes | backslashes | controls) & HIGHS;
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
        length += digits(rest);
        int at = length;
        byte[] target = bytes;
        while (rest >= 100) {
            long hundreds = rest / 100;
            int pair = 2 * (int) (rest - hundreds * 100);
            target[--at] = PAIRS[pair + 1];
            target[--at] = PAIRS[pair];
            rest = hundreds;
        }
        int pair = 2 * (int) rest;
        target[--at] = PAIRS[pair + 1];
        if (rest >= 10) {
            target[at - 1] = PAIRS[pair];
        }
        return this;
    }

    /** Decimal digits of a number that is not negative: from its bits (Warren, Hacker's Delight, section 11-4). */
    private static int digits(long value) {
        int estimate = ((Long.SIZE - Long.numberOfLeadingZeros(value | 1)) * 1233) >>> 12;
        return value < POWERS[estimate] ? Math.max(1, estimate) : estimate + 1;
    }

    /** Lower-case hex digits without quotes. */
    public JsonWriter hex(byte[] source, int from, int to) {
        ensure(2 * (to - from));
        byte[] target = bytes;
        int out = length;
        for (int at = from; at < to; at++, out += 2) {
            SHORTS.set(target, out, HEX_PAIRS[source[at] & 0xFF]);
        }
        length = out;
        return this;
    }

    @Override
    public String toString() {
        return "JsonWriter[" + length + " bytes]";
    }
}
