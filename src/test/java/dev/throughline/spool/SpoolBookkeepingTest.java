package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.spool.RecoveryReport.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cursors and the commit mark, damaged in every way: told, counted, and nothing that was acknowledged is lost by it. */
class SpoolBookkeepingTest {
    private static final int RECORDS = 120;
    private static final int DELIVERED = 100;
    private static final String CURSOR = "audit/store.cursor";
    private static final String MARK = "commit.mark";
    private static final List<Logger> LOGGERS =
            List.of(Logger.getLogger(StreamDamage.class.getName()), Logger.getLogger(Recovery.class.getName()));

    @TempDir
    Path directory;

    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage() + Arrays.toString(line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** What can become of a file. */
    private enum Damage {
        EMPTY {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, new byte[0]);
            }
        },
        ZERO {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, new byte[(int) Files.size(file)]);
            }
        },
        FLIPPED_BYTE_IN_ONE_SLOT {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                bytes[40] ^= 1;
                Files.write(file, bytes);
            }
        },
        FLIPPED_BYTE_IN_EACH_SLOT {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                bytes[40] ^= 1;
                bytes[4_096 + 33] ^= 64;
                Files.write(file, bytes);
            }
        },
        TRUNCATED_BETWEEN_THE_SLOTS {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 4_096));
            }
        },
        TRUNCATED_IN_THE_FIRST_SLOT {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 50));
            }
        },
        DELETED {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void to(Path file) throws IOException;
    }

    private Spool open() {
        return Spool.open(directory, Configs.segments(3_000), InstantSource.system());
    }

    @BeforeEach
    void fill() {
        try (Spool spool = open();
                SpoolReader store = spool.reader("store", AUDIT);
                SpoolReader kafka = spool.reader("kafka", AUDIT)) {
            for (int id = 0; id < RECORDS; id += 4) {
                Records.append(spool, AUDIT, id, id + 4);
            }
            for (SpoolReader reader : List.of(store, kafka)) {
                int left = reader == store ? DELIVERED / 2 : DELIVERED;
                while (left > 0) {
                    var batch = reader.read(Records.BYTES_MAX, Math.min(left, 5));
                    left -= batch.count();
                    reader.acknowledge(batch);
                }
            }
        }
        LOGGERS.forEach(logger -> logger.addHandler(handler));
    }

    @AfterEach
    void forgetTheLog() {
        LOGGERS.forEach(logger -> logger.removeHandler(handler));
    }

    private void assertTold(Spool spool, Kind kind, String file) {
        assertThat(spool.recovery().damagesByKind()).isEqualTo(Map.of(kind, 1L));
        assertThat(spool.recovery().isDamaged()).isFalse();
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains(file, "; ");
    }

    @Test
    void whatIsWholeIsNotTold() {
        try (Spool spool = open()) {
            assertThat(spool.recovery().damages()).isEmpty();
        }
        assertThat(lines).isEmpty();
    }

    /** The slower of the two: its records stay until it has them, whatever the other has. */
    @ParameterizedTest
    @EnumSource
    void aDamagedCursorIsToldAndItsExporterIsGivenAllThatItHasNot(Damage damage) throws IOException {
        damage.to(directory.resolve(CURSOR));
        try (Spool spool = open()) {
            assertTold(spool, Kind.CURSOR, ".cursor");
            try (SpoolReader kafka = spool.reader("kafka", AUDIT);
                    SpoolReader store = spool.reader("store", AUDIT)) {
                assertThat(Records.drain(kafka)).isEqualTo(Records.range(DELIVERED, RECORDS));
                assertThat(Records.drain(store)).containsAll(Records.range(DELIVERED / 2, RECORDS));
                assertThat(spool.stats(AUDIT).damagedRecords()).isZero();
            }
        }
        lines.clear();
        try (Spool spool = open()) {
            assertThat(spool.recovery().damages()).isEmpty();
        }
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedMarkIsToldAndCostsNoRecord(Damage damage) throws IOException {
        damage.to(directory.resolve(MARK));
        try (Spool spool = open();
                SpoolReader store = spool.reader("store", AUDIT)) {
            assertTold(spool, Kind.BOOKKEEPING, MARK);
            assertThat(Records.drain(store)).isEqualTo(Records.range(DELIVERED / 2, RECORDS));
            assertThat(Records.append(spool, AUDIT, RECORDS, RECORDS + 2)).isEqualTo(new AppendOutcome.Kept(2));
            assertThat(spool.stats(AUDIT).appendedRecords()).isEqualTo(RECORDS + 2);
        }
        lines.clear();
        try (Spool spool = open()) {
            assertThat(spool.recovery().damages()).isEmpty();
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void aDirectoryOrALinkInTheirPlaceEndsTheStartByName() throws IOException {
        for (String name : List.of(CURSOR, MARK)) {
            Path file = directory.resolve(name);
            Path before = directory.resolveSibling("before");
            Files.move(file, before);
            Files.createDirectory(file);
            assertForeign(file);
            Files.delete(file);
            Files.createSymbolicLink(file, before);
            assertForeign(file);
            Files.delete(file);
            Files.move(before, file);
        }
        try (Spool spool = open()) {
            assertThat(spool.recovery().damages()).isEmpty();
        }
    }

    private void assertForeign(Path file) {
        assertThatThrownBy(() -> open().close())
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.code()).isEqualTo(SpoolException.FOREIGN_FILE))
                .hasMessageContaining(file.toString());
    }

    /** A cursor of another stream or exporter would pass over what nobody was given. */
    @Test
    void aCopyOfAnothersCursorIsNotBelieved() throws IOException {
        Files.copy(directory.resolve("audit/kafka.cursor"), directory.resolve("audit/other.cursor"));
        try (Spool spool = open();
                SpoolReader other = spool.reader("other", AUDIT)) {
            assertTold(spool, Kind.CURSOR, "other.cursor");
            assertThat(Records.drain(other)).containsAll(Records.range(DELIVERED / 2, RECORDS));
        }
    }

    @Test
    void aCursorWithoutAnExportersNameHoldsNothing() throws IOException {
        Files.copy(directory.resolve(CURSOR), directory.resolve("audit/store (copy).cursor"));
        try (Spool spool = open()) {
            assertTold(spool, Kind.CURSOR, "store (copy).cursor");
            assertThat(spool.stats(AUDIT).cursors())
                    .extracting(SpoolStats.Cursor::exporter)
                    .containsExactlyInAnyOrder("store", "kafka");
        }
        assertThat(directory.resolve("damaged/audit-store (copy).cursor")).exists();
    }

    @Test
    void aRetiredCursorIsNotMissed() {
        try (Spool spool = open()) {
            spool.retire("kafka");
        }
        try (Spool spool = open()) {
            assertThat(spool.recovery().damages()).isEmpty();
        }
    }

    /** Without the mark nothing tells that the damaged last group was never acknowledged: it is not thrown away. */
    @Test
    void withoutTheMarkWhatIsCutOffIsKeptAside() throws IOException {
        try (Spool spool = open()) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 4);
        }
        Path segment = Layout.segmentPath(directory.resolve(OPERATIONAL_LOGS.label()), 0);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 9] ^= 2;
        Files.write(segment, bytes);
        Files.delete(directory.resolve(MARK));
        try (Spool spool = open()) {
            assertThat(spool.openDamage()).isEqualTo(Map.of(OPERATIONAL_LOGS, 1));
        }
        assertThat(directory.resolve("damaged/operational.logs-00000000000000000000-64.bytes"))
                .hasBinaryContent(Arrays.copyOfRange(bytes, 64, bytes.length));
    }
}
