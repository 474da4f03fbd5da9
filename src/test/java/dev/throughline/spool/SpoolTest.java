package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static dev.throughline.telemetry.Stream.OPERATIONAL_SPANS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path directory;

    private Spool open() {
        return open(Configs.small());
    }

    private Spool open(SpoolConfig config) {
        return Spool.open(directory, config, InstantSource.system());
    }

    @Test
    void whatIsKeptIsReadInOrder() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 0, 3)).isEqualTo(new AppendOutcome.Kept(3));
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 3, 5)).isEqualTo(new AppendOutcome.Kept(2));
            assertThat(Records.drain(reader)).isEqualTo(Records.range(0, 5));
            assertThat(reader.read(100, 1)).isNull();
        }
    }

    @Test
    void whatIsWrittenToADeletedSegmentIsNotAcknowledged() throws java.io.IOException {
        try (Spool spool = open()) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 3);
            Path deleted = directory.resolve(OPERATIONAL_LOGS.label());
            try (var files = java.nio.file.Files.list(deleted)) {
                for (Path file : files.toList()) {
                    java.nio.file.Files.delete(file);
                }
            }
            java.nio.file.Files.delete(deleted);
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 3, 5)).isInstanceOf(AppendOutcome.Failed.class);
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 3, 5)).isEqualTo(new AppendOutcome.Kept(2));
        }
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            assertThat(Records.drain(reader)).isEqualTo(Records.range(3, 5));
        }
    }

    @Test
    void framesComeBackByteForByte() {
        MaskedRecords records = Records.of(0, 20);
        byte[] written = java.util.Arrays.copyOf(records.bytes(), records.length());
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", AUDIT)) {
            Records.append(spool, Records.request(AUDIT, records));
            RecordBatch batch = reader.read(Records.BYTES_MAX, 100);
            java.io.ByteArrayOutputStream read = new java.io.ByteArrayOutputStream();
            for (int i = 0; i < batch.count(); i++) {
                var frame = batch.frame(i, new dev.throughline.telemetry.RecordFrame());
                read.write(frame.bytes(), frame.offset(), frame.length());
            }
            assertThat(read.toByteArray()).isEqualTo(written);
            assertThat(batch.stream()).isEqualTo(AUDIT);
        }
    }

    @Test
    void whatIsNotAcknowledgedIsReadAgain() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 6);
            assertThat(Records.ids(reader.read(Records.BYTES_MAX, 4))).isEqualTo(Records.range(0, 4));
            RecordBatch again = reader.read(Records.BYTES_MAX, 2);
            assertThat(Records.ids(again)).isEqualTo(Records.range(0, 2));
            reader.acknowledge(again);
            assertThat(Records.drain(reader)).isEqualTo(Records.range(2, 6));
        }
    }

    @Test
    void onlyTheLastBatchCanBeAcknowledged() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 6);
            RecordBatch first = reader.read(Records.BYTES_MAX, 2);
            RecordBatch second = reader.read(Records.BYTES_MAX, 2);
            assertThatThrownBy(() -> reader.acknowledge(first)).isInstanceOf(IllegalArgumentException.class);
            reader.acknowledge(second);
            assertThatThrownBy(() -> reader.acknowledge(second)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRecordLargerThanTheBatchAndTheSegmentIsReadAlone() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 2);
            Records.append(spool, Records.request(OPERATIONAL_LOGS, Records.padded(2, 200_000)));
            Records.append(spool, OPERATIONAL_LOGS, 3, 5);
            assertThat(Records.drain(reader, 300)).isEqualTo(Records.range(0, 5));
        }
    }

    @Test
    void namesThatCouldLeaveTheDirectoryAreRefused() {
        try (Spool spool = open()) {
            for (String name : List.of("", "../x", "A", ".x", "a/b", "x".repeat(65))) {
                assertThatThrownBy(() -> spool.reader(name, AUDIT)).isInstanceOf(IllegalArgumentException.class);
            }
            spool.reader("store", AUDIT);
            assertThatThrownBy(() -> spool.reader("store", AUDIT)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void oneProcessAtATimeHasADirectory() {
        Spool first = open();
        assertThatThrownBy(this::open).isInstanceOf(SpoolException.class).hasMessageContaining(SpoolException.LOCKED);
        first.close();
        first.close();
        open().close();
    }

    @Test
    void aDrainedSpoolRefusesAndStillDelivers() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", AUDIT)) {
            Records.append(spool, AUDIT, 0, 5);
            spool.drain();
            assertThat(Records.append(spool, AUDIT, 5, 6)).isEqualTo(new AppendOutcome.Draining());
            assertThat(Records.drain(reader)).isEqualTo(Records.range(0, 5));
        }
    }

    @Test
    void anEmptyRequestIsKeptAtOnce() {
        try (Spool spool = open()) {
            assertThat(Records.append(spool, Records.request(AUDIT, new MaskedRecords())))
                    .isEqualTo(new AppendOutcome.Kept(0));
        }
    }

    @Test
    void aCallbackThatThrowsHarmsNobodyElse() {
        try (Spool spool = open()) {
            spool.append(Records.request(AUDIT, Records.of(0, 1)), outcome -> {
                throw new IllegalStateException("a bug of the caller");
            });
            assertThat(Records.append(spool, AUDIT, 1, 2)).isEqualTo(new AppendOutcome.Kept(1));
            assertThat(spool.commits().callbackFailures()).isEqualTo(1);
            assertThat(Records.all(spool, AUDIT)).isEqualTo(Records.range(0, 2));
        }
    }

    @Test
    void aWaitingReaderWakesWhenRecordsComeAndWhenTheSpoolCloses() throws Exception {
        Spool spool = open();
        SpoolReader reader = spool.reader("store", AUDIT);
        assertThat(reader.await(Duration.ofMillis(1))).isFalse();
        CompletableFuture<List<Long>> first =
                CompletableFuture.supplyAsync(() -> Records.arrives(reader) ? Records.drain(reader) : List.of());
        Records.append(spool, AUDIT, 0, 3);
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(Records.range(0, 3));
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> Records.arrives(reader));
        spool.close();
        assertThat(second.get(20, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void anInterruptedThreadReadsOnAndStaysInterrupted() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", AUDIT)) {
            Records.append(spool, AUDIT, 0, 3);
            Thread.currentThread().interrupt();
            List<Long> ids = Records.drain(reader);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(ids).isEqualTo(Records.range(0, 3));
        }
    }

    @Test
    void concurrentRequestsAreKeptWholeAndEachSenderInOrder() throws Exception {
        int senders = 4;
        int requests = 60;
        Map<Integer, List<Long>> kept = new HashMap<>();
        try (Spool spool = open(Configs.segments(64 << 10))) {
            List<Thread> threads = new ArrayList<>();
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            for (int s = 0; s < senders; s++) {
                long base = s * 1_000_000L;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        for (int r = 0; r < requests; r++) {
                            long from = base + r * 10;
                            assertThat(Records.append(
                                            spool,
                                            Records.request(
                                                    OPERATIONAL_LOGS,
                                                    Records.of(from, from + 10),
                                                    OPERATIONAL_SPANS,
                                                    Records.of(from, from + 3))))
                                    .isEqualTo(new AppendOutcome.Kept(13));
                        }
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            for (long id : Records.all(spool, OPERATIONAL_LOGS)) {
                kept.computeIfAbsent((int) (id / 1_000_000), s -> new ArrayList<>())
                        .add(id);
            }
            assertThat(spool.commits().groups()).isLessThanOrEqualTo(senders * requests);
            assertThat(spool.commits().requests()).isEqualTo(senders * requests);
            assertThat(Records.all(spool, OPERATIONAL_SPANS)).hasSize(senders * requests * 3);
        }
        assertThat(kept).hasSize(senders);
        kept.forEach((sender, ids) ->
                assertThat(ids).isEqualTo(Records.range(sender * 1_000_000L, sender * 1_000_000L + requests * 10)));
    }

    @Test
    void theNumbersAddUpOverRestarts() {
        long kept = 0;
        long delivered = 0;
        for (int run = 0; run < 4; run++) {
            try (Spool spool = open();
                    SpoolReader reader = spool.reader("store", AUDIT)) {
                Records.append(spool, AUDIT, kept, kept + 30);
                kept += 30;
                RecordBatch batch = reader.read(Records.BYTES_MAX, 11);
                reader.acknowledge(batch);
                delivered += batch.count();
                SpoolStats stats = spool.stats(AUDIT);
                SpoolStats.Cursor cursor = stats.cursors().getFirst();
                assertThat(stats.appendedRecords()).isEqualTo(kept);
                assertThat(stats.appendedSinceOpen()).isEqualTo(30);
                assertThat(cursor.delivered()).isEqualTo(delivered);
                assertThat(cursor.skipped()).isZero();
                assertThat(stats.backlogRecords()).isEqualTo(kept - delivered);
                assertThat(stats.lastReceivedMillis()).isEqualTo(1_000_000 + kept - 30);
                assertThat(stats.oldestReceivedMillis()).isBetween(1_000_000L, 1_000_000 + delivered);
            }
        }
    }

    @Test
    void ageIsThatOfTheNextRecordsGroupAndNoneWhenAllIsDelivered() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(spool.stats(AUDIT).oldestReceivedMillis()).isZero();
            Records.append(spool, AUDIT, 0, 5);
            Records.append(spool, AUDIT, 5, 10);
            reader.acknowledge(reader.read(Records.BYTES_MAX, 3));
            assertThat(reader.backlog().oldestReceivedMillis()).isEqualTo(1_000_000);
            reader.acknowledge(reader.read(Records.BYTES_MAX, 2));
            assertThat(reader.backlog().oldestReceivedMillis()).isEqualTo(1_000_005);
            Records.drain(reader);
            assertThat(reader.backlog().oldestReceivedMillis()).isZero();
        }
    }

    @Test
    void anyMixOfAppendsReadsAndRestartsGivesEachRecordOnceInOrder() {
        Seeds.each(200, (random, seed) -> {
            Path own = directory.resolve("seed-" + seed);
            Map<Stream, List<Long>> sent = new EnumMap<>(Stream.class);
            Map<Stream, List<Long>> got = new EnumMap<>(Stream.class);
            SpoolConfig config = Configs.segments(1_000 + random.nextInt(8_000));
            long id = 0;
            for (int run = 0; run < 3; run++) {
                try (Spool spool = Spool.open(own, config, InstantSource.system(), new FaultyDisk())) {
                    for (int step = 0; step < 15; step++) {
                        Stream stream = random.nextBoolean() ? OPERATIONAL_LOGS : AUDIT;
                        if (random.nextInt(3) > 0) {
                            long to = id + 1 + random.nextInt(8);
                            assertThat(Records.append(spool, stream, id, to)).isInstanceOf(AppendOutcome.Kept.class);
                            sent.computeIfAbsent(stream, s -> new ArrayList<>()).addAll(Records.range(id, to));
                            id = to;
                        } else {
                            try (SpoolReader reader = spool.reader("store", stream)) {
                                RecordBatch batch = reader.read(50 + random.nextInt(3_000), 1 + random.nextInt(20));
                                if (batch != null && random.nextInt(4) > 0) {
                                    got.computeIfAbsent(stream, s -> new ArrayList<>())
                                            .addAll(Records.ids(batch));
                                    reader.acknowledge(batch);
                                }
                            }
                        }
                    }
                }
            }
            try (Spool spool = Spool.open(own, config, InstantSource.system(), new FaultyDisk())) {
                for (Stream stream : sent.keySet()) {
                    try (SpoolReader reader = spool.reader("store", stream)) {
                        got.computeIfAbsent(stream, s -> new ArrayList<>()).addAll(Records.drain(reader));
                    }
                }
            }
            assertThat(got).isEqualTo(sent);
        });
    }
}
