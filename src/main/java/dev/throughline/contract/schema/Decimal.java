package dev.throughline.contract.schema;

import java.math.BigInteger;

/**
 * A JSON number read in place: sign, significant digits and the power of ten, whatever the exponent; nothing is expanded. Exponents
 * beyond ±10^17 count as that. Reused.
 */
final class Decimal {
    private static final long EXPONENT_MAX = 100_000_000_000_000_000L;
    private static final int CHUNK_DIGITS = 18;
    private static final long[] POWERS = new long[CHUNK_DIGITS + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private byte[] bytes = new byte[0];
    private boolean negative;
    /** The first and last digit that is not zero; -1 for zero. */
    private int first;

    private int last;
    private int digits;
    /** The number is 0.d₁d₂… times ten to this power. */
    private long magnitude;

    Decimal read(byte[] source, int from, int to) {
        bytes = source;
        negative = source[from] == '-';
        first = -1;
        last = -1;
        int point = -1;
        int at = negative ? from + 1 : from;
        for (; at < to; at++) {
            byte b = source[at];
            if (b == '.') {
                point = at;
            } else if ((b | 0x20) == 'e') {
                break;
            } else if (b != '0') {
                first = first < 0 ? at : first;
                last = at;
            }
        }
        int units = point < 0 ? at : point;
        long exponent = at < to ? exponent(source, at + 1, to) : 0;
        digits = first < 0 ? 0 : last - first + (first < point && point < last ? 0 : 1);
        magnitude = exponent + (first < units ? units - first : units + 1 - first);
        return this;
    }

    private static long exponent(byte[] source, int from, int to) {
        boolean minus = source[from] == '-';
        long value = 0;
        for (int at = minus || source[from] == '+' ? from + 1 : from; at < to; at++) {
            value = Math.min(EXPONENT_MAX, value * 10 + (source[at] - '0'));
        }
        return minus ? -value : value;
    }

    boolean isZero() {
        return first < 0;
    }

    boolean isInteger() {
        return isZero() || magnitude >= digits;
    }

    boolean isNegative() {
        return negative && !isZero();
    }

    private int sign() {
        return isZero() ? 0 : negative ? -1 : 1;
    }

    int compareTo(Decimal other) {
        int sign = sign();
        if (sign != other.sign() || sign == 0) {
            return Integer.compare(sign, other.sign());
        }
        int order = Long.compare(magnitude, other.magnitude);
        return sign * (order != 0 ? order : compareDigits(other));
    }

    private int compareDigits(Decimal other) {
        int mine = first;
        int theirs = other.first;
        while (mine <= last && theirs <= other.last) {
            byte a = bytes[mine++];
            byte b = other.bytes[theirs++];
            if (a == '.') {
                a = bytes[mine++];
            }
            if (b == '.') {
                b = other.bytes[theirs++];
            }
            if (a != b) {
                return Byte.compare(a, b);
            }
        }
        return Boolean.compare(mine <= last, theirs <= other.last);
    }

    int digits() {
        return digits;
    }

    /** The power of ten of the last significant digit. */
    long scale() {
        return magnitude - digits;
    }

    BigInteger unscaled() {
        StringBuilder text = new StringBuilder(digits);
        for (int at = first; at <= last && !isZero(); at++) {
            if (bytes[at] != '.') {
                text.append((char) bytes[at]);
            }
        }
        return isZero() ? BigInteger.ZERO : new BigInteger(text.toString());
    }

    /** Whether this is a whole multiple of {@code divisor · 10^divisorScale}: modular arithmetic, in pieces. */
    boolean isMultipleOf(BigInteger divisor, long divisorScale) {
        if (isZero()) {
            return true;
        }
        long shift = scale() - divisorScale;
        if (shift < 0) {
            // The last digit is not zero, so no power of ten divides the digits.
            return false;
        }
        BigInteger rest = BigInteger.ZERO;
        for (int at = first; at <= last; ) {
            long chunk = 0;
            int taken = 0;
            for (; taken < CHUNK_DIGITS && at <= last; at++) {
                if (bytes[at] != '.') {
                    chunk = chunk * 10 + (bytes[at] - '0');
                    taken++;
                }
            }
            rest = rest.multiply(BigInteger.valueOf(POWERS[taken]))
                    .add(BigInteger.valueOf(chunk))
                    .mod(divisor);
        }
        BigInteger power = BigInteger.TEN.modPow(BigInteger.valueOf(shift), divisor);
        return rest.multiply(power).mod(divisor).signum() == 0;
    }

    /** The same for equal numbers, however they are written. */
    int hash() {
        int hash = sign();
        for (int at = first; at <= last && !isZero(); at++) {
            if (bytes[at] != '.') {
                hash = hash * 31 + bytes[at];
            }
        }
        return isZero() ? 0 : hash * 31 + Long.hashCode(magnitude);
    }
}
