package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Short texts that passed a check lately, byte by byte: senders say the same service, route and event name again and again, and to
 * compare a text costs less than to check it. Direct-mapped, forgets what collides. Not thread-safe.
 */
public final class RecentTexts {
    private static final int BYTES_MIN = 4;
    private static final int BYTES_MAX = 32;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SLOT_BITS = 9;
    /** What was asked of it, and the text in four words. */
    private static final int ENTRY = 5;

    private final long[] entries = new long[ENTRY << SLOT_BITS];
    private long asked;
    private long first;
    private long second;
    private long third;
    private long last;
    private int at;

    /** Whether a text of that length can be remembered; others must not be asked for. */
    public static boolean fits(int length) {
        return length >= BYTES_MIN && length <= BYTES_MAX;
    }

    /**
     * Whether the text passed the check.
     *
     * @param how which check, and whatever its answer depends on beside the text
     */
    public boolean contains(byte[] source, int from, int to, long how) {
        int length = to - from;
        asked = (how << 8) | length;
        if (length < Long.BYTES) {
            first = ((int) INTS.get(source, from) & 0xFFFFFFFFL) | ((long) (int) INTS.get(source, to - 4) << 32);
            last = 0;
        } else {
            first = (long) LONGS.get(source, from);
            last = (long) LONGS.get(source, to - 8);
        }
        second = length > 16 ? (long) LONGS.get(source, from + 8) : 0;
        third = length > 24 ? (long) LONGS.get(source, from + 16) : 0;
        long hash = (first ^ Long.rotateLeft(last, 23) ^ asked) * 0x9E3779B97F4A7C15L;
        at = (int) (hash >>> (Long.SIZE - SLOT_BITS)) * ENTRY;
        return ((entries[at] ^ asked)
                        | (entries[at + 1] ^ first)
                        | (entries[at + 2] ^ second)
                        | (entries[at + 3] ^ third)
                        | (entries[at + 4] ^ last))
                == 0;
    }

    /** Remembers the text that was asked for last: it passed. */
    public void add() {
        entries[at] = asked;
        entries[at + 1] = first;
        entries[at + 2] = second;
        entries[at + 3] = third;
        entries[at + 4] = last;
    }
}
