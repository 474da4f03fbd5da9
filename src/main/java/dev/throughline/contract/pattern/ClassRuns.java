package dev.throughline.contract.pattern;

import dev.throughline.contract.pattern.PatternTree.Capture;
import dev.throughline.contract.pattern.PatternTree.End;
import dev.throughline.contract.pattern.PatternTree.OneOf;
import dev.throughline.contract.pattern.PatternTree.Repeat;
import dev.throughline.contract.pattern.PatternTree.Sequence;
import dev.throughline.contract.pattern.PatternTree.Start;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ^…$} over runs of classes of which at most one has a variable length: the length of the text then says which byte
 * belongs to which run, and bytes are checked without a chain of states. That holds for ASCII texts; the few others are left to a DFA.
 */
final class ClassRuns extends TextPattern {
    private static final int CLASSES_MAX = 8;
    /** Positions that are written out; a longer run is checked by the last of them. */
    private static final int POSITIONS_MAX = 256;

    /** By byte, one bit for each class it is not in. */
    private final byte[] outside;
    /** By position, the bit of the class that is asked for there, the variable run at its longest. */
    private final byte[] asked;
    /** Positions after the variable run. */
    private final int after;

    private final int minLength;
    private final int maxLength;
    /** Decides about texts beyond ASCII; null where no class goes beyond it. */
    private final @Nullable TextPattern wide;

    private ClassRuns(byte[] outside, byte[] asked, int after, Run all, @Nullable TextPattern wide) {
        this.outside = outside;
        this.asked = asked;
        this.after = after;
        this.minLength = all.min();
        this.maxLength = all.max();
        this.wide = wide;
    }

    private record Run(int bit, int min, int max) {}

    static @Nullable ClassRuns of(PatternTree tree) {
        if (!(tree instanceof Sequence(List<PatternTree> parts))
                || parts.size() < 2
                || !(parts.getFirst() instanceof Start)
                || !(parts.getLast() instanceof End)) {
            return null;
        }
        byte[] classes = new byte[256];
        List<CodePoints> sets = new ArrayList<>();
        List<Run> runs = new ArrayList<>();
        int open = 0;
        boolean beyondAscii = false;
        for (PatternTree part : parts.subList(1, parts.size() - 1)) {
            Repeat repeat = part instanceof Repeat r ? r : new Repeat(part, 1, 1, false);
            PatternTree body = repeat.body() instanceof Capture(PatternTree inner) ? inner : repeat.body();
            if (!(body instanceof OneOf(CodePoints set))) {
                return null;
            }
            beyondAscii |= !set.isAscii();
            int bit = bitOf(set, sets, classes);
            open += repeat.min() == repeat.max() ? 0 : 1;
            if (bit < 0 || open > 1) {
                return null;
            }
            append(runs, new Run(bit, repeat.min(), repeat.max()));
        }
        TextPattern wide = beyondAscii ? DfaBuilder.build(tree) : null;
        return beyondAscii && wide == null ? null : of(classes, runs, wide);
    }

    private static @Nullable ClassRuns of(byte[] classes, List<Run> runs, @Nullable TextPattern wide) {
        byte[] outside = new byte[256];
        for (int b = 0; b < outside.length; b++) {
            outside[b] = (byte) ~classes[b];
        }
        byte[] asked = new byte[POSITIONS_MAX];
        int at = 0;
        int before = -1;
        int min = 0;
        boolean unbounded = false;
        for (Run run : runs) {
            boolean variable = run.min() != run.max();
            unbounded |= run.max() == PatternTree.UNBOUNDED;
            before = variable ? at : before;
            min += run.min();
            int longest = run.max() == PatternTree.UNBOUNDED ? POSITIONS_MAX - at : run.max();
            if (longest > POSITIONS_MAX - at || (unbounded && !variable)) {
                return null;
            }
            Arrays.fill(asked, at, at + longest, (byte) run.bit());
            at += longest;
        }
        int after = before < 0 || unbounded ? 0 : at - (before + longestVariable(runs));
        int max = unbounded ? Integer.MAX_VALUE : at;
        return new ClassRuns(outside, asked, after, new Run(0, min, max), wide);
    }

    private static int longestVariable(List<Run> runs) {
        return runs.stream()
                .filter(run -> run.min() != run.max())
                .mapToInt(Run::max)
                .sum();
    }

    private static void append(List<Run> runs, Run run) {
        Run last = runs.isEmpty() ? null : runs.getLast();
        if (last != null && last.bit() == run.bit() && last.min() == last.max() && run.min() == run.max()) {
            runs.set(runs.size() - 1, new Run(run.bit(), last.min() + run.min(), last.max() + run.max()));
        } else {
            runs.add(run);
        }
    }

    private static int bitOf(CodePoints set, List<CodePoints> sets, byte[] classes) {
        for (int i = 0; i < sets.size(); i++) {
            boolean same = true;
            for (int c = 0; c < 128 && same; c++) {
                same = sets.get(i).contains(c) == set.contains(c);
            }
            if (same) {
                return 1 << i;
            }
        }
        if (sets.size() == CLASSES_MAX) {
            return -1;
        }
        int bit = 1 << sets.size();
        sets.add(set);
        for (int c = 0; c < 128; c++) {
            classes[c] |= (byte) (set.contains(c) ? bit : 0);
        }
        return bit;
    }

    @Override
    public int search(byte[] utf8, int from, int to) {
        if (matches(utf8, from, to)) {
            return MATCH;
        }
        return wide == null ? NO_MATCH : wide.search(utf8, from, to);
    }

    private boolean matches(byte[] utf8, int from, int to) {
        int length = to - from;
        if (length < minLength || length > maxLength) {
            return false;
        }
        if (after > 0) {
            int tail = maxLength - after;
            return misses(utf8, from, to - after, 0) == 0 && missesShort(utf8, to - after, to, tail) == 0;
        }
        int head = Math.min(length, POSITIONS_MAX);
        int missed = misses(utf8, from, from + head, 0);
        for (int at = from + head; at < to; at++) {
            missed |= asked[POSITIONS_MAX - 1] & outside[utf8[at] & 0xFF];
        }
        return missed == 0;
    }

    /** Zero where each byte is in the class of its position: eight at a time, the last eight overlapping. */
    private int misses(byte[] utf8, int from, int to, int position) {
        if (to - from < 8) {
            return missesShort(utf8, from, to, position);
        }
        int missed = 0;
        for (int at = from; at < to - 8; at += 8) {
            missed |= missesEight(utf8, at, position + at - from);
        }
        return missed | missesEight(utf8, to - 8, position + to - 8 - from);
    }

    private int missesEight(byte[] utf8, int at, int position) {
        byte[] out = outside;
        byte[] ask = asked;
        return (ask[position] & out[utf8[at] & 0xFF])
                | (ask[position + 1] & out[utf8[at + 1] & 0xFF])
                | (ask[position + 2] & out[utf8[at + 2] & 0xFF])
                | (ask[position + 3] & out[utf8[at + 3] & 0xFF])
                | (ask[position + 4] & out[utf8[at + 4] & 0xFF])
                | (ask[position + 5] & out[utf8[at + 5] & 0xFF])
                | (ask[position + 6] & out[utf8[at + 6] & 0xFF])
                | (ask[position + 7] & out[utf8[at + 7] & 0xFF]);
    }

    private int missesShort(byte[] utf8, int from, int to, int position) {
        int missed = 0;
        for (int at = from; at < to; at++) {
            missed |= asked[position + at - from] & outside[utf8[at] & 0xFF];
        }
        return missed;
    }

    @Override
    public boolean isLinear() {
        return true;
    }
}
