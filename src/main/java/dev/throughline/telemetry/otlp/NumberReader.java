package dev.throughline.telemetry.otlp;

import dev.throughline.telemetry.JsonTape;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Numbers as OTLP/JSON writes them: 64-bit integers as decimal string or number, doubles as number or as {@code "NaN"}, {@code
 * "Infinity"}, {@code "-Infinity"}. Holds the last value read; not thread-safe.
 */
public final class NumberReader {
    /** Written digits of an integer that is not read the fast way; more is no 64-bit integer that anyone sends. */
    private static final int CHARACTERS_MAX = 64;

    private static final BigInteger SIGNED_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger SIGNED_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private long integer;
    private double real;

    /** The integer that was read, unsigned ones as two's complement. */
    public long integer() {
        return integer;
    }

    public double real() {
        return real;
    }

    /** Reads a boolean as 0 or 1; false where the node is none. */
    public boolean readBoolean(JsonTape tape, int node) {
        int kind = tape.kind(node);
        integer = kind == JsonTape.TRUE ? 1 : 0;
        return kind == JsonTape.TRUE || kind == JsonTape.FALSE;
    }

    /** Reads a signed 64-bit integer; false where the node is none. */
    public boolean readSigned(JsonTape tape, int node) {
        return readFast(tape, node) || readExact(tape, node, SIGNED_MIN, SIGNED_MAX);
    }

    /** Reads an unsigned 64-bit integer; false where the node is none. */
    public boolean readUnsigned(JsonTape tape, int node) {
        return readFast(tape, node) ? integer >= 0 : readExact(tape, node, BigInteger.ZERO, UNSIGNED_MAX);
    }

    /** Reads a double; false where the node is none. */
    public boolean readDouble(JsonTape tape, int node) {
        int kind = tape.kind(node);
        if (kind != JsonTape.NUMBER && kind != JsonTape.STRING) {
            return false;
        }
        String text = tape.text(node);
        if (kind == JsonTape.STRING && !isNumberText(text)) {
            return false;
        }
        real = Double.parseDouble(text);
        return true;
    }

    private static boolean isNumberText(String text) {
        if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return isParsable(text);
    }

    private static boolean isParsable(String text) {
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    /** Up to 19 digits, which is what a time in nanoseconds has, in place. */
    private boolean readFast(JsonTape tape, int node) {
        int kind = tape.kind(node);
        if (kind != JsonTape.NUMBER && kind != JsonTape.STRING) {
            return false;
        }
        byte[] source = tape.bytes();
        int at = tape.start(node);
        int to = tape.end(node);
        boolean negative = at < to && source[at] == '-';
        at += negative ? 1 : 0;
        if (to - at > 19 || at == to) {
            return false;
        }
        long value = 0;
        for (; at < to; at++) {
            int digit = source[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        integer = negative ? -value : value;
        return value >= 0; // 19 digits may be more than a long has, but not more than its sign shows.
    }

    private boolean readExact(JsonTape tape, int node, BigInteger min, BigInteger max) {
        int kind = tape.kind(node);
        int length = tape.end(node) - tape.start(node);
        if ((kind != JsonTape.NUMBER && kind != JsonTape.STRING) || length > CHARACTERS_MAX) {
            return false;
        }
        BigDecimal decimal;
        try {
            decimal = new BigDecimal(tape.text(node));
        } catch (NumberFormatException notANumber) {
            return false;
        }
        // Bounds first: 1e999999999 is short to write and long to expand.
        if (decimal.compareTo(new BigDecimal(min)) < 0
                || decimal.compareTo(new BigDecimal(max)) > 0
                || decimal.scale() > CHARACTERS_MAX
                || decimal.stripTrailingZeros().scale() > 0) {
            return false;
        }
        integer = decimal.toBigInteger().longValue();
        return true;
    }

    @Override
    public String toString() {
        return "NumberReader";
    }
}
