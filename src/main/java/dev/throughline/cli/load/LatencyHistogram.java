package dev.throughline.cli.load;

import java.time.Duration;

/**
 * Counts of latencies in logarithmic buckets, 64 to a doubling: a percentile is at most 1.6 % above the true one, whatever the
 * range. One thread records; {@link #add} joins histograms afterwards.
 */
public final class LatencyHistogram {
    private static final int SUB_BITS = 7;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;
    private static final int BUCKETS = (Long.SIZE - SUB_BITS) * (SUB_BUCKETS / 2) + SUB_BUCKETS;

    private final long[] counts = new long[BUCKETS];
    private long count;
    private long max;

    /** Counts a latency; a negative one counts as zero. */
    public void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        count++;
        max = Math.max(max, value);
    }

    public void add(LatencyHistogram other) {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    public long count() {
        return count;
    }

    public Duration max() {
        return Duration.ofNanos(max);
    }

    /**
     * The latency that {@code percent} of the recorded ones do not exceed; zero where nothing was recorded.
     *
     * @param percent above 0, at most 100
     */
    public Duration percentile(double percent) {
        long rank = Math.max(1, (long) Math.ceil(percent / 100 * count));
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Duration.ofNanos(Math.min(max, upperBound(i)));
            }
        }
        return Duration.ZERO;
    }

    private static int bucket(long value) {
        if (value < SUB_BUCKETS) {
            return (int) value;
        }
        int shift = Long.SIZE - SUB_BITS - Long.numberOfLeadingZeros(value);
        // Values of one doubling keep their top SUB_BITS bits: the leading one selects the upper half of a row.
        return shift * (SUB_BUCKETS / 2) + (int) (value >>> shift);
    }

    private static long upperBound(int bucket) {
        if (bucket < SUB_BUCKETS) {
            return bucket;
        }
        int shift = bucket / (SUB_BUCKETS / 2) - 1;
        long top = bucket - (long) shift * (SUB_BUCKETS / 2);
        return ((top + 1) << shift) - 1;
    }

    @Override
    public String toString() {
        return "LatencyHistogram[" + count + " latencies, p50 " + percentile(50) + ", p99 " + percentile(99) + "]";
    }
}
