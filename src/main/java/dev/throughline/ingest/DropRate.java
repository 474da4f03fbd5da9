package dev.throughline.ingest;

import java.util.function.LongSupplier;

/**
 * How fast bodies that were refused are read and dropped, all of them together: a few are soon over, so that their senders see the
 * answer, and many cost no more. Thread-safe.
 */
final class DropRate {
    private static final long BYTES_A_SECOND = 64L << 20;
    private static final long BYTES_AT_ONCE = BYTES_A_SECOND / 4;
    private static final double NANOS_A_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private double left = BYTES_AT_ONCE;
    private long countedNanos;

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    DropRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.countedNanos = nanoTime.getAsLong();
    }

    /** These bytes were dropped; whether more may be read at once. */
    synchronized boolean dropped(int bytes) {
        long now = nanoTime.getAsLong();
        left = Math.min(BYTES_AT_ONCE, left + (now - countedNanos) / NANOS_A_SECOND * BYTES_A_SECOND);
        countedNanos = now;
        left = Math.max(-BYTES_AT_ONCE, left - bytes);
        return left > 0;
    }
}
