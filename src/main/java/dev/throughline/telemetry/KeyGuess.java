package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What one tape knows of member names: their numbers, and which name came after which. Senders write the members of their records in
 * the same order, so the next key is compared with a guess, a few words, before it is read at all. Bounded; not thread-safe.
 */
final class KeyGuess {
    /** Guesses nothing, and is never to learn anything. */
    static final KeyGuess NOTHING = new KeyGuess();

    /** {@code ":} behind the name. */
    private static final int TERMINATOR_BYTES = 2;

    private static final int WORDS = (KeyNames.BYTES_MAX + TERMINATOR_BYTES) / Long.BYTES;
    private static final int CONTEXTS = 2048;
    private static final int TABLE_SIZE = 1024;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** By a name's number: the name and its terminator, from its beginning and, in the last word, from its end. */
    private long[] patterns = new long[64 * WORDS];

    private byte[] lengths = new byte[64];
    private int[] hashes = new int[64];
    /** By the context that {@link #context} makes of the two names before: what came next the last time. */
    private final short[] successors = new short[CONTEXTS];
    /** Numbers by hash; a name that finds no place in a few steps is asked for again and again, which is slower, no more. */
    private final short[] table = new short[TABLE_SIZE];

    /** What is expected next depends on the last two names: {@code attributes} of a resource is not that of a span. */
    static int context(int earlier, int previous) {
        return (earlier * 31 ^ previous * 7) & (CONTEXTS - 1);
    }

    /**
     * The number of the name that is expected in {@code context}, where it stands at {@code at}, quote and colon included; else
     * 0.
     */
    int match(int context, byte[] source, int at, int end) {
        int guess = successors[context];
        int length = lengths[guess];
        if (guess == 0 || end - at < length + Long.BYTES) {
            return 0;
        }
        int word = guess * WORDS;
        if (length >= Long.BYTES) {
            int last = length - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                if ((long) LONGS.get(source, at + i) != patterns[word++]) {
                    return 0;
                }
            }
            return (long) LONGS.get(source, at + last) == patterns[guess * WORDS + WORDS - 1] ? guess : 0;
        }
        long mask = (1L << (length << 3)) - 1;
        return ((long) LONGS.get(source, at) & mask) == patterns[word] ? guess : 0;
    }

    /** Bytes of the name, quote and colon. */
    int length(int number) {
        return lengths[number];
    }

    int hash(int number) {
        return hashes[number];
    }

    /** The number of a name written without escapes, which is from now on expected in {@code context}. */
    int learn(int context, byte[] source, int from, int to, int hash) {
        int number = number(source, from, to, hash);
        successors[context] = (short) number;
        return number;
    }

    /** The number of a name written without escapes. */
    int number(byte[] source, int from, int to, int hash) {
        int at = (hash ^ hash >>> 16) & (TABLE_SIZE - 1);
        int known = table[at];
        if (known != 0 && hashes[known] == hash && KeyNames.is(known, source, from, to)) {
            return known;
        }
        int number = KeyNames.received(source, from, to);
        if (number != 0) {
            remember(number, source, from, to, hash);
            table[at] = (short) number;
        }
        return number;
    }

    private void remember(int number, byte[] source, int from, int to, int hash) {
        if (number >= lengths.length) {
            int size = Math.max(number + 1, 2 * lengths.length);
            patterns = Arrays.copyOf(patterns, size * WORDS);
            lengths = Arrays.copyOf(lengths, size);
            hashes = Arrays.copyOf(hashes, size);
        }
        int length = to - from + TERMINATOR_BYTES;
        byte[] text = Arrays.copyOf(Arrays.copyOfRange(source, from, to), WORDS * Long.BYTES + Long.BYTES);
        text[length - 2] = '"';
        text[length - 1] = ':';
        for (int i = 0; i < WORDS; i++) {
            patterns[number * WORDS + i] = (long) LONGS.get(text, i * Long.BYTES);
        }
        if (length >= Long.BYTES) {
            patterns[number * WORDS + WORDS - 1] = (long) LONGS.get(text, length - Long.BYTES);
        }
        lengths[number] = (byte) length;
        hashes[number] = hash;
    }
}
