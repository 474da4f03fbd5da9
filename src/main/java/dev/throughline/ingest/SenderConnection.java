package dev.throughline.ingest;

/** What is remembered of a connection while it is open. */
final class SenderConnection {
    /** The last request that was read brought audit records: it may use the reserve for them. Any thread. */
    private volatile boolean bringsAudit;
    /** Its last body came whole, and not too slowly: it goes before connections that have shown nothing. Any thread. */
    private volatile boolean isProven;
    /** What its bodies hold, by pool. With the lock of the budget. */
    private final long[] held = new long[BodyBudget.Pool.values().length];

    boolean bringsAudit() {
        return bringsAudit;
    }

    void bringsAudit(boolean audit) {
        if (bringsAudit != audit) {
            bringsAudit = audit;
        }
    }

    boolean isProven() {
        return isProven;
    }

    void isProven(boolean proven) {
        if (isProven != proven) {
            isProven = proven;
        }
    }

    long held(BodyBudget.Pool pool) {
        return held[pool.ordinal()];
    }

    void hold(BodyBudget.Pool pool, long bytes) {
        held[pool.ordinal()] += bytes;
    }
}
