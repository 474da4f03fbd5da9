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
    private final PathRules paths;

    FieldRules(List<FieldRule> rules) {
        PathRules.Builder collected = new PathRules.Builder();
        for (FieldRule rule : rules) {
            int index = actions.size();
            actions.add(rule.action());
            switch (rule.selector()) {
                case FieldRule.Selector.Name(String pattern) ->
                    (pattern.startsWith("*") ? suffixes : exact).putIfAbsent(KeyName.normalised(pattern), index);
                case FieldRule.Selector.Path path -> collected.add(path.segments(), index);
            }
        }
        paths = collected.build();
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

    /** All paths, at the root. */
    int pathsAtRoot() {
        return paths.root();
    }

    /** The paths of {@code state} that go on with this member or item; {@link PathRules#NOWHERE} where none does. */
    int follow(int state, String segment) {
        return paths.follow(state, segment);
    }

    /** The first rule whose path ends here, or {@link #NONE}. */
    int byPath(int state) {
        return paths.rule(state);
    }
}
