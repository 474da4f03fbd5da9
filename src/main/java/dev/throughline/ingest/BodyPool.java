package dev.throughline.ingest;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Arrays for bodies, used again and again: a fresh one would have to be cleared, and is soon garbage. Bounded in number and size.
 * Thread-safe. What an array held before is still in it; only its first {@code length} bytes are a request's.
 */
final class BodyPool {
    static final byte[] NONE = {};

    private static final int KEPT_MAX = 8;
    /** Of longer ones the last is kept, softly. */
    private static final int KEPT_BYTES_MAX = 1 << 20;

    /** One longer body: allocating one after the other would fill the old generation in a second. Let go when memory is short. */
    private SoftReference<byte[]> keptLarge = new SoftReference<>(NONE);

    private static final int STEP_BYTES = 64 << 10;

    /** The last used is the next used: it is the one that the processor still has near. */
    private final ArrayDeque<byte[]> kept = new ArrayDeque<>(KEPT_MAX);

    /** An array of at least that length. */
    byte[] take(int bytes) {
        if (bytes > KEPT_BYTES_MAX) {
            byte @Nullable [] large = takeLarge();
            return large != null && large.length >= bytes ? large : new byte[bytes];
        }
        byte @Nullable [] found = pop();
        return found != null && found.length >= bytes
                ? found
                : new byte[(bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES];
    }

    private synchronized byte @Nullable [] pop() {
        return kept.poll();
    }

    private synchronized byte @Nullable [] takeLarge() {
        byte @Nullable [] large = keptLarge.get();
        keptLarge.clear();
        return large;
    }

    synchronized void give(byte[] body) {
        if (body.length > KEPT_BYTES_MAX) {
            keptLarge = new SoftReference<>(body);
        }
        if (body.length > 0 && body.length <= KEPT_BYTES_MAX && kept.size() < KEPT_MAX) {
            kept.push(body);
        }
    }
}
