package dev.throughline.ingest;

/**
 * The requests that failed lately for a reason that nobody expects, by a keyed hash of their bytes: one that fails again fails for its
 * own sake. Bounded: the oldest is forgotten. Thread-safe.
 */
final class FailedRequests {
    private static final int REMEMBERED = 256;

    private final long[] hashes = new long[REMEMBERED];
    private int next;

    /** Whether it failed before; from now on it did. */
    synchronized boolean isAgain(long hash) {
        for (long known : hashes) {
            if (known == hash) {
                return true;
            }
        }
        hashes[next] = hash;
        next = (next + 1) % REMEMBERED;
        return false;
    }
}
