package dev.throughline.contract.pattern;

import dev.throughline.contract.pattern.PatternTree.Capture;
import dev.throughline.contract.pattern.PatternTree.End;
import dev.throughline.contract.pattern.PatternTree.OneOf;
import dev.throughline.contract.pattern.PatternTree.Repeat;
import dev.throughline.contract.pattern.PatternTree.Sequence;
import dev.throughline.contract.pattern.PatternTree.Start;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ^…$} over runs of classes of which only the last may have a variable length: the place of a byte says which run it belongs to,
 * so that bytes are checked without a chain of states, those of the last run eight at a time. That holds for ASCII texts; where a class
 * goes beyond ASCII, the few others are left to a DFA.
 */
final class ClassRuns extends TextPattern {
    private static final int HEAD_MAX = 256;

    /** One set a position before the last run: by byte, whether it is in the set. */
    private final boolean[][] head;

    private final WordClass rest;
    private final int minLength;
    private final int maxLength;
    /** Decides about texts beyond ASCII; null where no class goes beyond it. */
    private final @Nullable TextPattern wide;

    private ClassRuns(List<boolean[]> head, WordClass rest, int minLength, int maxLength, @Nullable TextPattern wide) {
        this.head = head.toArray(new boolean[0][]);
        this.rest = rest;
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.wide = wide;
    }

    static @Nullable ClassRuns of(PatternTree tree) {
        if (!(tree instanceof Sequence(List<PatternTree> parts))
                || parts.size() < 3
                || !(parts.getFirst() instanceof Start)
                || !(parts.getLast() instanceof End)) {
            return null;
        }
        List<boolean[]> head = new ArrayList<>();
        boolean beyondAscii = false;
        int last = parts.size() - 2;
        for (int i = 1; i <= last; i++) {
            Repeat run = run(parts.get(i));
            if (!(run.body() instanceof OneOf(CodePoints set))) {
                return null;
            }
            beyondAscii |= !set.isAscii();
            if (i == last) {
                return of(head, set, run, beyondAscii, tree);
            }
            if (run.min() != run.max() || head.size() + run.min() > HEAD_MAX) {
                return null;
            }
            boolean[] members = members(set);
            head.addAll(Collections.nCopies(run.min(), members));
        }
        return null;
    }

    private static Repeat run(PatternTree part) {
        Repeat repeat = part instanceof Repeat r ? r : new Repeat(part, 1, 1, false);
        return repeat.body() instanceof Capture(PatternTree inner)
                ? new Repeat(inner, repeat.min(), repeat.max(), false)
                : repeat;
    }

    private static @Nullable ClassRuns of(
            List<boolean[]> head, CodePoints set, Repeat run, boolean beyondAscii, PatternTree tree) {
        WordClass rest = WordClass.of(set);
        TextPattern wide = beyondAscii ? DfaBuilder.build(tree) : null;
        if (rest == null || (beyondAscii && wide == null)) {
            return null;
        }
        int max = run.max() == PatternTree.UNBOUNDED ? Integer.MAX_VALUE : head.size() + run.max();
        return new ClassRuns(head, rest, head.size() + run.min(), max, wide);
    }

    private static boolean[] members(CodePoints set) {
        boolean[] members = new boolean[256];
        for (int c = 0; c < 128; c++) {
            members[c] = set.contains(c);
        }
        return members;
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
        for (int i = 0; i < head.length; i++) {
            if (!head[i][utf8[from + i] & 0xFF]) {
                return false;
            }
        }
        return rest.holds(utf8, from + head.length, to);
    }

    @Override
    public boolean isLinear() {
        return true;
    }

    @Override
    public boolean isQuick() {
        return true;
    }
}
