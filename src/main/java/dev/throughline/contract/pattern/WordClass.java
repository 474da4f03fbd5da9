package dev.throughline.contract.pattern;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** A set of ASCII characters, asked for eight bytes at once: two additions a range. */
final class WordClass {
    private static final int RANGES_MAX = 8;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    /** Added to a byte, reaches its high bit from the first of a range on. */
    private final long[] fromFirst;
    /** Added to a byte, reaches its high bit after the last of a range. */
    private final long[] afterLast;
    /** A member in every byte. */
    private final long filler;

    private WordClass(long[] fromFirst, long[] afterLast, long filler) {
        this.fromFirst = fromFirst;
        this.afterLast = afterLast;
        this.filler = filler;
    }

    /** The ASCII part of a set, or null where it is empty or has too many ranges. */
    static @Nullable WordClass of(CodePoints set) {
        int n = 0;
        while (n < set.rangeCount() && set.first(n) < 0x80) {
            n++;
        }
        if (n == 0 || n > RANGES_MAX) {
            return null;
        }
        long[] fromFirst = new long[n];
        long[] afterLast = new long[n];
        for (int i = 0; i < n; i++) {
            fromFirst[i] = (0x80 - set.first(i)) * ONES;
            afterLast[i] = (0x7F - Math.min(0x7F, set.last(i))) * ONES;
        }
        return new WordClass(fromFirst, afterLast, set.first(0) * ONES);
    }

    /** Whether all bytes of {@code [from, to)} are in the set. */
    boolean holds(byte[] text, int from, int to) {
        int length = to - from;
        if (length < 8) {
            return length == 0 || allIn(shortWord(text, from, length));
        }
        for (int at = from; at < to - 8; at += 8) {
            if (!allIn((long) LONGS.get(text, at))) {
                return false;
            }
        }
        return allIn((long) LONGS.get(text, to - 8));
    }

    private boolean allIn(long word) {
        long inside = 0;
        for (int i = 0; i < fromFirst.length; i++) {
            inside |= (word + fromFirst[i]) & ~(word + afterLast[i]);
        }
        // A byte beyond ASCII may carry into its neighbour, but it is refused itself.
        return (inside & ~word & HIGHS) == HIGHS;
    }

    /** Up to seven bytes, the rest of the word filled with a member. */
    private long shortWord(byte[] text, int from, int length) {
        long word = 0;
        if (text.length - from >= 8) {
            word = (long) LONGS.get(text, from) & ((1L << (8 * length)) - 1);
        } else {
            for (int i = 0; i < length; i++) {
                word |= (text[from + i] & 0xFFL) << (8 * i);
            }
        }
        return word | filler << (8 * length);
    }
}
