package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DropRateTest {
    private static final int MIB = 1 << 20;

    private final AtomicLong now = new AtomicLong();
    private final DropRate rate = new DropRate(now::get);

    @Test
    void aBodyIsSoonOver() {
        for (int i = 0; i < 15; i++) {
            assertThat(rate.dropped(MIB)).isTrue();
        }
    }

    @Test
    void manyAreReadAtOneRate() {
        long dropped = 0;
        for (int millis = 0; millis < 10_000; millis++) {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            boolean more = true;
            while (more) {
                more = rate.dropped(64 << 10);
                dropped += 64 << 10;
            }
        }
        assertThat(dropped / MIB).isBetween(640L, 660L);
    }
}
