package dev.throughline.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void aPercentileIsAtMostAFiftiethAboveTheTrueOne() {
        long only = Long.getLong("seed", -1);
        LongStream.range(0, 200).filter(seed -> only < 0 || seed == only).forEach(seed -> {
            Random random = new Random(seed);
            long[] values = new long[1 + random.nextInt(2_000)];
            LatencyHistogram histogram = new LatencyHistogram();
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextLong() >>> (1 + random.nextInt(62));
                histogram.record(values[i]);
            }
            Arrays.sort(values);
            for (double percent : new double[] {0.1, 25, 50, 90, 99, 99.9, 100}) {
                long exact = values[(int) Math.max(0, Math.ceil(percent / 100 * values.length) - 1)];
                long told = histogram.percentile(percent).toNanos();
                assertThat(told).as("seed %d, %s %%", seed, percent).isGreaterThanOrEqualTo(exact);
                assertThat((double) told).as("seed %d, %s %%", seed, percent).isLessThanOrEqualTo(exact * 1.016);
            }
        });
    }

    @Test
    void smallValuesAreExact() {
        LatencyHistogram histogram = new LatencyHistogram();
        for (int i = 1; i <= 100; i++) {
            histogram.record(i);
        }
        assertThat(histogram.percentile(50)).isEqualTo(Duration.ofNanos(50));
        assertThat(histogram.percentile(99)).isEqualTo(Duration.ofNanos(99));
        assertThat(histogram.max()).isEqualTo(Duration.ofNanos(100));
    }

    @Test
    void joinedHistogramsAreTheHistogramOfAll() {
        LatencyHistogram left = new LatencyHistogram();
        LatencyHistogram right = new LatencyHistogram();
        left.record(1_000);
        right.record(9_000_000);
        right.record(Long.MAX_VALUE);
        left.add(right);
        assertThat(left.count()).isEqualTo(3);
        assertThat(left.max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        assertThat(left.percentile(100)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void nothingRecordedIsZeroAndANegativeLatencyTooIsZero() {
        LatencyHistogram histogram = new LatencyHistogram();
        assertThat(histogram.percentile(99)).isZero();
        histogram.record(-5);
        assertThat(histogram.percentile(99)).isZero();
    }
}
