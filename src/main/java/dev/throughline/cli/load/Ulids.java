package dev.throughline.cli.load;

/** ULIDs as 26 Crockford characters, and the numbers that load hides in them to find its records again. */
public final class Ulids {
    /** Characters of a correlation id: {@code corr_} and a ULID. */
    public static final int CORRELATION_ID_LENGTH = 31;

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int BITS = 5;
    private static final int TIME_CHARACTERS = 10;
    private static final int HALF_CHARACTERS = 8;
    private static final String PREFIX = "corr_";

    private Ulids() {}

    /**
     * A correlation id of these parts.
     *
     * @param millis time part, 48 bits
     * @param high first half of the random part, 40 bits
     * @param low second half of the random part, 40 bits
     */
    public static String correlationId(long millis, long high, long low) {
        StringBuilder text = new StringBuilder(CORRELATION_ID_LENGTH).append(PREFIX);
        append(text, millis & 0xFFFF_FFFF_FFFFL, TIME_CHARACTERS);
        append(text, high, HALF_CHARACTERS);
        append(text, low, HALF_CHARACTERS);
        return text.toString();
    }

    /** The second half of the random part of a correlation id, or -1 where the text is not one. */
    public static long lowOf(CharSequence correlationId) {
        return half(correlationId, CORRELATION_ID_LENGTH - HALF_CHARACTERS);
    }

    /** The first half of the random part of a correlation id, or -1 where the text is not one. */
    public static long highOf(CharSequence correlationId) {
        return half(correlationId, CORRELATION_ID_LENGTH - 2 * HALF_CHARACTERS);
    }

    static byte character(int value) {
        return (byte) ALPHABET.charAt(value & 31);
    }

    private static long half(CharSequence correlationId, int from) {
        if (correlationId.length() != CORRELATION_ID_LENGTH) {
            return -1;
        }
        long value = 0;
        for (int at = from; at < from + HALF_CHARACTERS; at++) {
            int digit = ALPHABET.indexOf(correlationId.charAt(at));
            if (digit < 0) {
                return -1;
            }
            value = (value << BITS) | digit;
        }
        return value;
    }

    private static void append(StringBuilder text, long value, int characters) {
        for (int shift = BITS * (characters - 1); shift >= 0; shift -= BITS) {
            text.append(ALPHABET.charAt((int) (value >>> shift) & 31));
        }
    }
}
