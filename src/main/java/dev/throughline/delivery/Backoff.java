package dev.throughline.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Exponential pauses with full jitter: each is drawn from zero to a bound that doubles. Not thread-safe. */
final class Backoff {
    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minNanos = min.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
    }

    /** The pause after one more failure. */
    Duration next(Duration atLeast) {
        long bound = minNanos;
        for (int i = 0; i < failures && bound < maxNanos; i++) {
            bound = Math.min(bound * 2, maxNanos);
        }
        failures++;
        return Duration.ofNanos(Math.max(atLeast.toNanos(), random.nextLong(bound + 1)));
    }

    /** Failures in a row. */
    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }
}
