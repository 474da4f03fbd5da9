package dev.throughline.contract.pattern;

/** A table of states over bytes. State 0 is hopeless, state 1 has matched; both end the search. */
final class Dfa extends TextPattern {
    static final int DEAD = 0;
    static final int ACCEPTED = 1;

    private final byte[] classOf;
    private final int classCount;
    private final short[] next;
    private final boolean[] acceptsAtEnd;
    private final int start;

    /**
     * @param next successor by {@code state * classCount + class}
     */
    Dfa(byte[] classOf, int classCount, short[] next, boolean[] acceptsAtEnd, int start) {
        this.classOf = classOf;
        this.classCount = classCount;
        this.next = next;
        this.acceptsAtEnd = acceptsAtEnd;
        this.start = start;
    }

    @Override
    public int search(byte[] utf8, int from, int to) {
        int state = start;
        if (state <= ACCEPTED) {
            return state;
        }
        short[] table = next;
        byte[] classes = classOf;
        int width = classCount;
        for (int at = from; at < to; at++) {
            state = table[state * width + (classes[utf8[at] & 0xFF] & 0xFF)];
            if (state <= ACCEPTED) {
                return state;
            }
        }
        return acceptsAtEnd[state] ? MATCH : NO_MATCH;
    }

    int stateCount() {
        return acceptsAtEnd.length;
    }

    @Override
    public boolean isLinear() {
        return true;
    }
}
