package dev.throughline.ingest;

/**
 * The sizes of a {@link BodyBudget}.
 *
 * @param smallBytesMax the pool of small bodies, the reserve for audit included
 * @param auditReserveBytes the part of it that only connections with audit records may take
 * @param largeBytesMax the pool of large bodies
 * @param smallBodyBytesMax up to this size a body is small
 * @param connectionBytesMax the share of one connection in the small pool
 * @param waitingMax permits that wait for their first bytes
 * @param slowIdleMillis a body that did not come on for this long is slow
 * @param slowBytesPerSecond a body that comes at a lower rate is slow
 */
record BodyBounds(
        long smallBytesMax,
        long auditReserveBytes,
        long largeBytesMax,
        int smallBodyBytesMax,
        long connectionBytesMax,
        int waitingMax,
        long slowIdleMillis,
        long slowBytesPerSecond) {
    private static final int SMALL_BODY_BYTES_MAX = 1 << 20;
    private static final int WAITING_MAX = 128;
    private static final long SLOW_IDLE_MILLIS = 250;

    /** A third of it for small bodies, of which audit has a quarter to itself and a connection takes at most half. */
    static BodyBounds of(long bytesMax, long slowBytesPerSecond) {
        long small = bytesMax / 3;
        int smallBody = (int) Math.min(SMALL_BODY_BYTES_MAX, small / 2);
        return new BodyBounds(
                small,
                small / 4,
                bytesMax - small,
                smallBody,
                small / 2,
                WAITING_MAX,
                SLOW_IDLE_MILLIS,
                slowBytesPerSecond);
    }
}
