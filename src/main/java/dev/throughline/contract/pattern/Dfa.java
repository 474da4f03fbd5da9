package dev.throughline.contract.pattern;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A table of states over bytes. State 0 is hopeless, state 1 has matched; both end the search. Inside, a state is the offset of its row,
 * so that a step is one addition and one load.
 */
final class Dfa extends TextPattern {
    static final int DEAD = 0;
    static final int ACCEPTED = 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private final byte[] classOf;
    private final int classCount;
    private final int[] next;
    private final boolean[] acceptsAtEnd;
    private final int start;
    /** Where the start goes on to itself with every ASCII character but one: that one; else -1. */
    private final int leaves;

    /**
     * @param successors by {@code state * classCount + class}
     */
    Dfa(byte[] classOf, int classCount, short[] successors, boolean[] acceptsAtEnd, int start) {
        this.classOf = classOf;
        this.classCount = classCount;
        next = new int[successors.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = successors[i] * classCount;
        }
        this.acceptsAtEnd = acceptsAtEnd;
        this.start = start;
        this.leaves = leaves();
    }

    private int leaves() {
        int found = -1;
        for (int c = 0; c < 128; c++) {
            if (next[start * classCount + (classOf[c] & 0xFF)] != start * classCount) {
                if (found >= 0) {
                    return -1;
                }
                found = c;
            }
        }
        return found;
    }

    /** The first byte at or after {@code from} that may leave the start. */
    private int skip(byte[] utf8, int from, int to) {
        long wanted = leaves * ONES;
        int at = from;
        for (; to - at >= Long.BYTES; at += Long.BYTES) {
            long word = (long) LONGS.get(utf8, at);
            long found = ((word ^ wanted) - ONES | word) & HIGHS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        return at;
    }

    @Override
    public int search(byte[] utf8, int from, int to) {
        int width = classCount;
        int row = start * width;
        int[] table = next;
        byte[] classes = classOf;
        for (int at = leaves < 0 ? from : skip(utf8, from, to); at < to && row > width; at++) {
            row = table[row + (classes[utf8[at] & 0xFF] & 0xFF)];
        }
        return row <= width ? (row == 0 ? NO_MATCH : MATCH) : acceptsAtEnd[row / width] ? MATCH : NO_MATCH;
    }

    int start() {
        return start;
    }

    /** The state after one more byte. */
    int next(int state, int b) {
        return next[state * classCount + classOf(b)] / classCount;
    }

    /** Bytes of one class lead everywhere to the same state. */
    int classOf(int b) {
        return classOf[b] & 0xFF;
    }

    /** Whether a text that ends here matches. */
    boolean accepts(int state) {
        return state == ACCEPTED || acceptsAtEnd[state];
    }

    int stateCount() {
        return acceptsAtEnd.length;
    }

    @Override
    public long weight() {
        return 512 + classOf.length + 4L * next.length + acceptsAtEnd.length;
    }

    @Override
    public boolean isLinear() {
        return true;
    }
}
