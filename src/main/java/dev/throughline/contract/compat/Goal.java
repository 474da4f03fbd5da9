package dev.throughline.contract.compat;

import org.jspecify.annotations.Nullable;

/**
 * To be proved: a value of one kind for which the facts hold conforms to {@code right}.
 *
 * @param report told why not; null where an alternative is only tried
 */
record Goal(Facts facts, Shape right, Place place, @Nullable Report report) {
    Kind kind() {
        return facts.kind;
    }

    /** Says that a keyword of {@code right} is not covered. Always false. */
    boolean fails(String keyword, @Nullable Object known, @Nullable Object wanted) {
        if (report != null) {
            report.add(this, keyword, known, wanted);
        }
        return false;
    }
}
