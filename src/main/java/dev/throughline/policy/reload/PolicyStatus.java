package dev.throughline.policy.reload;

import dev.throughline.policy.Canary;
import dev.throughline.policy.Policy;
import dev.throughline.policy.document.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in force, and what was not let in. Immutable.
 *
 * @param since when it was put in force
 * @param refused the policy that stands in the directory and cannot be used; null where that is not so
 * @param rolledBack the policy that was taken back, while it still stands in the directory; null where that is not so
 * @param canaryUntil until when the policy in force is watched; null where it is not
 * @param took reading, checking, compiling and trying it
 * @param reloads policies put in force since the start, the first not counted
 */
public record PolicyStatus(
        Policy policy,
        Origin origin,
        Instant since,
        @Nullable Refused refused,
        @Nullable RolledBack rolledBack,
        @Nullable Instant canaryUntil,
        Duration took,
        long reloads) {

    /** The same policy, with other news of it. */
    PolicyStatus with(@Nullable Refused other, @Nullable RolledBack back, @Nullable Instant until) {
        return new PolicyStatus(policy, origin, since, other, back, until, took, reloads);
    }

    /** Where the policy in force came from. */
    public enum Origin {
        BUILT_IN,
        DIRECTORY,
        /** The directory has none that can be used. */
        LAST_GOOD
    }

    /**
     * Why it cannot be used.
     *
     * @param hash of the files; empty where they could not even be read
     * @param dropped problems beyond those listed
     */
    public record Refused(Instant at, String hash, List<Problem> problems, int dropped) {}

    /** Why it was taken back. */
    public record RolledBack(Instant at, String hash, String finding) {
        RolledBack(Instant at, String hash, Canary.Finding finding) {
            this(at, hash, finding.toString());
        }
    }
}
