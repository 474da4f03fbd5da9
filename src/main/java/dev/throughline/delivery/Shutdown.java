package dev.throughline.delivery;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Tells the lanes when to finish; wakes those that pause. Thread-safe. */
final class Shutdown {
    enum Phase {
        RUNNING,
        /** Deliver what is spooled, then end. */
        DRAINING,
        /** End now. */
        STOPPED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile Phase phase = Phase.RUNNING;

    Phase phase() {
        return phase;
    }

    void advance(Phase next) {
        lock.lock();
        try {
            if (next.compareTo(phase) > 0) {
                phase = next;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits, but not beyond the end of the phase it began in. */
    void pause(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Phase before = phase;
            long left = time.toNanos();
            while (left > 0 && phase == before) {
                left = moved.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    static void join(Thread thread, long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, nanos));
    }
}
