package dev.throughline.policy;

import org.jspecify.annotations.Nullable;

/** The policy in force. A request reads it once and keeps what it read to its end. Thread-safe: one reference is swapped. */
public final class ActivePolicy {
    private volatile InForce current;

    /**
     * A policy, and who watches it while it is new.
     *
     * @param canary null where it is not watched
     */
    public record InForce(Policy policy, @Nullable Canary canary) {}

    public ActivePolicy(Policy first) {
        current = new InForce(first, null);
    }

    public Policy current() {
        return current.policy();
    }

    /** The policy with its canary. */
    public InForce inForce() {
        return current;
    }

    /** From here on requests that begin see this one. */
    public void swap(Policy policy, @Nullable Canary canary) {
        current = new InForce(policy, canary);
    }
}
