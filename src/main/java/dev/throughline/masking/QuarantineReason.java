package dev.throughline.masking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a record is in quarantine. Codes and keywords are this product's own words; pointers may hold names that a sender chose
 * and are masked when they are written.
 *
 * @param reason the kind, as {@code schema_violation}
 * @param code stable
 * @param violations the first ones
 * @param violationCount all of them
 */
public record QuarantineReason(
        String reason,
        String code,
        @Nullable String pointer,
        @Nullable String keyword,
        List<Violation> violations,
        int violationCount) {

    /** One thing that is wrong. */
    public record Violation(String code, String pointer, String keyword) {}

    public QuarantineReason {
        violations = List.copyOf(violations);
    }

    /** A reason without a place. */
    public static QuarantineReason of(String reason, String code) {
        return new QuarantineReason(reason, code, null, null, List.of(), 0);
    }

    public static QuarantineReason maskingFailed(Outcome.Failed failed) {
        return of("masking_failed", failed.failure().code());
    }
}
