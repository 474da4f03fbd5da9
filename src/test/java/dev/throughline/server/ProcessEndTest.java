package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcessEndTest {
    private final List<Integer> halts = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ProcessEnd end = new ProcessEnd(halts::add, err);

    private static Thread run(Runnable task) {
        return Thread.ofPlatform().daemon().start(task);
    }

    @Test
    void whoHasEndedIsNotHaltedByItsOwnExit() {
        end.ended();
        end.stop();
        assertThat(halts).isEmpty();
    }

    @Test
    void whileItStartsASignalEndsItAtOnceAndWell() {
        Thread watchdog = run(end::watch);
        Thread signal = run(end::stop);
        await().until(() -> halts.equals(List.of(ProcessEnd.STOPPED)));
        assertThat(end.isTold()).isTrue();
        await().until(() -> !watchdog.isAlive());
        end.ended();
        await().until(() -> !signal.isAlive());
        assertThat(halts).containsExactly(ProcessEnd.STOPPED);
        assertThat(err.size()).isZero();
    }

    @Test
    void onceReadyTheSignalIsHeldUntilTheProgramHasEnded() {
        end.drainsWithin(Duration.ofMinutes(1));
        Thread watchdog = run(end::watch);
        assertThat(end.isTold()).isFalse();
        Thread signal = run(end::stop);
        await().until(end::isTold);
        assertThat(signal.isAlive()).isTrue();
        end.ended();
        await().until(() -> !signal.isAlive() && !watchdog.isAlive());
        assertThat(halts).isEmpty();
    }

    @Test
    void aDrainThatDoesNotEndIsEndedByTheWatchdogWithACodeAndALine() {
        end.drainsWithin(Duration.ofMillis(50));
        run(end::watch);
        run(end::stop);
        await().until(() -> halts.equals(List.of(ProcessEnd.NOT_DRAINED)));
        assertThat(err.toString(StandardCharsets.US_ASCII))
                .startsWith("throughline: drain_overdue: ")
                .hasLineCount(1);
    }

    @Test
    void anInterruptionEndsNeitherThreadsWait() {
        end.drainsWithin(Duration.ofMinutes(1));
        Thread watchdog = run(end::watch);
        Thread signal = run(end::stop);
        await().until(end::isTold);
        watchdog.interrupt();
        signal.interrupt();
        await().during(Duration.ofMillis(200)).until(() -> signal.isAlive() && watchdog.isAlive() && halts.isEmpty());
        end.ended();
        await().until(() -> !signal.isAlive());
    }
}
