package dev.throughline.masking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Field rules, compiled. Names are looked up once for each distinct name (see {@link KeyMemory}), paths are followed down. */
final class FieldRules {
    static final int NONE = -1;

    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> suffixes = new HashMap<>();
    private final List<List<String>> paths = new ArrayList<>();
    private final List<Integer> pathActions = new ArrayList<>();

    FieldRules(List<FieldRule> rules) {
        for (FieldRule rule : rules) {
            int index = actions.size();
            actions.add(rule.action());
            switch (rule.selector()) {
                case FieldRule.Selector.Name(String pattern) ->
                    (pattern.startsWith("*") ? suffixes : exact).putIfAbsent(KeyName.normalised(pattern), index);
                case FieldRule.Selector.Path path -> {
                    paths.add(path.segments());
                    pathActions.add(index);
                }
            }
        }
    }

    Action action(int rule) {
        return actions.get(rule);
    }

    /** The first rule for a normalised name, or {@link #NONE}; what is left to the detectors has none of its own. */
    int byName(String normalised) {
        int first = firstByName(normalised);
        return first >= 0 && action(first) instanceof Action.Detect ? NONE : first;
    }

    private int firstByName(String normalised) {
        int best = earlier(exact.get(normalised), null);
        String rest = normalised;
        while (true) {
            best = earlier(best < 0 ? null : best, suffixes.get(rest));
            int next = rest.indexOf('_');
            if (next < 0) {
                return best;
            }
            rest = rest.substring(next + 1);
        }
    }

    private static int earlier(@Nullable Integer a, @Nullable Integer b) {
        if (a == null) {
            return b == null ? NONE : b;
        }
        return b == null ? a : Math.min(a, b);
    }

    boolean hasPaths() {
        return !paths.isEmpty();
    }

    /** All paths, at the root. */
    long pathsAtRoot() {
        return paths.isEmpty() ? 0 : -1L >>> (64 - paths.size());
    }

    /** The paths of {@code state} that go on with this member or item at {@code depth}. */
    long follow(long state, int depth, String segment) {
        long next = 0;
        for (long rest = state; rest != 0; rest &= rest - 1) {
            int path = Long.numberOfTrailingZeros(rest);
            List<String> segments = paths.get(path);
            if (depth < segments.size()
                    && (segments.get(depth).equals("*") || segments.get(depth).equals(segment))) {
                next |= 1L << path;
            }
        }
        return next;
    }

    /** The first rule whose path ends after {@code depth} segments, or {@link #NONE}. */
    int byPath(long state, int depth) {
        for (long rest = state; rest != 0; rest &= rest - 1) {
            int path = Long.numberOfTrailingZeros(rest);
            if (paths.get(path).size() == depth) {
                return pathActions.get(path);
            }
        }
        return NONE;
    }
}
