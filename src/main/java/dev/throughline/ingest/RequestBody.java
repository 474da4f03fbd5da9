package dev.throughline.ingest;

import io.vertx.core.buffer.Buffer;

/**
 * The bytes of one request, in one array that grows as they come. Belongs to the request's event loop until it is whole, then to a
 * worker.
 */
final class RequestBody {
    /** What a body takes at first where memory is scarce; then the double. */
    private static final int STEP_BYTES = 64 << 10;

    private final BodyPool pool;
    private byte[] bytes = BodyPool.NONE;
    private int length;

    RequestBody(BodyPool pool) {
        this.pool = pool;
    }

    /** Holds more than its {@link #length}: what is behind is another body's. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean hasRoomFor(Buffer chunk) {
        return bytes.length - length >= chunk.length();
    }

    /** Adds what there is room for. */
    void add(Buffer chunk) {
        chunk.getBytes(bytes, length);
        length += chunk.length();
    }

    /**
     * To what size the array grows so that {@code needed} bytes fit.
     *
     * @param expected how long the body will be; -1 where it does not say
     * @param atOnce whether all that is expected may be taken at once
     * @param stepsMax up to this size it grows by steps; beyond, it takes all that it can come to
     * @param bytesMax what a body may come to
     */
    int nextSize(int needed, int expected, boolean atOnce, int stepsMax, int bytesMax) {
        int whole = expected >= needed ? expected : bytesMax;
        if (needed > stepsMax || expected > stepsMax) {
            return whole;
        }
        if (atOnce && expected >= needed) {
            return expected;
        }
        int doubled = Math.max(STEP_BYTES, Integer.highestOneBit(needed - 1) << 1);
        return Math.min(doubled, Math.min(whole, stepsMax));
    }

    /** Grows the array to at least {@code size} bytes. */
    void growTo(int size) {
        byte[] before = bytes;
        byte[] grown = pool.take(size);
        System.arraycopy(before, 0, grown, 0, length);
        bytes = grown;
        pool.give(before);
    }

    /** The bytes are not needed any more: their memory is used for the next body. */
    void release() {
        byte[] used = bytes;
        bytes = BodyPool.NONE;
        pool.give(used);
    }
}
