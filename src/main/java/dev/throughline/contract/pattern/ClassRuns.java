package dev.throughline.contract.pattern;

import dev.throughline.contract.pattern.PatternTree.Capture;
import dev.throughline.contract.pattern.PatternTree.End;
import dev.throughline.contract.pattern.PatternTree.OneOf;
import dev.throughline.contract.pattern.PatternTree.Repeat;
import dev.throughline.contract.pattern.PatternTree.Sequence;
import dev.throughline.contract.pattern.PatternTree.Start;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ^…$} over runs of ASCII classes of which at most one has a variable length: the length of the text then says which byte
 * belongs to which run, and bytes are checked without a chain of states.
 */
final class ClassRuns extends TextPattern {
    private static final int CLASSES_MAX = 8;

    /** One bit a class, by byte. */
    private final byte[] classes;

    private final int[] bits;
    private final int[] lengths;
    private final int variable;
    private final int fixedLength;
    private final int minLength;
    private final int maxLength;

    private ClassRuns(byte[] classes, List<Run> runs) {
        this.classes = classes;
        bits = runs.stream().mapToInt(Run::bit).toArray();
        lengths = runs.stream().mapToInt(Run::min).toArray();
        int open = -1;
        int min = 0;
        long max = 0;
        for (int i = 0; i < lengths.length; i++) {
            Run run = runs.get(i);
            min += run.min();
            max += run.max() == PatternTree.UNBOUNDED ? Integer.MAX_VALUE : run.max();
            if (run.min() != run.max()) {
                open = i;
            }
        }
        variable = open;
        minLength = min;
        maxLength = (int) Math.min(max, Integer.MAX_VALUE);
        fixedLength = open < 0 ? min : min - lengths[open];
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
        for (PatternTree part : parts.subList(1, parts.size() - 1)) {
            Repeat repeat = part instanceof Repeat r ? r : new Repeat(part, 1, 1, false);
            PatternTree body = repeat.body() instanceof Capture(PatternTree inner) ? inner : repeat.body();
            if (!(body instanceof OneOf(CodePoints set)) || !set.isAscii()) {
                return null;
            }
            int bit = bitOf(set, sets, classes);
            open += repeat.min() == repeat.max() ? 0 : 1;
            if (bit < 0 || open > 1) {
                return null;
            }
            append(runs, new Run(bit, repeat.min(), repeat.max()));
        }
        return new ClassRuns(classes, runs);
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
        int length = to - from;
        if (length < minLength || length > maxLength) {
            return NO_MATCH;
        }
        int at = from;
        byte[] table = classes;
        for (int i = 0; i < bits.length; i++) {
            int stop = at + (i == variable ? length - fixedLength : lengths[i]);
            int bit = bits[i];
            int all = bit;
            for (; at < stop; at++) {
                all &= table[utf8[at] & 0xFF];
            }
            if (all == 0) {
                return NO_MATCH;
            }
        }
        return MATCH;
    }

    @Override
    public boolean isLinear() {
        return true;
    }
}
