package dev.throughline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final QuarantineSink NO_QUARANTINE = (name, batch, failures) -> new QuarantineSink.Kept.Durable();
    private static final String AWAY = "away";

    private static Dispatcher dispatcher(Duration backoff, Duration drain) {
        DispatcherConfig config = new DispatcherConfig(
                1 << 20, 100, Duration.ofSeconds(2), backoff, backoff, Duration.ofMillis(10), drain);
        return new Dispatcher(config, NO_QUARANTINE, DeliveryListener.NONE, 1);
    }

    /** Away until told otherwise. */
    private static final class OutageExporter extends MemoryExporter {
        private final Stream only;
        private volatile boolean away = true;

        OutageExporter(Stream only) {
            this.only = only;
        }

        @Override
        public ExportResult export(RecordBatch batch) {
            return away && batch.stream() == only
                    ? new ExportResult.RetryAfter(Duration.ZERO, AWAY)
                    : super.export(batch);
        }
    }

    @Test
    void anOutageOfOneStreamOrExporterHoldsNoOther() {
        OutageExporter half = new OutageExporter(Stream.OPERATIONAL_LOGS);
        MemoryExporter whole = new MemoryExporter();
        try (Dispatcher dispatcher = dispatcher(Duration.ofMillis(5), Duration.ofSeconds(20))) {
            ListSource held = new ListSource(Stream.OPERATIONAL_LOGS).append(1_000);
            dispatcher.start(half, held);
            dispatcher.start(half, new ListSource(Stream.AUDIT).append(1_000));
            dispatcher.start(whole, new ListSource(Stream.OPERATIONAL_LOGS).append(1_000));

            await().until(() -> half.ids(Stream.AUDIT).size() == 1_000
                    && whole.ids(Stream.OPERATIONAL_LOGS).size() == 1_000);
            await().until(() -> dispatcher.states().stream().anyMatch(lane -> AWAY.equals(lane.trouble())));
            assertThat(held.acknowledged()).isZero();

            half.away = false;
            assertThat(dispatcher.drain()).isTrue();
            assertThat(half.ids(Stream.OPERATIONAL_LOGS))
                    .isEqualTo(LongStream.range(0, 1_000).boxed().toList());
            assertThat(held.acknowledged()).isEqualTo(1_000);
        }
    }

    @Test
    void whatIsAppendedLaterIsDeliveredToo() {
        MemoryExporter exporter = new MemoryExporter();
        try (Dispatcher dispatcher = dispatcher(Duration.ofMillis(5), Duration.ofSeconds(20))) {
            ListSource source = new ListSource(Stream.AUDIT);
            dispatcher.start(exporter, source);
            for (int i = 1; i <= 5; i++) {
                source.append(10);
                int expected = i * 10;
                await().until(() -> source.acknowledged() == expected);
            }
        }
    }

    @Test
    void anOrderlyEndDeliversWhatIsSpooled() {
        MemoryExporter exporter = new MemoryExporter();
        ListSource source = new ListSource(Stream.AUDIT).append(20_000);
        Dispatcher dispatcher = dispatcher(Duration.ofMillis(5), Duration.ofSeconds(20));
        dispatcher.start(exporter, source);

        assertThat(dispatcher.drain()).isTrue();

        assertThat(source.acknowledged()).isEqualTo(20_000);
        assertThat(exporter.export(source.append(1).read(1, 1))).isInstanceOf(ExportResult.RetryAfter.class);
        assertThatThrownBy(() -> dispatcher.start(exporter, source)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLongPauseDoesNotHoldUpTheEndAndWhatIsLeftStays() {
        OutageExporter exporter = new OutageExporter(Stream.AUDIT);
        ListSource source = new ListSource(Stream.AUDIT).append(10);
        Dispatcher dispatcher = dispatcher(Duration.ofHours(10), Duration.ofMillis(50));
        dispatcher.start(exporter, source);
        await().until(() -> AWAY.equals(dispatcher.states().getFirst().trouble()));

        assertThat(dispatcher.drain()).isFalse();

        assertThat(source.acknowledged()).isZero();
        source.restart();
        assertThat(source.read(1 << 20, 100)).isNotNull();
        assertThat(threads("deliver-memory-audit")).isZero();
    }

    @Test
    void anExporterThatHangsIsClosedAtTheEnd() {
        CountDownLatch closed = new CountDownLatch(1);
        MemoryExporter hanging = new MemoryExporter() {
            @Override
            public ExportResult export(RecordBatch batch) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return super.export(batch);
            }

            @Override
            public String name() {
                return "hanging";
            }

            @Override
            public synchronized void close() {
                closed.countDown();
            }
        };
        Dispatcher dispatcher = dispatcher(Duration.ofMillis(5), Duration.ofMillis(50));
        dispatcher.start(hanging, new ListSource(Stream.AUDIT).append(10));

        assertThat(dispatcher.drain()).isFalse();

        assertThat(closed.getCount()).isZero();
        assertThat(threads("deliver-hanging-audit")).isZero();
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }
}
