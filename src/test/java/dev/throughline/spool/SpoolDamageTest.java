package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are not as they were written cost only the records they belonged to, and are reported. */
class SpoolDamageTest {
    private static final int GROUPS = 12;
    private static final int RECORDS_IN_GROUP = 4;
    private static final int RECORDS = GROUPS * RECORDS_IN_GROUP;

    @TempDir
    Path directory;

    private static Spool open(Path own) {
        return Spool.open(own, Configs.segments(3_000), InstantSource.system(), new FaultyDisk());
    }

    private static void fill(Path own) {
        try (Spool spool = open(own)) {
            for (int g = 0; g < GROUPS; g++) {
                Records.append(spool, AUDIT, g * RECORDS_IN_GROUP, (g + 1) * RECORDS_IN_GROUP);
            }
        }
    }

    private static List<Path> segments(Path own) {
        try (var files = Files.list(own.resolve("audit"))) {
            return files.filter(file -> file.toString().endsWith(".seg"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flip(Path file, long offset, int bit) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[(int) offset] ^= (byte) (1 << bit);
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void oneFlippedBitAnywhereCostsAtMostOneRecord() {
        Path master = directory.resolve("master");
        fill(master);
        assertThat(segments(master)).hasSizeGreaterThan(2);
        Seeds.each(200, (random, seed) -> {
            Path own = directory.resolve("flip-" + seed);
            fill(own);
            List<Path> files = segments(own);
            Path file = files.get(random.nextInt(files.size()));
            flip(file, random.nextLong(size(file)), random.nextInt(8));
            try (Spool spool = open(own);
                    SpoolReader reader = spool.reader("store", AUDIT)) {
                List<Long> found = Records.drain(reader, 100 + random.nextInt(5_000));
                List<Long> lost = new ArrayList<>(Records.range(0, RECORDS));
                lost.removeAll(found);
                assertThat(found).isSorted().doesNotHaveDuplicates();
                assertThat(lost).hasSizeLessThanOrEqualTo(1);
                SpoolStats.Cursor cursor = reader.backlog();
                assertThat(cursor.delivered()).isEqualTo(found.size());
                assertThat(cursor.skipped()).isEqualTo(lost.size());
                assertThat(cursor.backlogRecords()).isZero();
                assertThat(spool.recovery().tornBytes()).isZero();
                // And it goes on.
                assertThat(Records.append(spool, AUDIT, 100, 102)).isEqualTo(new AppendOutcome.Kept(2));
                assertThat(Records.drain(reader)).isEqualTo(Records.range(100, 102));
            }
        });
    }

    @Test
    void destroyedStretchesCostOnlyWhatTheyCover() {
        Seeds.each(200, (random, seed) -> {
            Path own = directory.resolve("stretch-" + seed);
            fill(own);
            List<Path> files = segments(own);
            Path file = files.get(random.nextInt(files.size()));
            int length = 1 + random.nextInt(600);
            long at = random.nextLong(size(file));
            try {
                byte[] bytes = Files.readAllBytes(file);
                for (long i = at; i < Math.min(bytes.length, at + length); i++) {
                    bytes[(int) i] = (byte) random.nextInt();
                }
                Files.write(file, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try (Spool spool = open(own);
                    SpoolReader reader = spool.reader("store", AUDIT)) {
                List<Long> found = new ArrayList<>();
                RecordBatch batch = reader.read(50 + random.nextInt(900), 1 + random.nextInt(9));
                while (batch != null) {
                    found.addAll(Records.ids(batch));
                    reader.acknowledge(batch);
                    batch = reader.read(50 + random.nextInt(900), 1 + random.nextInt(9));
                }
                assertThat(found).isSorted().doesNotHaveDuplicates();
                // The smallest frame has 142 bytes and more.
                assertThat(RECORDS - found.size()).isBetween(0, 2 + length / 142);
                SpoolStats.Cursor cursor = reader.backlog();
                assertThat(cursor.delivered() + cursor.skipped() + cursor.backlogRecords())
                        .isEqualTo(RECORDS);
            }
        });
    }

    @Test
    void damageIsReportedWithItsPlace() {
        fill(directory);
        List<Path> files = segments(directory);
        flip(files.getFirst(), 64, 0);
        long lastBlock = size(files.getLast()) - 10;
        flip(files.getLast(), lastBlock, 0);
        flip(files.get(1), 3, 0);
        try (Spool spool = open(directory)) {
            RecoveryReport report = spool.recovery();
            assertThat(report.isDamaged()).isTrue();
            assertThat(report.damagesInAll()).isEqualTo(3);
            assertThat(report.damages())
                    .extracting(RecoveryReport.Damage::kind)
                    .containsExactlyInAnyOrder(
                            RecoveryReport.Kind.BLOCK_HEADER,
                            RecoveryReport.Kind.SEGMENT_HEADER,
                            RecoveryReport.Kind.FRAME);
            RecoveryReport.Damage header = report.damages().stream()
                    .filter(damage -> damage.kind() == RecoveryReport.Kind.BLOCK_HEADER)
                    .findFirst()
                    .orElseThrow();
            assertThat(header.file()).isEqualTo("00000000000000000000.seg");
            assertThat(header.offset()).isEqualTo(64);
            assertThat(header.bytes()).isEqualTo(64);
            // The frames behind a damaged header are found all the same.
            assertThat(header.recordsLost()).isZero();
            assertThat(report.damages())
                    .extracting(RecoveryReport.Damage::recordsLost)
                    .containsExactlyInAnyOrder(0L, 0L, 1L);
            assertThat(Records.all(spool, AUDIT)).hasSize(RECORDS - 1);
            assertThat(spool.stats(AUDIT).damagedRecords()).isEqualTo(1);
        }
    }

    @Test
    void aMissingSegmentMovesTheCursorAndIsReported() throws IOException {
        try (Spool spool = open(directory)) {
            spool.reader("store", AUDIT).close();
        }
        fill(directory);
        Files.delete(segments(directory).getFirst());
        long left = RECORDS
                - Layout.baseOf(String.valueOf(segments(directory).getFirst().getFileName()));
        try (Spool spool = open(directory);
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(spool.recovery().cursorMoves())
                    .extracting(RecoveryReport.CursorMove::exporter)
                    .containsExactly("store");
            assertThat(Records.drain(reader)).isEqualTo(Records.range(RECORDS - left, RECORDS));
            assertThat(reader.backlog().skipped()).isEqualTo(RECORDS - left);
        }
    }

    @Test
    void aShortenedSegmentIsReportedAndItsPlacesAreNotUsedAgain() throws IOException {
        SpoolPosition end;
        try (Spool spool = open(directory);
                SpoolReader reader = spool.reader("store", AUDIT)) {
            Records.append(spool, AUDIT, 0, 4);
            Records.drain(reader);
            end = reader.position();
        }
        Path file = segments(directory).getFirst();
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(300);
        }
        try (Spool spool = open(directory);
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(spool.recovery().isDamaged()).isTrue();
            Records.append(spool, AUDIT, 4, 8);
            assertThat(Records.drain(reader)).isEqualTo(Records.range(4, 8));
            assertThat(reader.position()).isGreaterThan(end);
            assertThat(spool.stats(AUDIT).appendedRecords()).isEqualTo(8);
        }
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        Files.createDirectories(directory.resolve("audit"));
        Path other = Files.writeString(directory.resolve("audit/notes.txt"), "mine");
        fill(directory);
        try (Spool spool = open(directory)) {
            assertThat(Records.all(spool, AUDIT)).hasSize(RECORDS);
        }
        assertThat(other).hasContent("mine");
    }

    @Test
    void aFrameInsideAPayloadIsNotTakenForARecord() {
        MaskedRecords inner = Records.of(500, 501);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < inner.length(); i++) {
            text.append((char) Math.max(0x20, inner.bytes()[i] & 0x7F)); // JSON has no byte below 0x20.
        }
        try (Spool spool = open(directory)) {
            Records.append(spool, Records.request(OPERATIONAL_LOGS, Records.padded(1, text.length())));
            assertThat(Records.all(spool, OPERATIONAL_LOGS)).containsExactly(1L);
        }
    }
}
