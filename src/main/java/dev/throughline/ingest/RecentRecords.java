package dev.throughline.ingest;

/**
 * Ids of records that are durable, the latest of them: tells a retried record without asking a store. What it has forgotten is
 * told by the store. A direct-mapped table of 128-bit ids; thread-safe, one lock a request's pass.
 */
final class RecentRecords {
    private final long[] highs;
    private final long[] lows;
    private final int mask;

    /** @param capacity rounded up to a power of two; 16 bytes each */
    RecentRecords(int capacity) {
        int size = Integer.highestOneBit(Math.max(2, capacity) - 1) * 2;
        highs = new long[size];
        lows = new long[size];
        mask = size - 1;
    }

    synchronized boolean contains(long high, long low) {
        int at = (int) low & mask;
        return highs[at] == high && lows[at] == low;
    }

    /** To be called only once the records are durable. */
    synchronized void addAll(long[] ids, int count) {
        for (int i = 0; i < 2 * count; i += 2) {
            int at = (int) ids[i + 1] & mask;
            highs[at] = ids[i];
            lows[at] = ids[i + 1];
        }
    }
}
