package dev.throughline;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Failures of a request that nobody expected. Each is answered 503 by whoever met it, so that the sender keeps what it has and comes
 * back; here it is counted as {@code throughline_defects_total} and logged: the first of a kind, then the 10th, the 100th and so on.
 * A line names the kind and the place, never the message, which can quote the request. At most {@value #KINDS_MAX} kinds are told apart.
 * Thread-safe.
 */
@ApplicationScoped
public class Defects {
    /** What a caller is told to wait, in seconds. */
    public static final String RETRY_AFTER_SECONDS = "2";

    private static final Logger LOG = Logger.getLogger(Defects.class);
    private static final int KINDS_MAX = 50;
    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

    public Defects(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Counts one, and perhaps logs it.
     *
     * @param part what met it: a port ({@code api}, {@code otlp_http}, {@code otlp_grpc}, {@code probes}), or {@code ingest} behind them
     */
    public void count(String part, Throwable failure) {
        String kind = bounded(failure.getClass().getSimpleName());
        registry.counter("throughline_defects", "kind", kind, "part", part).increment();
        AtomicLong seen = counts.get(kind);
        long times = seen == null ? 1 : seen.incrementAndGet();
        if (isPowerOfTen(times)) {
            LOG.errorf("a request failed: %s at %s, %d times so far", kind, place(failure), times);
        }
    }

    private String bounded(String kind) {
        if (!counts.containsKey(kind) && counts.size() >= KINDS_MAX) {
            counts.computeIfAbsent(OTHER, _ -> new AtomicLong());
            return OTHER;
        }
        counts.computeIfAbsent(kind, _ -> new AtomicLong());
        return kind;
    }

    private static boolean isPowerOfTen(long times) {
        long power = 1;
        while (power < times) {
            power *= 10;
        }
        return power == times;
    }

    private static String place(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "?" : trace[0].getClassName() + ":" + trace[0].getLineNumber();
    }
}
