package dev.throughline.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Names what a process without a free descriptor meets in every corner as what it is: {@code too_many_open_files}. The first log
 * record of that kind is told so, with what to do; those of the next minute are counted and told with the first after it. Thread-safe.
 */
final class ExhaustedDescriptors implements Filter {
    static final String CODE = "too_many_open_files";

    /** What the C library says for EMFILE and, after it, for ENFILE. */
    private static final String EMFILE = "Too many open files";

    private static final int CAUSES_MAX = 8;
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final AtomicLong TIMES = new AtomicLong();

    private final LongSupplier nanoClock;
    private long quietUntilNanos;
    private boolean told;
    private long since;

    ExhaustedDescriptors(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** How often it was met since the process began. */
    static long times() {
        return TIMES.get();
    }

    /** Whether a failure says, at any depth, that no descriptor was free. */
    static boolean isMeantBy(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++, cause = cause.getCause()) {
            if (cause.getMessage() != null && cause.getMessage().contains(EMFILE)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        if (!isMeantBy(record.getThrown())) {
            return true;
        }
        TIMES.incrementAndGet();
        long times;
        synchronized (this) {
            since++;
            long now = nanoClock.getAsLong();
            if (told && now - quietUntilNanos < 0) {
                return false;
            }
            told = true;
            quietUntilNanos = now + QUIET_NANOS;
            times = since;
            since = 0;
        }
        record.setThrown(null);
        String message = CODE + ": no file or connection could be opened, " + times
                + " times since this was last said; fewer connections, or a higher limit (ulimit -n), end it";
        if (record instanceof ExtLogRecord own) {
            own.setMessage(message, ExtLogRecord.FormatStyle.NO_FORMAT);
        } else {
            record.setMessage(message);
        }
        return true;
    }
}
