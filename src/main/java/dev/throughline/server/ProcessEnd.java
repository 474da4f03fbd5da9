package dev.throughline.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How the process ends when it is told to (SIGTERM, SIGINT). While it starts it ends at once: whatever a part has written by then
 * is what it can recover from. Once it is ready it drains, and a watchdog ends it when that takes longer than it may. The watchdog
 * runs from the first moment and needs nothing when its time comes: no class, no descriptor, no lock that others hold.
 */
public final class ProcessEnd {
    /** Stopped as it was told to. */
    public static final int STOPPED = 0;
    /** Could not be started. */
    public static final int NOT_STARTED = 2;
    /** The drain did not end in its time; what was acknowledged is in the spool. 3 is the JVM's, for no memory. */
    public static final int NOT_DRAINED = 4;

    /** Requests under way, exporters and files have this long besides the drain's own time. */
    static final Duration MARGIN = Duration.ofSeconds(20);

    private static final byte[] LATE =
            "throughline: drain_overdue: the program did not stop in its time and was ended; the rest stays in the spool\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static volatile @Nullable ProcessEnd watching;

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final IntConsumer halt;
    private final OutputStream err;
    private final Thread signal = new Thread(this::stop, "stop-signal");
    private final Thread watchdog = new Thread(this::watch, "stop-watchdog");
    private volatile long drainNanosMax;

    ProcessEnd(IntConsumer halt, OutputStream err) {
        this.halt = halt;
        this.err = err;
        watchdog.setDaemon(true);
    }

    /** Watches this process from now on. Call it before anything else is done. */
    public static ProcessEnd watch(IntConsumer halt) {
        ProcessEnd end = new ProcessEnd(halt, new FileOutputStream(FileDescriptor.err));
        watching = end;
        end.watchdog.start();
        try {
            Runtime.getRuntime().addShutdownHook(end.signal);
        } catch (IllegalStateException _) {
            // It was told to stop before it began.
            end.halt.accept(STOPPED);
        }
        return end;
    }

    /** From now on the process drains when it is told to end, and has this long for it. */
    static void ready(Duration drainMax) {
        ProcessEnd end = watching;
        if (end != null) {
            end.drainsWithin(drainMax.plus(MARGIN));
        }
    }

    void drainsWithin(Duration time) {
        drainNanosMax = time.toNanos();
    }

    /**
     * Whether it was told to end: what fails from then on fails for it. Asked by who is about to end the process. The JVM refuses
     * hooks from the moment that the signal comes, which is before the one of this class runs.
     */
    public boolean isTold() {
        if (told.getCount() == 0) {
            return true;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(signal);
            return false;
        } catch (IllegalStateException _) {
            return true;
        }
    }

    /** The program is at its end; nobody has to wait for it any more. */
    public void ended() {
        ended.countDown();
    }

    /** A shutdown hook, which holds the JVM until the program has ended: it would answer SIGTERM with 143. */
    void stop() {
        if (ended.getCount() == 0) {
            return;
        }
        told.countDown();
        if (drainNanosMax == 0) {
            halt.accept(STOPPED);
        }
        await(ended);
    }

    void watch() {
        await(told);
        long nanosMax = drainNanosMax;
        if (nanosMax != 0 && !await(ended, nanosMax)) {
            try {
                err.write(LATE);
            } catch (IOException _) {
                // Nobody reads it; the exit code says it too.
            }
            halt.accept(NOT_DRAINED);
        }
    }

    private static void await(CountDownLatch latch) {
        while (!await(latch, Long.MAX_VALUE)) {
            // Interrupted, or three hundred years have passed.
        }
    }

    private static boolean await(CountDownLatch latch, long nanos) {
        long end = System.nanoTime() + nanos;
        while (true) {
            try {
                return latch.await(nanos == Long.MAX_VALUE ? nanos : end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                // Nobody interrupts these threads for a reason that counts more.
            }
        }
    }
}
