package dev.throughline.ingest;

/**
 * Ids of records that are durable, the latest of them: tells a retried record without asking a store. What it has forgotten is
 * told by the store. A direct-mapped table of 128-bit ids.
 *
 * <p>Thread-safe without a lock: half of one id beside half of another, which a reader may see while they are written, is an id
 * that nobody asks for, and an id that is missed is kept once by the store all the same.
 */
final class RecentRecords {
    /** High and low halves, side by side. */
    private final long[] ids;

    private final int mask;

    /** @param capacity rounded up to a power of two; 16 bytes each */
    RecentRecords(int capacity) {
        int size = Integer.highestOneBit(Math.max(2, capacity) - 1) * 2;
        ids = new long[2 * size];
        mask = size - 1;
    }

    boolean contains(long high, long low) {
        int at = 2 * ((int) low & mask);
        return ids[at] == high && ids[at + 1] == low;
    }

    /** Two entries a record: high and low half. One short loop, in which the waits for memory overlap. */
    boolean containsAny(long[] asked, int count) {
        boolean any = false;
        for (int i = 0; i < 2 * count; i += 2) {
            int at = 2 * ((int) asked[i + 1] & mask);
            any |= ((ids[at] ^ asked[i]) | (ids[at + 1] ^ asked[i + 1])) == 0;
        }
        return any;
    }

    /** To be called only once the records are durable. */
    void addAll(long[] added, int count) {
        for (int i = 0; i < 2 * count; i += 2) {
            int at = 2 * ((int) added[i + 1] & mask);
            ids[at] = added[i];
            ids[at + 1] = added[i + 1];
        }
    }
}
