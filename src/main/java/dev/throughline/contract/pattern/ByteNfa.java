package dev.throughline.contract.pattern;

import dev.throughline.contract.pattern.PatternTree.BackReference;
import dev.throughline.contract.pattern.PatternTree.Capture;
import dev.throughline.contract.pattern.PatternTree.Choice;
import dev.throughline.contract.pattern.PatternTree.End;
import dev.throughline.contract.pattern.PatternTree.Look;
import dev.throughline.contract.pattern.PatternTree.OneOf;
import dev.throughline.contract.pattern.PatternTree.Repeat;
import dev.throughline.contract.pattern.PatternTree.Sequence;
import dev.throughline.contract.pattern.PatternTree.Start;
import dev.throughline.contract.pattern.PatternTree.WordBoundary;
import java.util.Arrays;

/** Thompson's automaton over UTF-8 bytes, built from the end of the pattern to its start. */
final class ByteNfa {
    static final int STATES_MAX = 4_000;

    static final int BYTES = 0;
    static final int SPLIT = 1;
    static final int AT_START = 2;
    static final int AT_END = 3;
    static final int MATCHED = 4;

    /** Thrown where the pattern is not regular or the automaton too large. */
    static final class Unsuitable extends Exception {
        private static final long serialVersionUID = 1L;

        Unsuitable() {
            super(null, null, false, false);
        }
    }

    private int count;
    private int[] kind = new int[64];
    /** First and last byte of a {@link #BYTES} state. */
    private int[] low = new int[64];

    private int[] high = new int[64];
    private int[] out = new int[64];
    private int[] otherOut = new int[64];

    /** The state at which a search starts: any bytes, then the pattern. */
    int build(PatternTree tree) throws Unsuitable {
        int pattern = add(tree, state(MATCHED, 0, 0, -1, -1));
        int loop = state(SPLIT, 0, 0, pattern, -1);
        int any = state(BYTES, 0, 0xFF, loop, -1);
        otherOut[loop] = any;
        return loop;
    }

    int size() {
        return count;
    }

    int kind(int state) {
        return kind[state];
    }

    int low(int state) {
        return low[state];
    }

    int high(int state) {
        return high[state];
    }

    int out(int state) {
        return out[state];
    }

    int otherOut(int state) {
        return otherOut[state];
    }

    private int state(int ofKind, int lowByte, int highByte, int to, int other) throws Unsuitable {
        if (count == STATES_MAX) {
            throw new Unsuitable();
        }
        if (count == kind.length) {
            int capacity = count * 2;
            kind = Arrays.copyOf(kind, capacity);
            low = Arrays.copyOf(low, capacity);
            high = Arrays.copyOf(high, capacity);
            out = Arrays.copyOf(out, capacity);
            otherOut = Arrays.copyOf(otherOut, capacity);
        }
        kind[count] = ofKind;
        low[count] = lowByte;
        high[count] = highByte;
        out[count] = to;
        otherOut[count] = other;
        return count++;
    }

    /** Adds {@code tree} before state {@code after}; returns its first state. */
    private int add(PatternTree tree, int after) throws Unsuitable {
        return switch (tree) {
            case OneOf(CodePoints set) -> set(set, after);
            case Capture(PatternTree body) -> add(body, after);
            case Start ignored -> state(AT_START, 0, 0, after, -1);
            case End ignored -> state(AT_END, 0, 0, after, -1);
            case Sequence(var parts) -> {
                int first = after;
                for (int i = parts.size() - 1; i >= 0; i--) {
                    first = add(parts.get(i), first);
                }
                yield first;
            }
            case Choice(var branches) -> {
                int first = add(branches.getLast(), after);
                for (int i = branches.size() - 2; i >= 0; i--) {
                    first = state(SPLIT, 0, 0, add(branches.get(i), after), first);
                }
                yield first;
            }
            case Repeat repeat -> repeat(repeat, after);
            case WordBoundary ignored -> throw new Unsuitable();
            case Look ignored -> throw new Unsuitable();
            case BackReference ignored -> throw new Unsuitable();
        };
    }

    private int repeat(Repeat repeat, int after) throws Unsuitable {
        int first = after;
        if (repeat.max() == PatternTree.UNBOUNDED) {
            int loop = state(SPLIT, 0, 0, -1, after);
            // Adding may replace the arrays.
            int body = add(repeat.body(), loop);
            out[loop] = body;
            first = loop;
        } else {
            for (int i = repeat.min(); i < repeat.max(); i++) {
                first = state(SPLIT, 0, 0, add(repeat.body(), first), after);
            }
        }
        for (int i = 0; i < repeat.min(); i++) {
            int before = count;
            first = add(repeat.body(), first);
            if (count == before) {
                break;
            }
        }
        return first;
    }

    private int set(CodePoints set, int after) throws Unsuitable {
        int first = -1;
        for (int i = 0; i < set.rangeCount(); i++) {
            first = range(set.first(i), set.last(i), after, first);
        }
        return first >= 0 ? first : state(BYTES, 1, 0, after, -1);
    }

    private int alternative(int branch, int others) throws Unsuitable {
        return others < 0 ? branch : state(SPLIT, 0, 0, branch, others);
    }

    /** Splits a range at the borders of encoded lengths, then of continuation bytes. */
    private int range(int from, int to, int after, int others) throws Unsuitable {
        int[] borders = {0x7F, 0x7FF, 0xFFFF, CodePoints.MAX};
        int result = others;
        int first = from;
        for (int length = 1; length <= 4 && first <= to; length++) {
            int last = Math.min(to, borders[length - 1]);
            if (first <= last) {
                result = sameLength(first, last, length, after, result);
                first = last + 1;
            }
        }
        return result;
    }

    private int sameLength(int from, int to, int length, int after, int others) throws Unsuitable {
        for (int i = 1; i < length; i++) {
            int mask = (1 << (6 * i)) - 1;
            if ((from & ~mask) != (to & ~mask)) {
                if ((from & mask) != 0) {
                    int rest = sameLength(from, from | mask, length, after, others);
                    return sameLength((from | mask) + 1, to, length, after, rest);
                }
                if ((to & mask) != mask) {
                    int rest = sameLength(from, (to & ~mask) - 1, length, after, others);
                    return sameLength(to & ~mask, to, length, after, rest);
                }
            }
        }
        int first = after;
        for (int i = length - 1; i >= 0; i--) {
            first = state(BYTES, encoded(from, i, length), encoded(to, i, length), first, -1);
        }
        return alternative(first, others);
    }

    /** Byte {@code index} of a code point's encoding in {@code length} bytes; surrogates are encoded like their neighbours. */
    private static int encoded(int codePoint, int index, int length) {
        if (length == 1) {
            return codePoint;
        }
        if (index > 0) {
            return 0x80 | (codePoint >> (6 * (length - 1 - index)) & 0x3F);
        }
        int lead = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0;
        return lead | codePoint >> (6 * (length - 1));
    }
}
