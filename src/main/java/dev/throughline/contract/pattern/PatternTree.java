package dev.throughline.contract.pattern;

import java.util.List;

/** The syntax tree of a pattern. */
sealed interface PatternTree {
    int UNBOUNDED = -1;

    record OneOf(CodePoints set) implements PatternTree {}

    record Sequence(List<PatternTree> parts) implements PatternTree {}

    record Choice(List<PatternTree> branches) implements PatternTree {}

    /** {@code max} may be {@link #UNBOUNDED}. */
    record Repeat(PatternTree body, int min, int max, boolean lazy) implements PatternTree {}

    record Capture(PatternTree body) implements PatternTree {}

    record Start() implements PatternTree {}

    record End() implements PatternTree {}

    record WordBoundary(boolean negated) implements PatternTree {}

    record Look(PatternTree body, boolean behind, boolean negated) implements PatternTree {}

    record BackReference(int group) implements PatternTree {}
}
