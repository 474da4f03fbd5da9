package dev.throughline.cli.bench;

import dev.throughline.cli.load.LatencyHistogram;
import java.time.Duration;

/** What came of a row. */
public sealed interface RowResult {
    Row row();

    /**
     * A row that ran.
     *
     * @param acknowledged events of the counted part that the program took
     * @param counted events of the counted part that were found at the destination
     * @param troubled requests that were answered "later", given up or broken
     * @param elapsed from the first event sent to the last one counted
     * @param cpu of the server in that time
     * @param tokenWalk CPU-seconds a million, the median of the walks just before and just after
     */
    record Measured(
            Row row,
            long acknowledged,
            long counted,
            long troubled,
            Duration elapsed,
            Duration cpu,
            double tokenWalk,
            long residentPeakBytes,
            LatencyHistogram latency)
            implements RowResult {
        public double eventsPerSecond() {
            return acknowledged / seconds(elapsed);
        }

        public double cpuSecondsPerMillion() {
            return seconds(cpu) * 1e6 / Math.max(1, acknowledged);
        }

        public double tokenWalks() {
            return cpuSecondsPerMillion() / tokenWalk;
        }

        public double answerMillis(double percent) {
            return latency.percentile(percent).toNanos() / 1e6;
        }

        /** Whether everything that was acknowledged was found. */
        public boolean whole() {
            return acknowledged > 0 && counted >= acknowledged;
        }

        private static double seconds(Duration duration) {
            return Math.max(1e-9, duration.toNanos() / 1e9);
        }
    }

    /**
     * Reloads under load.
     *
     * @param reloads how many were put in force
     * @param took what the program says of each, from the look at the directory to the swap
     * @param inForce from the swap of the directory to the swap in the program
     * @param without answer times before the first reload
     * @param with answer times while policies were put in force
     * @param lost records that were acknowledged and not found, or refused
     */
    record Reloaded(
            Row row,
            int reloads,
            LatencyHistogram took,
            LatencyHistogram inForce,
            LatencyHistogram without,
            LatencyHistogram with,
            long lost,
            long residentPeakBytes)
            implements RowResult {
        static double millis(Duration duration) {
            return duration.toNanos() / 1e6;
        }
    }

    /** A row that could not run, and why. */
    record NotRun(Row row, String reason) implements RowResult {}
}
