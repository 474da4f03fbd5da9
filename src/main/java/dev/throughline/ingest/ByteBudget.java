package dev.throughline.ingest;

import java.util.ArrayDeque;

/**
 * Bytes that may be in flight at one time. Who finds none waits in line, its socket unread; the line is as long as there are
 * connections at the most. Thread-safe; what waits is run by the thread that gives bytes back.
 */
final class ByteBudget {
    private final long max;
    private long used;
    private final ArrayDeque<Waiter> line = new ArrayDeque<>();

    private record Waiter(long bytes, Runnable then) {}

    ByteBudget(long max) {
        this.max = max;
    }

    /** Takes the bytes now and answers true, or puts {@code then} into the line, to be run once they are taken. */
    synchronized boolean take(long bytes, Runnable then) {
        if (line.isEmpty() && fits(bytes)) {
            used += bytes;
            return true;
        }
        line.add(new Waiter(bytes, then));
        return false;
    }

    /** Leaves the line; false where its turn has come already. */
    @SuppressWarnings("ReferenceEquality") // this very waiter
    synchronized boolean leave(Runnable then) {
        return line.removeIf(waiter -> waiter.then == then);
    }

    /** Takes the bytes though there may be none left: for what turned out larger than it looked. */
    synchronized void force(long bytes) {
        used += bytes;
    }

    void give(long bytes) {
        ArrayDeque<Runnable> ready = new ArrayDeque<>();
        synchronized (this) {
            used -= bytes;
            while (!line.isEmpty() && fits(line.element().bytes)) {
                Waiter next = line.remove();
                used += next.bytes;
                ready.add(next.then);
            }
        }
        ready.forEach(Runnable::run);
    }

    /** One that is larger than the whole budget goes alone. */
    private boolean fits(long bytes) {
        return used == 0 || used + bytes <= max;
    }

    synchronized long used() {
        return used;
    }
}
