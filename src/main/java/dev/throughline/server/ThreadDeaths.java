package dev.throughline.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * No thread ends by an exception without a line: its name, the exception's kind and the place, never its message. The first ones and
 * then each power of two are logged; all are counted. Thread-safe.
 */
@Singleton
public final class ThreadDeaths implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = Logger.getLogger(ThreadDeaths.class);
    private static final long LOGGED_EACH = 8;

    private final Counter counter;
    private final AtomicLong deaths = new AtomicLong();

    ThreadDeaths(MeterRegistry registry) {
        counter = Counter.builder("throughline_uncaught_exceptions")
                .description("Threads that an exception ended which nobody expected")
                .register(registry);
        FunctionCounter.builder(
                        "throughline_too_many_open_files",
                        ExhaustedDescriptors.class,
                        _ -> ExhaustedDescriptors.times())
                .description("Failures because no file or connection could be opened")
                .register(registry);
    }

    /** For every thread that has no handler of its own, from now on. */
    void install() {
        Thread.setDefaultUncaughtExceptionHandler(this);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        counter.increment();
        long number = deaths.incrementAndGet();
        if (number <= LOGGED_EACH || Long.bitCount(number) == 1) {
            LOG.errorf(
                    "thread %s ended: %s at %s (%d so far)",
                    thread.getName(), thrown.getClass().getName(), place(thrown), number);
        }
    }

    private static String place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "?" : trace[0].getClassName() + ":" + trace[0].getLineNumber();
    }
}
