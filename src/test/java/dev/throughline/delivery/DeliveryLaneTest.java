package dev.throughline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.delivery.DeliveryLane.Step;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** One lane, step by step: no thread, no clock. */
class DeliveryLaneTest {
    private static final DispatcherConfig CONFIG = new DispatcherConfig(
            1 << 20,
            100,
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            Duration.ofSeconds(5));

    private final List<String> told = new ArrayList<>();
    private final List<String> quarantined = new ArrayList<>();
    private final Deque<QuarantineSink.Kept> sinkAnswers = new ArrayDeque<>();
    private final ScriptedExporter exporter = new ScriptedExporter();
    private ListSource source = new ListSource(Stream.OPERATIONAL_LOGS);
    private long nanos;

    /** Answers what it is told to, then delivers; remembers what it was given. */
    private static final class ScriptedExporter implements Exporter {
        private final Deque<Function<RecordBatch, ExportResult>> script = new ArrayDeque<>();
        private final List<List<Long>> given = new ArrayList<>();

        ScriptedExporter then(Function<RecordBatch, ExportResult> answer) {
            script.add(answer);
            return this;
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public ExportResult export(RecordBatch batch) {
            RecordFrame view = new RecordFrame();
            List<Long> ids = new ArrayList<>();
            for (int i = 0; i < batch.count(); i++) {
                ids.add(batch.frame(i, view).idLow());
            }
            given.add(ids);
            return script.isEmpty()
                    ? new ExportResult.Delivered(batch.count(), 0)
                    : script.removeFirst().apply(batch);
        }

        @Override
        public void close() {}
    }

    private final DeliveryListener listener = new DeliveryListener() {
        @Override
        public void delivered(String name, Stream stream, int records, int duplicates) {
            told.add("delivered " + records);
        }

        @Override
        public void quarantined(String name, Stream stream, String code, int records) {
            told.add("quarantined " + code + " " + records);
        }

        @Override
        public void passedOver(String name, String code, int records) {
            told.add("passed over " + code + " " + records);
        }

        @Override
        public void retried(String name, Stream stream, String code, Duration pause) {
            told.add("retried " + code);
        }
    };

    private final QuarantineSink sink = (name, batch, failures) -> {
        QuarantineSink.Kept answer =
                sinkAnswers.isEmpty() ? new QuarantineSink.Kept.Durable() : sinkAnswers.removeFirst();
        if (answer instanceof QuarantineSink.Kept.Durable) {
            RecordFrame view = new RecordFrame();
            failures.forEach(failure ->
                    quarantined.add(batch.frame(failure.index(), view).idLow() + " " + failure.code()));
        }
        return answer;
    };

    private DeliveryLane lane() {
        return new DeliveryLane(
                exporter,
                source,
                new DeliveryLane.Surroundings(CONFIG, sink, listener, new Shutdown(), () -> nanos),
                new SplittableRandom(Long.getLong("seed", 7)));
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static ExportResult later(String code) {
        return new ExportResult.RetryAfter(Duration.ZERO, code);
    }

    @Test
    void theCursorMovesOnlyAfterTheExporterHasTheBatch() {
        source.append(150);
        exporter.then(batch -> {
            assertThat(source.acknowledged()).isZero();
            return new ExportResult.Delivered(batch.count(), 3);
        });
        DeliveryLane lane = lane();

        assertThat(lane.step()).isInstanceOf(Step.Moved.class);
        assertThat(source.acknowledged()).isEqualTo(100);
        assertThat(lane.step()).isInstanceOf(Step.Moved.class);
        assertThat(lane.step()).isInstanceOf(Step.Idle.class);
        assertThat(source.acknowledged()).isEqualTo(150);
        assertThat(told).containsExactly("delivered 100", "delivered 50");
    }

    @Test
    void theSameBatchComesAgainUntilItIsTaken() {
        source.append(10);
        for (int i = 0; i < 50; i++) {
            exporter.then(_ -> later("away"));
        }
        DeliveryLane lane = lane();

        for (int i = 0; i < 50; i++) {
            assertThat(lane.step()).isInstanceOf(Step.Pause.class);
            source.append(1);
            assertThat(source.acknowledged()).isZero();
            assertThat(lane.trouble()).isEqualTo("away");
        }
        assertThat(lane.step()).isInstanceOf(Step.Moved.class);

        assertThat(exporter.given).hasSize(51).allMatch(range(0, 10)::equals);
        assertThat(source.acknowledged()).isEqualTo(10);
        assertThat(lane.trouble()).isNull();
    }

    @Test
    void pausesAreDrawnBelowADoublingBoundAndStartOverAfterSuccess() {
        source.append(1);
        for (int i = 0; i < 20; i++) {
            exporter.then(_ -> later("away"));
        }
        DeliveryLane lane = lane();
        long bound = 100;
        long longest = 0;
        for (int i = 0; i < 20; i++) {
            long millis = ((Step.Pause) lane.step()).time().toMillis();
            assertThat(millis).isBetween(0L, bound);
            longest = Math.max(longest, millis);
            bound = Math.min(bound * 2, 30_000);
        }
        assertThat(longest).isGreaterThan(5_000);
        lane.step();
        source.append(1);
        exporter.then(_ -> later("away"));

        assertThat(((Step.Pause) lane.step()).time().toMillis()).isBetween(0L, 100L);
    }

    @Test
    void aPauseIsAtLeastWhatTheDestinationWants() {
        source.append(1);
        exporter.then(_ -> new ExportResult.RetryAfter(Duration.ofMinutes(2), "throttled"));

        assertThat(lane().step()).isEqualTo(new Step.Pause(Duration.ofMinutes(2)));
    }

    @Test
    void refusedRecordsAreInQuarantineBeforeTheCursorMoves() {
        source.append(5);
        exporter.then(_ -> new ExportResult.DeliveredExcept(
                List.of(new PermanentFailure(1, "record_too_large"), new PermanentFailure(4, "refused"))));
        sinkAnswers.add(new QuarantineSink.Kept.Later(Duration.ZERO, "spool_full"));
        DeliveryLane lane = lane();

        assertThat(lane.step()).isInstanceOf(Step.Pause.class);
        assertThat(source.acknowledged()).isZero();
        assertThat(lane.step()).isInstanceOf(Step.Moved.class);

        assertThat(exporter.given).as("exported once").hasSize(1);
        assertThat(quarantined).containsExactly("1 record_too_large", "4 refused");
        assertThat(source.acknowledged()).isEqualTo(5);
        assertThat(told)
                .containsExactly(
                        "retried spool_full", "quarantined record_too_large 1", "quarantined refused 1", "delivered 3");
    }

    @Test
    void aQuarantineEntryIsNotQuarantinedAgain() {
        source = new ListSource(Stream.QUARANTINE).append(2);
        exporter.then(_ -> new ExportResult.DeliveredExcept(List.of(new PermanentFailure(0, "record_too_large"))));

        assertThat(lane().step()).isInstanceOf(Step.Moved.class);

        assertThat(quarantined).isEmpty();
        assertThat(told).containsExactly("passed over record_too_large 1", "delivered 1");
    }

    @Test
    void anExporterThatThrowsIsTriedAgain() {
        source.append(3);
        exporter.then(_ -> {
            throw new IllegalStateException("jane.doe@example.com");
        });
        exporter.then(_ -> {
            throw new StackOverflowError();
        });
        DeliveryLane lane = lane();

        assertThat(lane.step()).isInstanceOf(Step.Pause.class);
        assertThat(lane.step()).isInstanceOf(Step.Pause.class);
        assertThat(lane.step()).isInstanceOf(Step.Moved.class);

        assertThat(told).containsExactly("retried exporter_threw", "retried exporter_threw", "delivered 3");
        assertThat(exporter.given).allMatch(range(0, 3)::equals);
    }

    @Test
    void aSlowDestinationGetsSmallerBatchesAndAFastOneLargerAgain() {
        source.append(10_000);
        DeliveryLane lane = lane();
        for (int i = 0; i < 12; i++) {
            exporter.then(batch -> {
                nanos += Duration.ofSeconds(3).toNanos();
                return new ExportResult.Delivered(batch.count(), 0);
            });
            lane.step();
        }
        assertThat(exporter.given.getLast()).hasSize(1);
        for (int i = 0; i < 9; i++) {
            lane.step();
        }
        assertThat(exporter.given.getLast()).hasSize(100);
    }

    /** Whatever an exporter and the quarantine answer, everything arrives or is quarantined once the answers turn good. */
    @Test
    void nothingIsLostOrReorderedWhateverIsAnswered() {
        for (long seed = Long.getLong("seed", 0); seed < Long.getLong("seed", 199) + 1; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ListSource records = new ListSource(Stream.AUDIT).append(1 + random.nextInt(1_000));
            long total = records.append(0).acknowledged() + count(records);
            List<Long> settled = new ArrayList<>();
            Exporter moody = new MoodyExporter(random.split(), settled);
            QuarantineSink full = (name, batch, failures) -> random.nextInt(3) == 0
                    ? new QuarantineSink.Kept.Later(Duration.ZERO, "spool_full")
                    : new QuarantineSink.Kept.Durable();
            DeliveryLane lane = new DeliveryLane(
                    moody,
                    records,
                    new DeliveryLane.Surroundings(CONFIG, full, DeliveryListener.NONE, new Shutdown(), () -> 0),
                    random.split());

            long before = 0;
            while (!(lane.step() instanceof Step.Idle)) {
                assertThat(records.acknowledged())
                        .isGreaterThanOrEqualTo(before)
                        .isLessThanOrEqualTo(settled.size());
                before = records.acknowledged();
            }

            assertThat(settled).as("seed %d", seed).isEqualTo(range(0, total));
            assertThat(records.acknowledged()).as("seed %d", seed).isEqualTo(total);
        }
    }

    private static long count(ListSource records) {
        long count = 0;
        for (RecordBatch batch = records.read(1, 100); batch != null; batch = records.read(1, 100)) {
            count += batch.count();
        }
        records.restart();
        return count;
    }

    /** Answers at random; what it settles at last it notes. */
    private record MoodyExporter(SplittableRandom random, List<Long> settled) implements Exporter {
        @Override
        public String name() {
            return "moody";
        }

        @Override
        public ExportResult export(RecordBatch batch) {
            int mood = random.nextInt(4);
            if (mood == 0) {
                return later("away");
            }
            if (mood == 1) {
                throw new IllegalStateException();
            }
            RecordFrame view = new RecordFrame();
            for (int i = 0; i < batch.count(); i++) {
                settled.add(batch.frame(i, view).idLow());
            }
            return mood == 2
                    ? new ExportResult.Delivered(batch.count(), 0)
                    : new ExportResult.DeliveredExcept(
                            List.of(new PermanentFailure(random.nextInt(batch.count()), "refused")));
        }

        @Override
        public void close() {}
    }
}
