package dev.throughline.ingest;

import io.vertx.core.buffer.Buffer;

/**
 * The bytes of one request, in one array that grows as they come. Belongs to the request's event loop until it is whole, then to a
 * worker.
 */
final class RequestBody {
    /** Most requests that do not say how long they are are short. */
    private static final int FIRST_STEP_BYTES = 4 << 10;

    private static final int STEP = 4;
    private static final int LAST_STEP_BYTES = 64 << 10;

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
     * To what size the array grows so that {@code needed} bytes fit: to all that is expected, or else by steps, of which the last is what
     * the pool of so many bytes allows.
     *
     * @param expected how long the body will be; less than {@code needed} where it does not say
     * @param bytesMax what a body may come to
     */
    static int nextSize(int needed, int expected, BodyBounds bounds, int bytesMax) {
        if (expected >= needed) {
            return expected;
        }
        int most = Math.min(bytesMax, bounds.of(bounds.poolOf(needed)).bodyBytesMax());
        int step = FIRST_STEP_BYTES;
        while (step < needed && step < most) {
            step *= STEP;
        }
        return needed > LAST_STEP_BYTES ? most : Math.min(step, most);
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
