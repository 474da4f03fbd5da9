package dev.throughline.policy;

/** The policy in force. A request reads it once and keeps what it read to its end. Thread-safe. */
public final class ActivePolicy {
    private volatile Policy current;

    public ActivePolicy(Policy first) {
        current = first;
    }

    public Policy current() {
        return current;
    }
}
