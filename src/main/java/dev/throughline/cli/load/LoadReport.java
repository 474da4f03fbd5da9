package dev.throughline.cli.load;

import java.time.Duration;

/**
 * What came of a plan.
 *
 * @param taken requests answered with 200
 * @param later answers that asked to come again (429, 503 …)
 * @param failed requests given up: any other answer
 * @param broken connections that broke under a request, which was then sent again
 * @param accepted records the program acknowledged
 */
public record LoadReport(
        long taken,
        long later,
        long failed,
        long broken,
        long accepted,
        long refused,
        long duplicates,
        LatencyHistogram latency,
        Duration elapsed) {
    public double acceptedPerSecond() {
        return accepted / Math.max(1e-9, elapsed.toNanos() / 1e9);
    }
}
