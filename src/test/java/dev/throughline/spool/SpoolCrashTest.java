package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process, or the machine, stops at any moment: all that was acknowledged is found, in order, and requests are whole. */
class SpoolCrashTest {
    @TempDir
    Path directory;

    private static Spool open(Path own, Disk disk) {
        return Spool.open(own, Configs.segments(3_000), InstantSource.system(), disk);
    }

    /** Ends without finishing anything: what close would still write is refused by the disk. */
    private static void kill(Spool spool, FaultyDisk disk) {
        disk.allowBytes(0, true);
        disk.fail(FaultyDisk.Fault.CRASH, call -> true);
        try {
            spool.close();
        } catch (SpoolException e) {
            assertThat(e.code()).isEqualTo(SpoolException.UNUSABLE);
        }
    }

    @Test
    void theLastGroupIsKeptInAllStreamsOrNoneWhereverItsWritingStops() {
        long groupBytes =
                64 + Records.of(10, 11).length() + 64 + Records.of(20, 21).length();
        int whole = 0;
        for (long bytes = 0; bytes <= groupBytes; bytes++) {
            Path own = directory.resolve("cut-" + bytes);
            FaultyDisk disk = new FaultyDisk();
            Spool spool = open(own, disk);
            Records.append(spool, Records.request(OPERATIONAL_LOGS, Records.of(0, 3), AUDIT, Records.of(0, 2)));
            disk.allowBytes(bytes, true);
            AppendOutcome outcome = Records.append(
                    spool, Records.request(OPERATIONAL_LOGS, Records.of(10, 11), AUDIT, Records.of(20, 21)));
            kill(spool, disk);
            try (Spool again = open(own, new FaultyDisk())) {
                List<Long> logs = Records.all(again, OPERATIONAL_LOGS);
                List<Long> audit = Records.all(again, AUDIT);
                assertThat(logs).startsWith(0L, 1L, 2L);
                assertThat(audit).startsWith(0L, 1L);
                boolean kept = logs.size() == 4 && audit.size() == 3;
                assertThat(kept || (logs.size() == 3 && audit.size() == 2))
                        .as("after %s bytes: %s and %s", bytes, logs, audit)
                        .isTrue();
                assertThat(kept || !(outcome instanceof AppendOutcome.Kept)).isTrue();
                assertThat(again.recovery().isDamaged()).isFalse();
                // Zeros at the end are not told from what the segment was made longer by.
                assertThat(again.recovery().tornBytes()).isBetween(kept || bytes == 0 ? 0L : 1L, kept ? 0L : bytes);
                whole += kept ? 1 : 0;
                // It goes on after that.
                assertThat(Records.append(again, AUDIT, 30, 31)).isEqualTo(new AppendOutcome.Kept(1));
                assertThat(Records.all(again, AUDIT)).endsWith(30L);
            }
        }
        assertThat(whole).isPositive();
    }

    @Test
    void whatWasAcknowledgedOutlivesKillsAtAnyCall() {
        Seeds.each(200, (random, seed) -> liveAndDie(random, directory.resolve("kill-" + seed), false));
    }

    @Test
    void whatWasAcknowledgedOutlivesPowerCuts() {
        Seeds.each(200, (random, seed) -> liveAndDie(random, directory.resolve("power-" + seed), true));
    }

    private static void liveAndDie(Random random, Path own, boolean powerCut) {
        Model model = new Model();
        for (int life = 0; life < 3; life++) {
            FaultyDisk disk = new FaultyDisk();
            Spool spool = open(own, disk);
            assertThat(spool.recovery().isDamaged())
                    .as("%s in life %s", spool.recovery(), life)
                    .isFalse();
            disk.writeShort(random.nextBoolean() ? new Random(random.nextLong()) : null);
            if (random.nextInt(4) > 0) {
                disk.failOnce(
                        FaultyDisk.Fault.CRASH,
                        FaultyDisk.Call.values()[random.nextInt(FaultyDisk.Call.values().length)],
                        random.nextInt(25));
            }
            model.live(random, spool, disk);
            kill(spool, disk);
            if (powerCut) {
                try {
                    disk.cutPower(random);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        try (Spool spool = open(own, new FaultyDisk())) {
            model.check(spool);
        }
    }

    /** What was answered, and what the destination has. */
    private static final class Model {
        private final Map<Stream, List<Long>> kept = new EnumMap<>(Stream.class);
        private final Map<Stream, List<Long>> maybe = new EnumMap<>(Stream.class);
        private final Map<Stream, List<Long>> delivered = new EnumMap<>(Stream.class);
        private final List<List<Long>> pairs = new ArrayList<>();
        private long id;

        Model() {
            for (Stream stream : List.of(OPERATIONAL_LOGS, AUDIT)) {
                kept.put(stream, new ArrayList<>());
                maybe.put(stream, new ArrayList<>());
                delivered.put(stream, new ArrayList<>());
            }
        }

        void live(Random random, Spool spool, FaultyDisk disk) {
            for (int step = 0; step < 12 && !disk.hasCrashed(); step++) {
                try {
                    if (random.nextInt(3) > 0) {
                        append(random, spool);
                    } else {
                        deliver(random, spool, random.nextBoolean() ? OPERATIONAL_LOGS : AUDIT);
                    }
                } catch (SpoolException e) {
                    assertThat(disk.hasCrashed()).isTrue();
                }
            }
        }

        private void append(Random random, Spool spool) {
            List<Long> logs = Records.range(id, id + 1 + random.nextInt(6));
            List<Long> audit = random.nextBoolean() ? logs : List.of();
            id += logs.size();
            var request = audit.isEmpty()
                    ? Records.request(OPERATIONAL_LOGS, Records.of(logs.getFirst(), id))
                    : Records.request(
                            OPERATIONAL_LOGS, Records.of(logs.getFirst(), id), AUDIT, Records.of(logs.getFirst(), id));
            if (!audit.isEmpty()) {
                pairs.add(logs);
            }
            boolean isKept = Records.append(spool, request) instanceof AppendOutcome.Kept;
            (isKept ? kept : maybe).get(OPERATIONAL_LOGS).addAll(logs);
            (isKept ? kept : maybe).get(AUDIT).addAll(audit);
        }

        private void deliver(Random random, Spool spool, Stream stream) {
            try (SpoolReader reader = spool.reader("store", stream)) {
                RecordBatch batch = reader.read(200 + random.nextInt(2_000), 1 + random.nextInt(10));
                if (batch != null) {
                    delivered.get(stream).addAll(Records.ids(batch));
                    if (random.nextInt(4) > 0) {
                        reader.acknowledge(batch);
                    }
                }
            }
        }

        void check(Spool spool) {
            assertThat(spool.recovery().isDamaged()).isFalse();
            Map<Stream, HashSet<Long>> found = new EnumMap<>(Stream.class);
            for (Stream stream : kept.keySet()) {
                List<Long> rest;
                try (SpoolReader reader = spool.reader("store", stream)) {
                    rest = Records.drain(reader);
                }
                assertThat(rest).isSorted().doesNotHaveDuplicates();
                HashSet<Long> all = new HashSet<>(delivered.get(stream));
                all.addAll(rest);
                found.put(stream, all);
                assertThat(all).containsAll(kept.get(stream));
                all.removeAll(kept.get(stream));
                assertThat(maybe.get(stream)).containsAll(all);
                all.addAll(kept.get(stream));
            }
            for (List<Long> pair : pairs) {
                boolean inLogs = found.get(OPERATIONAL_LOGS).containsAll(pair);
                boolean inAudit = found.get(AUDIT).containsAll(pair);
                assertThat(inLogs).as("%s in both or neither", pair).isEqualTo(inAudit);
            }
        }
    }

    @Test
    void aCursorThatWasNotWrittenMeansDeliveredTwiceAndNeverLost() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        Spool spool = Spool.open(directory, Configs.pending(1 << 20, 3_600_000), InstantSource.system(), disk);
        Records.append(spool, AUDIT, 0, 20);
        SpoolReader reader = spool.reader("store", AUDIT);
        reader.acknowledge(reader.read(Records.BYTES_MAX, 5));
        reader.acknowledge(reader.read(Records.BYTES_MAX, 5));
        kill(spool, disk);
        try (Spool again = open(directory, new FaultyDisk());
                SpoolReader onward = again.reader("store", AUDIT)) {
            assertThat(Records.drain(onward)).isEqualTo(Records.range(5, 20));
        }
        assertThat(Files.size(Cursor.path(
                        new StreamLog(AUDIT, directory.resolve("audit"), disk, 1, new DamagedFiles(disk, directory)),
                        "store")))
                .isLessThan(8_192);
    }

    @Test
    void aTornCursorFallsBackToTheOneBefore() throws IOException {
        Path file = directory.resolve("audit/store.cursor");
        try (Spool spool = open(directory, new FaultyDisk());
                SpoolReader reader = spool.reader("store", AUDIT)) {
            Records.append(spool, AUDIT, 0, 20);
            reader.acknowledge(reader.read(Records.BYTES_MAX, 5));
            reader.seekToOldest();
            reader.acknowledge(reader.read(Records.BYTES_MAX, 5));
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[40] ^= 1;
        Files.write(file, bytes);
        try (Spool spool = open(directory, new FaultyDisk());
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(Records.drain(reader)).endsWith(18L, 19L).hasSizeGreaterThanOrEqualTo(15);
        }
        java.util.Arrays.fill(bytes, (byte) 0);
        Files.write(file, bytes);
        try (Spool spool = open(directory, new FaultyDisk());
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(spool.recovery().cursorMoves()).hasSize(1);
            assertThat(Records.drain(reader)).isEqualTo(Records.range(0, 20));
        }
    }
}
