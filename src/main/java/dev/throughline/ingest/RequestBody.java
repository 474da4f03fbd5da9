package dev.throughline.ingest;

import io.vertx.core.buffer.Buffer;

/**
 * The bytes of one request, in one array that grows as they come. Belongs to the request's event loop until it is whole, then to a
 * worker.
 */
final class RequestBody {
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
     * To what size the array grows so that {@code needed} bytes fit: to all that is expected, or else to what the pool of so many bytes
     * allows.
     *
     * @param expected how long the body will be; less than {@code needed} where it does not say
     * @param bytesMax what a body may come to
     */
    static int nextSize(int needed, int expected, BodyBounds bounds, int bytesMax) {
        return expected >= needed
                ? expected
                : Math.min(bytesMax, bounds.of(bounds.poolOf(needed)).bodyBytesMax());
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
