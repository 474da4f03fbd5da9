package dev.throughline.contract.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subset construction, within bounds on states and on work. */
final class DfaBuilder {
    static final int STATES_MAX = 2_000;
    /** NFA states visited while building. */
    static final int VISITS_MAX = 400_000;

    private final ByteNfa nfa = new ByteNfa();
    private final Map<Members, Integer> ids = new HashMap<>();
    private final List<int[]> sets = new ArrayList<>();
    private final List<short[]> rows = new ArrayList<>();
    private final byte[] classOf = new byte[256];
    private int[] representatives = new int[0];
    private int[] mark = new int[0];
    private int[] stack = new int[0];
    private int generation;
    private int visits;

    private DfaBuilder() {}

    @SuppressWarnings("ArrayRecordComponent") // compared by content below
    private record Members(int[] states) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Members(int[] others) && Arrays.equals(states, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(states);
        }
    }

    /** The table, or null where the pattern is not regular or over a bound. */
    static @Nullable Dfa build(PatternTree tree) {
        try {
            return new DfaBuilder().run(tree);
        } catch (ByteNfa.Unsuitable unsuitable) {
            return null;
        }
    }

    private Dfa run(PatternTree tree) throws ByteNfa.Unsuitable {
        int first = nfa.build(tree);
        mark = new int[nfa.size()];
        stack = new int[nfa.size() * 2 + 2];
        classify();
        sets.add(new int[0]);
        sets.add(new int[0]);
        rows.add(new short[representatives.length]);
        short[] accepted = new short[representatives.length];
        Arrays.fill(accepted, (short) Dfa.ACCEPTED);
        rows.add(accepted);
        int[] begin = {first};
        int start = id(closure(begin, 1, true, false));
        boolean emptyMatches = start == Dfa.ACCEPTED || matched(closure(begin, 1, true, true));
        for (int state = 2; state < sets.size(); state++) {
            rows.add(row(sets.get(state)));
        }
        return finish(start, emptyMatches);
    }

    private short[] row(int[] members) throws ByteNfa.Unsuitable {
        short[] row = new short[representatives.length];
        int[] moved = new int[members.length];
        for (int c = 0; c < row.length; c++) {
            int b = representatives[c];
            int n = 0;
            for (int member : members) {
                if (nfa.kind(member) == ByteNfa.BYTES && nfa.low(member) <= b && b <= nfa.high(member)) {
                    moved[n++] = nfa.out(member);
                }
            }
            visits += members.length;
            row[c] = (short) id(closure(moved, n, false, false));
        }
        return row;
    }

    private int id(int[] members) throws ByteNfa.Unsuitable {
        if (matched(members)) {
            return Dfa.ACCEPTED;
        }
        Members key = new Members(members);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        if (sets.size() == STATES_MAX || visits > VISITS_MAX) {
            throw new ByteNfa.Unsuitable();
        }
        ids.put(key, sets.size());
        sets.add(members);
        return sets.size() - 1;
    }

    private boolean matched(int[] members) {
        for (int member : members) {
            if (nfa.kind(member) == ByteNfa.MATCHED) {
                return true;
            }
        }
        return false;
    }

    /** What is reached without a byte: the states that wait for one, for the end, or have matched; sorted. */
    private int[] closure(int[] from, int n, boolean atStart, boolean atEnd) {
        generation++;
        int depth = 0;
        int[] found = new int[16];
        int size = 0;
        for (int i = 0; i < n; i++) {
            stack[depth++] = from[i];
            while (depth > 0) {
                int state = stack[--depth];
                if (mark[state] == generation) {
                    continue;
                }
                mark[state] = generation;
                visits++;
                int kind = nfa.kind(state);
                if (kind == ByteNfa.SPLIT) {
                    stack[depth++] = nfa.out(state);
                    stack[depth++] = nfa.otherOut(state);
                } else if (kind == ByteNfa.AT_START ? atStart : kind == ByteNfa.AT_END && atEnd) {
                    stack[depth++] = nfa.out(state);
                } else if (kind != ByteNfa.AT_START) {
                    if (size == found.length) {
                        found = Arrays.copyOf(found, size * 2);
                    }
                    found[size++] = state;
                }
            }
        }
        int[] members = Arrays.copyOf(found, size);
        Arrays.sort(members);
        return members;
    }

    /** Bytes that no state tells apart share a column. */
    private void classify() {
        boolean[] border = new boolean[257];
        for (int state = 0; state < nfa.size(); state++) {
            if (nfa.kind(state) == ByteNfa.BYTES && nfa.low(state) <= nfa.high(state)) {
                border[nfa.low(state)] = true;
                border[nfa.high(state) + 1] = true;
            }
        }
        int[] firsts = new int[256];
        int n = 0;
        for (int b = 0; b < 256; b++) {
            if (b == 0 || border[b]) {
                firsts[n++] = b;
            }
            classOf[b] = (byte) (n - 1);
        }
        representatives = Arrays.copyOf(firsts, n);
    }

    private Dfa finish(int start, boolean emptyMatches) {
        int n = sets.size();
        int width = representatives.length;
        boolean[] atEnd = new boolean[n + 1];
        for (int state = 2; state < n; state++) {
            int[] members = sets.get(state);
            atEnd[state] = matched(closure(members, members.length, false, true));
        }
        boolean[] hopeful = hopeful(atEnd);
        // The start state is a copy of its own: only there "^" holds at the end too.
        short[] next = new short[(n + 1) * width];
        for (int state = 0; state <= n; state++) {
            short[] row = rows.get(state == n ? start : state);
            for (int c = 0; c < width; c++) {
                next[state * width + c] = hopeful[row[c]] ? row[c] : Dfa.DEAD;
            }
        }
        atEnd[n] = emptyMatches;
        return new Dfa(classOf, width, next, atEnd, start <= Dfa.ACCEPTED ? start : n);
    }

    /** The states from which a match can still be reached. */
    private boolean[] hopeful(boolean[] atEnd) {
        boolean[] hopeful = atEnd.clone();
        hopeful[Dfa.ACCEPTED] = true;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int state = sets.size() - 1; state >= 2; state--) {
                if (hopeful[state]) {
                    continue;
                }
                for (short to : rows.get(state)) {
                    if (hopeful[to]) {
                        hopeful[state] = true;
                        changed = true;
                        break;
                    }
                }
            }
        }
        return hopeful;
    }
}
