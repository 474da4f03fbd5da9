package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailedAttemptsTest {
    private final AtomicLong now = new AtomicLong(1);
    private final FailedAttempts attempts = new FailedAttempts(new SimpleMeterRegistry(), now::get, new byte[16]);

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void theFirstOfASourceIsToldAndTheRestIsCounted() {
        assertThat(attempts.failed("127.0.0.1", "api", true).line())
                .matches(
                        "authentication failed: a wrong token from 127\\.0\\.0\\.1 \\(source [0-9a-f]{8}\\) on port api");
        for (int i = 0; i < 41; i++) {
            assertThat(attempts.failed("127.0.0.1", "api", i % 2 == 0).line()).isEmpty();
        }
        assertThat(attempts.interval()).singleElement().asString().contains("41 more times from 127.0.0.1");
        assertThat(attempts.interval()).isEmpty();
        assertThat(attempts.failed("127.0.0.1", "api", true).line()).isNotEmpty();
    }

    @Test
    void manySourcesAreBoundedInMemoryAndInLinesAndNoneIsLost() {
        int lines = 0;
        for (int i = 0; i < 5_000; i++) {
            lines += attempts.failed("10.0." + i / 250 + "." + i % 250, "api", false)
                            .line()
                            .isEmpty()
                    ? 0
                    : 1;
        }
        assertThat(attempts.size()).isEqualTo(FailedAttempts.SOURCES_MAX);
        assertThat(lines).isEqualTo(FailedAttempts.LINES_MAX);
        assertThat(attempts.interval())
                .hasSize(FailedAttempts.LINES_MAX + 1)
                .last()
                .asString()
                .contains((5_000 - 2 * FailedAttempts.LINES_MAX) + " more times from other sources");
    }

    @Test
    void theDelayGrowsToABoundAndIsForgottenAfterAQuietMinute() {
        long last = 0;
        for (int i = 0; i < 40; i++) {
            long delay = attempts.failed("127.0.0.1", "api", true).delayMillis();
            assertThat(delay).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(FailedAttempts.DELAY_MAX_MS);
            assertThat(delay == 0).isEqualTo(i < 3);
            last = delay;
        }
        assertThat(last).isEqualTo(FailedAttempts.DELAY_MAX_MS);
        assertThat(attempts.failed("127.0.0.2", "api", true).delayMillis())
                .as("another source")
                .isZero();
        assertThat(attempts.failed("127.0.0.1", "api", false).delayMillis())
                .as("no token guesses nothing")
                .isZero();
        pass(61);
        assertThat(attempts.failed("127.0.0.1", "api", true).delayMillis()).isZero();
    }

    @Test
    void theAddressesOfOneIpv6NetworkAreOneSource() {
        for (int i = 0; i < 10; i++) {
            attempts.failed("2001:db8:1:2:" + i + ":0:0:1", "api", true);
        }
        assertThat(attempts.size()).isOne();
        attempts.failed("2001:db8:1:3:0:0:0:1", "api", true);
        assertThat(attempts.size()).isEqualTo(2);
    }

    @Test
    void whoIsQuietIsForgotten() {
        attempts.failed("127.0.0.1", "api", true);
        pass(61);
        attempts.interval();
        assertThat(attempts.size()).isZero();
    }
}
