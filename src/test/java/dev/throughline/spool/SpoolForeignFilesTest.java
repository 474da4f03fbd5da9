package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the spool and is not the spool's is neither followed nor believed, and its own files are its owner's alone. */
class SpoolForeignFilesTest {
    private static final int RECORDS = 60;

    @TempDir
    Path temporary;

    private Path directory;
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

    private static Spool open(Path own) {
        return Spool.open(own, Configs.segments(3_000), InstantSource.system());
    }

    @BeforeEach
    void fill() {
        directory = temporary.resolve("spool");
        try (Spool spool = open(directory);
                SpoolReader reader = spool.reader("store", AUDIT)) {
            for (int id = 0; id < RECORDS; id += 4) {
                Records.append(spool, AUDIT, id, id + 4);
            }
            reader.acknowledge(reader.read(Records.BYTES_MAX, 1));
        }
    }

    private Path segment(long base) {
        return Layout.segmentPath(directory.resolve("audit"), base);
    }

    private void assertRefused(Path file) {
        assertThatThrownBy(() -> open(directory).close())
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.code()).isEqualTo(SpoolException.FOREIGN_FILE))
                .hasMessageContaining(file.toString());
    }

    @Test
    void symbolicLinksAreRefusedByName() throws IOException {
        for (String name :
                List.of("audit/store.cursor", "audit/00000000000000000000.seg", "commit.mark", "lock", "audit")) {
            Path file = directory.resolve(name);
            Path target = temporary.resolve("elsewhere");
            Files.move(file, target);
            Files.createSymbolicLink(file, target);
            assertRefused(file);
            Files.delete(file);
            Files.move(target, file);
        }
        assertThat(left()).isEqualTo(Records.range(1, RECORDS));
    }

    @Test
    void hardLinksAreRefusedByName() throws IOException {
        for (String name : List.of("audit/store.cursor", "audit/00000000000000000000.seg", "commit.mark", "lock")) {
            Path file = directory.resolve(name);
            Path other = Files.createLink(temporary.resolve("other"), file);
            assertRefused(file);
            Files.delete(other);
        }
        assertThat(left()).isEqualTo(Records.range(1, RECORDS));
    }

    @Test
    void aDirectoryInPlaceOfAFileIsRefusedByName() throws IOException {
        Path file = segment(RECORDS + 1_000);
        Files.createDirectory(file);
        assertRefused(file);
    }

    @Test
    void theSpoolItselfMayBeALink() throws IOException {
        Path moved = temporary.resolve("other-disk");
        Files.move(directory, moved);
        Files.createSymbolicLink(directory, moved);
        assertThat(left()).isEqualTo(Records.range(1, RECORDS));
    }

    private List<Long> left() {
        try (Spool spool = open(directory);
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(spool.openDamage()).isEmpty();
            return Records.drain(reader);
        }
    }

    @Test
    void aCopyUnderAnotherNumberIsSetAsideAndNothingIsDeliveredTwice() throws IOException {
        Files.copy(segment(0), segment(2));
        Files.copy(segment(0), segment(Long.MAX_VALUE));
        Files.createFile(segment(Long.MAX_VALUE - 1));
        try (Spool spool = open(directory);
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(spool.recovery().damages())
                    .extracting(RecoveryReport.Damage::kind)
                    .containsOnly(RecoveryReport.Kind.NOT_A_SEGMENT)
                    .hasSize(3);
            assertThat(Records.drain(reader)).isEqualTo(Records.range(1, RECORDS));
            assertThat(spool.stats(AUDIT).damagedRecords()).isZero();
            assertThat(spool.openDamage()).isEqualTo(Map.of(AUDIT, 3));
            assertThat(Records.append(spool, AUDIT, RECORDS, RECORDS + 2)).isEqualTo(new AppendOutcome.Kept(2));
            assertThat(spool.stats(AUDIT).appendedRecords()).isEqualTo(RECORDS + 2);
        }
        assertThat(directory.resolve("damaged/audit-09223372036854775807.seg")).exists();
    }

    /** Fewer digits, a sign, other scripts, more than any spool has: none of them is a name that the spool gives. */
    @Test
    void aCopyUnderANameThatIsNoSegmentsIsSetAsideAndNotFollowed() throws IOException {
        Path audit = directory.resolve("audit");
        List<String> names = List.of(
                "9223372036854775807.seg",
                "0.seg",
                "+0000000000000000000.seg",
                "-0000000000000000000.seg",
                "\u0660".repeat(20) + ".seg",
                "99999999999999999999.seg",
                "00000000000000000000 (1).seg",
                "00000000000000000004.SEG");
        for (String name : names) {
            Files.copy(segment(0), audit.resolve(name));
        }
        Files.createSymbolicLink(audit.resolve("1.seg"), segment(0));
        Files.createSymbolicLink(audit.resolve("2.seg"), temporary.resolve("nowhere"));
        Files.createDirectory(audit.resolve("3.seg"));
        try (Spool spool = open(directory);
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(spool.recovery().damagesByKind())
                    .isEqualTo(Map.of(RecoveryReport.Kind.NOT_A_SEGMENT, names.size() + 3L));
            assertThat(Records.drain(reader)).isEqualTo(Records.range(1, RECORDS));
            assertThat(spool.openDamage()).isEqualTo(Map.of(AUDIT, names.size() + 3));
        }
        for (String name : names) {
            assertThat(audit.resolve(name)).doesNotExist();
            assertThat(directory.resolve("damaged/audit-" + name)).exists();
        }
    }

    /** The streams beside, one of which has no segment with a record. */
    @Test
    void aSegmentOfAnotherStreamIsSetAside() throws IOException {
        for (String label : List.of("operational.logs", "quarantine")) {
            Path stream = directory.resolve(label);
            Files.copy(segment(0), stream.resolve("9223372036854775807.seg"));
            Files.copy(segment(0), Layout.segmentPath(stream, 4));
        }
        try (Spool spool = open(directory)) {
            assertThat(spool.recovery().damagesByKind()).isEqualTo(Map.of(RecoveryReport.Kind.NOT_A_SEGMENT, 4L));
            assertThat(spool.stats(OPERATIONAL_LOGS).appendedRecords()).isZero();
        }
    }

    @Test
    void whatIsPassedOverIsKeptAsideUntilItIsRemoved() throws IOException {
        byte[] bytes = Files.readAllBytes(segment(0));
        byte[] damaged = bytes.clone();
        damaged[bytes.length - 20] ^= 4;
        Files.write(segment(0), damaged);
        Logger logger = Logger.getLogger(StreamDamage.class.getName());
        logger.addHandler(handler);
        try (Spool spool = open(directory);
                SpoolReader first = spool.reader("store", AUDIT);
                SpoolReader second = spool.reader("kafka", AUDIT)) {
            assertThat(spool.openDamage()).isEmpty(); // Nobody has read it yet.
            assertThat(Records.drain(first)).hasSize(RECORDS - 2);
            assertThat(Records.drain(second)).hasSize(RECORDS - 1);
            assertThat(first.backlog().skipped()).isEqualTo(1);
            assertThat(second.backlog().skipped()).isEqualTo(1);
            assertThat(spool.stats(AUDIT).damagedRecords()).isEqualTo(1);
            assertThat(spool.openDamage()).isEqualTo(Map.of(AUDIT, 1));
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains("audit", "00000000000000000000.seg", "offset", "records_lost", "FRAME");
        Path aside;
        try (var files = Files.list(directory.resolve("damaged"))) {
            aside = files.findFirst().orElseThrow();
        }
        String name = String.valueOf(aside.getFileName());
        assertThat(name).startsWith("audit-00000000000000000000-").endsWith(".bytes");
        int offset = Integer.parseInt(name.substring("audit-00000000000000000000-".length(), name.length() - 6));
        byte[] kept = Files.readAllBytes(aside);
        assertThat(kept).isEqualTo(Arrays.copyOfRange(damaged, offset, offset + kept.length));
        assertThat(offset + kept.length).isEqualTo(bytes.length);
        Files.delete(aside);
        try (Spool spool = open(directory)) {
            assertThat(spool.openDamage()).isEmpty();
            assertThat(spool.stats(AUDIT).damagedRecords()).isEqualTo(1);
        }
    }

    @Test
    void filesAreTheirOwnersAloneHoweverTheyWereBefore() throws IOException {
        Set<PosixFilePermission> everybody = PosixFilePermissions.fromString("rwxrwxrwx");
        Files.setPosixFilePermissions(directory, everybody);
        Files.setPosixFilePermissions(directory.resolve("audit"), everybody);
        Files.setPosixFilePermissions(segment(0), everybody);
        Files.copy(segment(0), segment(2));
        try (Spool spool = open(directory)) {
            Records.append(spool, AUDIT, RECORDS, RECORDS + 30);
            try (var files = Files.walk(directory)) {
                assertThat(files)
                        .hasSizeGreaterThan(12)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .as("%s", file)
                                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
            }
        }
    }
}
