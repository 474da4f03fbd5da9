package dev.throughline.contract.schema;

/** What the patterns of several schemas may take together: those that a policy brings are compiled while records flow. Not thread-safe. */
public final class PatternBudget {
    private long bytesLeft;

    public PatternBudget(long bytes) {
        bytesLeft = bytes;
    }

    /** Takes so many; whether they were still there. */
    boolean take(long bytes) {
        bytesLeft -= bytes;
        return bytesLeft >= 0;
    }

    /** Whether it is used up. */
    public boolean isSpent() {
        return bytesLeft < 0;
    }
}
