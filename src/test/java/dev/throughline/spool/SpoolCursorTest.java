package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cursors are durable, and hold the segments that they have not passed. */
class SpoolCursorTest {
    @TempDir
    Path directory;

    private Spool open() {
        return Spool.open(directory, Configs.small(), InstantSource.system());
    }

    private long segmentFiles(Stream stream) throws IOException {
        try (var files = Files.list(directory.resolve(stream.label()))) {
            return files.filter(file -> file.toString().endsWith(".seg")).count();
        }
    }

    @Test
    void aCursorGoesOnWhereItWasAfterARestart() {
        SpoolPosition position;
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 50);
            reader.acknowledge(reader.read(Records.BYTES_MAX, 13));
            position = reader.position();
        }
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            assertThat(reader.position()).isEqualTo(position);
            assertThat(SpoolPosition.parse(position.toString())).isEqualTo(position);
            assertThat(spool.recovery().damages()).isEmpty();
            assertThat(spool.recovery().records()).isEqualTo(50);
            assertThat(Records.drain(reader)).isEqualTo(Records.range(13, 50));
        }
    }

    @Test
    void theDestinationsOwnPlaceCanBeTakenForwardOnly() {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 50);
            SpoolPosition start = reader.position();
            RecordBatch batch = reader.read(Records.BYTES_MAX, 20);
            SpoolPosition stored = reader.endOf(batch);
            assertThat(stored).isGreaterThan(start);
            assertThat(reader.skipTo(stored)).isTrue();
            assertThat(reader.skipTo(start)).isFalse();
            assertThat(reader.skipTo(new SpoolPosition(0, 64, 1 << 20, 99))).isFalse();
            assertThat(Records.drain(reader)).isEqualTo(Records.range(20, 50));
            assertThat(reader.backlog().delivered()).isEqualTo(50);
        }
    }

    @Test
    void deliveredSegmentsAreDeletedOnlyBehindTheSlowestCursor() throws IOException {
        try (Spool spool = open();
                SpoolReader quick = spool.reader("kafka", OPERATIONAL_LOGS);
                SpoolReader slow = spool.reader("store", OPERATIONAL_LOGS)) {
            for (int i = 0; i < 200; i += 5) {
                Records.append(spool, OPERATIONAL_LOGS, i, i + 5);
            }
            long before = segmentFiles(OPERATIONAL_LOGS);
            assertThat(before).isGreaterThan(5);
            assertThat(Records.drain(quick)).hasSize(200);
            assertThat(segmentFiles(OPERATIONAL_LOGS)).isEqualTo(before);
            assertThat(Records.drain(slow, 1_000)).isEqualTo(Records.range(0, 200));
            assertThat(segmentFiles(OPERATIONAL_LOGS)).isEqualTo(1);
            SpoolStats stats = spool.stats(OPERATIONAL_LOGS);
            assertThat(stats.backlogRecords()).isZero();
            assertThat(stats.backlogBytes()).isZero();
            assertThat(stats.diskBytes()).isLessThanOrEqualTo(4_096);
            assertThat(stats.appendedRecords()).isEqualTo(200);
        }
    }

    @Test
    void aRetiredCursorHoldsNothing() throws IOException {
        try (Spool spool = open();
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            spool.reader("gone", OPERATIONAL_LOGS).close();
            for (int i = 0; i < 200; i += 5) {
                Records.append(spool, OPERATIONAL_LOGS, i, i + 5);
            }
            Records.drain(reader);
            assertThat(segmentFiles(OPERATIONAL_LOGS)).isGreaterThan(5);
            spool.retire("gone");
            assertThat(segmentFiles(OPERATIONAL_LOGS)).isEqualTo(1);
        }
        try (Spool spool = open()) {
            assertThat(spool.stats(OPERATIONAL_LOGS).cursors())
                    .extracting(SpoolStats.Cursor::exporter)
                    .containsExactly("store");
        }
    }

    @Test
    void aNewCursorBeginsAtTheOldestRecordOrAtTheEnd() {
        try (Spool spool = open()) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 5);
            try (SpoolReader oldest = spool.reader("oldest", OPERATIONAL_LOGS);
                    SpoolReader end = spool.reader("end", OPERATIONAL_LOGS, Spool.Start.END)) {
                Records.append(spool, OPERATIONAL_LOGS, 5, 7);
                assertThat(Records.drain(oldest)).isEqualTo(Records.range(0, 7));
                assertThat(Records.drain(end)).isEqualTo(Records.range(5, 7));
                oldest.seekToOldest();
                assertThat(Records.drain(oldest)).isEqualTo(Records.range(0, 7));
            }
        }
    }
}
