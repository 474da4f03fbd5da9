package dev.throughline.ingest;

/**
 * The sizes of a {@link BodyBudget}.
 *
 * @param small of bodies that are small, such as most are
 * @param medium of larger ones
 * @param large of the largest
 * @param waitingMax permits of a pool that wait in each of its two lines
 * @param slowIdleMillis a body that did not come on for this long is slow
 * @param slowBytesPerSecond a body that comes at a lower rate is slow
 */
record BodyBounds(
        PoolBounds small,
        PoolBounds medium,
        PoolBounds large,
        int waitingMax,
        long slowIdleMillis,
        long slowBytesPerSecond) {
    private static final int SMALL_BODY_BYTES_MAX = 64 << 10;
    private static final int MEDIUM_BODY_BYTES_MAX = 1 << 20;
    private static final int WAITING_MAX = 512;
    private static final long SLOW_IDLE_MILLIS = 100;

    /**
     * The sizes of one pool.
     *
     * @param bytesMax what all bodies may hold, the reserve for audit included
     * @param auditReserveBytes the part of it that only connections with audit records may take
     * @param connectionBytesMax the share of one connection
     * @param bodyBytesMax the largest body that belongs here, as sent
     */
    record PoolBounds(long bytesMax, long auditReserveBytes, long connectionBytesMax, int bodyBytesMax) {
        /** A quarter of it is for audit, and half of it the share of a connection. */
        private static PoolBounds shared(long bytesMax, int bodyBytesMax) {
            return new PoolBounds(bytesMax, bytesMax / 4, bytesMax / 2, (int) Math.min(bodyBytesMax, bytesMax / 2));
        }
    }

    /** A sixth for small bodies, a sixth for medium ones, the rest for large ones. */
    static BodyBounds of(long bytesMax, long slowBytesPerSecond) {
        long each = bytesMax / 6;
        long rest = bytesMax - 2 * each;
        return new BodyBounds(
                PoolBounds.shared(each, SMALL_BODY_BYTES_MAX),
                PoolBounds.shared(each, MEDIUM_BODY_BYTES_MAX),
                new PoolBounds(rest, 0, rest, Integer.MAX_VALUE),
                WAITING_MAX,
                SLOW_IDLE_MILLIS,
                slowBytesPerSecond);
    }

    PoolBounds of(BodyBudget.Pool pool) {
        return switch (pool) {
            case SMALL -> small;
            case MEDIUM -> medium;
            case LARGE -> large;
        };
    }

    /** The pool of a body that comes to so many bytes. */
    BodyBudget.Pool poolOf(int bodyBytes) {
        for (BodyBudget.Pool pool : BodyBudget.Pool.values()) {
            if (bodyBytes <= of(pool).bodyBytesMax()) {
                return pool;
            }
        }
        return BodyBudget.Pool.LARGE;
    }
}
