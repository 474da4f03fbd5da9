package dev.throughline.contract.pattern;

/**
 * A table of states over bytes. State 0 is hopeless, state 1 has matched; both end the search. Inside, a state is the offset of its row,
 * so that a step is one addition and one load.
 */
final class Dfa extends TextPattern {
    static final int DEAD = 0;
    static final int ACCEPTED = 1;

    private final byte[] classOf;
    private final int classCount;
    private final int[] next;
    private final boolean[] acceptsAtEnd;
    private final int start;

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
    }

    @Override
    public int search(byte[] utf8, int from, int to) {
        int width = classCount;
        int row = start * width;
        int[] table = next;
        byte[] classes = classOf;
        for (int at = from; at < to && row > width; at++) {
            row = table[row + (classes[utf8[at] & 0xFF] & 0xFF)];
        }
        return row <= width ? (row == 0 ? NO_MATCH : MATCH) : acceptsAtEnd[row / width] ? MATCH : NO_MATCH;
    }

    int stateCount() {
        return acceptsAtEnd.length;
    }

    @Override
    public boolean isLinear() {
        return true;
    }
}
