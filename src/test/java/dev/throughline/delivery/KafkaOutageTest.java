package dev.throughline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real broker that is killed, frozen, stopped and started again while records flow. */
class KafkaOutageTest {
    private static final int KEYS = 97;
    private static final long HEAP_GROWTH_BYTES_MAX = 96L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaBroker broker = KafkaBroker.start();
    private final AtomicLong retries = new AtomicLong();
    private final ListSource logs = source(Stream.OPERATIONAL_LOGS);
    private final ListSource audit = source(Stream.AUDIT);
    private Dispatcher dispatcher = dispatcher();

    private static ListSource source(Stream stream) {
        return new ListSource(stream, n -> "corr_" + n * 31 % KEYS);
    }

    private Dispatcher dispatcher() {
        DispatcherConfig config = new DispatcherConfig(
                1 << 20,
                2_000,
                Duration.ofSeconds(2),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofMillis(10),
                Duration.ZERO);
        DeliveryListener listener = new DeliveryListener() {
            @Override
            public void retried(String exporter, Stream stream, String code, Duration pause) {
                retries.incrementAndGet();
            }
        };
        KafkaConfig kafka = KafkaConfig.of(broker.bootstrapServers(), "outage")
                .withTimeouts(new KafkaConfig.Timeouts(
                        Duration.ofMillis(1_000),
                        Duration.ofMillis(2_000),
                        Duration.ofMillis(1_000),
                        Duration.ofMinutes(5)));
        Dispatcher made = new Dispatcher(
                config,
                (name, batch, failures) -> new QuarantineSink.Kept.Later(Duration.ZERO, "unwanted"),
                listener,
                1);
        KafkaExporter exporter = new KafkaExporter(kafka, PayloadEncoder.DOCUMENT, listener);
        made.start(exporter, logs);
        made.start(exporter, audit);
        return made;
    }

    @AfterEach
    void end() {
        dispatcher.close();
        broker.close();
    }

    private void awaitProgress(long records) {
        long target = logs.acknowledged() + records;
        await().atMost(PATIENCE).until(() -> logs.acknowledged() >= target);
    }

    private void awaitRetries(int more) {
        long target = retries.get() + more;
        await().atMost(PATIENCE).until(() -> retries.get() >= target);
    }

    @Test
    void whatIsAcknowledgedArrivesInOrderWhateverHappensToTheBroker() {
        // The load never dries up: whoever interrupts, interrupts something.
        logs.append(2_000_000);
        audit.append(50_000);
        awaitProgress(10_000);
        long heapBefore = heapBytes();

        broker.kill();
        awaitRetries(3);
        restartDispatcher();
        broker.restart();
        awaitProgress(10_000);

        broker.freeze();
        awaitRetries(4);
        assertThat(heapBytes() - heapBefore).isLessThan(HEAP_GROWTH_BYTES_MAX);
        broker.thaw();
        awaitProgress(10_000);

        // Shorter than any timeout: nobody notices but the clock.
        broker.freeze();
        LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        broker.thaw();
        awaitProgress(10_000);

        restartDispatcher();
        awaitProgress(10_000);
        await().atMost(PATIENCE).until(() -> audit.acknowledged() == 50_000);

        dispatcher.close();
        assertArrived(logs);
        assertArrived(audit);
    }

    /** As when the process ends in the middle of it: what was not acknowledged comes again. */
    private void restartDispatcher() {
        dispatcher.close();
        logs.restart();
        audit.restart();
        dispatcher = dispatcher();
    }

    /** All that was acknowledged is there, and in each key's partition no record is first seen after a later one of its key. */
    private void assertArrived(ListSource source) {
        BitSet seen = new BitSet();
        Map<String, Long> latest = new HashMap<>();
        AtomicLong duplicates = new AtomicLong();
        broker.forEach("outage." + source.stream().label(), message -> {
            long id = HexFormat.fromHexDigitsToLong(
                    new String(message.headers().lastHeader("record-id").value(), StandardCharsets.US_ASCII), 16, 32);
            if (seen.get((int) id)) {
                duplicates.incrementAndGet();
                return;
            }
            seen.set((int) id);
            String key = message.partition() + new String(message.key(), StandardCharsets.US_ASCII);
            Long before = latest.put(key, id);
            if (before != null) {
                assertThat(id).as("of %s", key).isGreaterThan(before);
            }
        });
        assertThat(latest).as("each key has one partition").hasSizeLessThanOrEqualTo(KEYS);
        assertThat((long) seen.nextClearBit(0)).isGreaterThanOrEqualTo(source.acknowledged());
        assertThat(source.acknowledged()).isPositive();
        assertThat(duplicates.get()).isLessThan(source.acknowledged());
    }

    private static long heapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
