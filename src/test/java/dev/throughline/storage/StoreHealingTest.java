package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an earlier version, scrubbing, rights, and a process without descriptors. */
class StoreHealingTest {
    private static final String A = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final StoreConfig SMALL =
            new StoreConfig(2, 256, 1 << 20, 64, 1 << 16, Duration.ofHours(6), 64, 1L << 30, Duration.ofSeconds(2));

    @TempDir
    Path data;

    private SqliteRecordStore open() {
        return new SqliteRecordStore(data, SMALL, CLOCK);
    }

    private Path file(Stream stream, String day) {
        return data.resolve("store").resolve(stream.label()).resolve(day + ".db");
    }

    private static WriteResult write(SqliteRecordStore store, Stream stream, long from, int count, String received) {
        FrameFixture frames = new FrameFixture();
        for (long id = from; id < from + count; id++) {
            Event event = Event.log(id, A, received);
            frames.add(
                    stream == Stream.QUARANTINE
                            ? event.signal(dev.throughline.telemetry.Signal.QUARANTINE_ENTRY)
                            : event);
        }
        return store.write(frames.batch(stream));
    }

    private static JourneyRecords journey(SqliteRecordStore store) {
        return store.journey(new JourneyQuery(A, 10_000, 16 << 20, null));
    }

    /** As the version before wrote it: without sums, without a ledger. */
    private void asBefore(Stream stream, String day) throws SQLException, IOException {
        try (Connection connection = SqliteFiles.connect(file(stream, day), SMALL);
                Statement statement = connection.createStatement()) {
            if (stream == Stream.QUARANTINE) {
                statement.execute("ALTER TABLE entries DROP COLUMN sum");
            } else {
                statement.execute("ALTER TABLE blocks DROP COLUMN sum");
                List<Long> chunks = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery("SELECT chunk FROM chunks")) {
                    while (rows.next()) {
                        chunks.add(rows.getLong(1));
                    }
                }
                for (long chunk : chunks) {
                    lowerBoundIsFirstEntry(connection, chunk);
                }
                for (String column : List.of("next_key", "next_id", "sum")) {
                    statement.execute("ALTER TABLE chunks DROP COLUMN " + column);
                }
                statement.execute("ALTER TABLE progress DROP COLUMN sum");
            }
            statement.execute("DROP TABLE identity");
            statement.execute("PRAGMA user_version = 1");
        }
        Files.deleteIfExists(data.resolve("store/days"));
        Files.delete(data.resolve("store/ledger").resolve(stream.label()).resolve(day));
    }

    private static void lowerBoundIsFirstEntry(Connection connection, long chunk) throws SQLException {
        try (var select = connection.prepareStatement("SELECT entries FROM chunks WHERE chunk = " + chunk);
                ResultSet rows = select.executeQuery()) {
            var entries = java.nio.ByteBuffer.wrap(rows.getBytes(1)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            try (var update = connection.prepareStatement(
                    "UPDATE chunks SET first_key = ?, first_id = ? WHERE chunk = " + chunk)) {
                update.setLong(1, entries.getLong(0));
                update.setLong(2, entries.getLong(8));
                update.executeUpdate();
            }
        }
    }

    @Test
    void filesOfTheVersionBeforeAreReadVerifiedAndWrittenTo() throws Exception {
        for (Stream stream : List.of(Stream.AUDIT, Stream.QUARANTINE)) {
            try (SqliteRecordStore store = open()) {
                write(store, stream, 1, 300, "2026-11-22T10:00:00Z");
                write(store, stream, 1_000, 300, "2026-11-23T10:00:00Z");
            }
            asBefore(stream, "2026-11-22");
            asBefore(stream, "2026-11-23");
        }
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).isEmpty();
            assertThat(journey(store).records()).hasSize(600);
            assertThat(journey(store).quarantined()).hasSize(600);
            assertThat(new StoreCheck(store).run().findings()).isEmpty();
            // A retry, and new ones: the file becomes one of this version.
            assertThat(write(store, Stream.AUDIT, 1_290, 20, "2026-11-23T10:00:00Z"))
                    .isEqualTo(new WriteResult.Written(10, 10, List.of()));
            write(store, Stream.QUARANTINE, 1_290, 20, "2026-11-23T10:00:00Z");
            assertThat(journey(store).records()).hasSize(610);
        }
        try (SqliteRecordStore store = open()) {
            write(store, Stream.AUDIT, 5_000, 300, "2026-11-23T10:00:00Z");
            assertThat(journey(store).records()).hasSize(910);
            assertThat(journey(store).quarantined()).hasSize(610);
            assertThat(journey(store).unreadable()).isEmpty();
            assertThat(new StoreCheck(store).run().findings()).isEmpty();
        }
    }

    @Test
    void theScrubFindsADamagedIndexOfTheVersionBeforeAndAnswersAreMarkedFromThenOn() throws Exception {
        try (SqliteRecordStore store = open()) {
            write(store, Stream.AUDIT, 1, 300, "2026-11-22T10:00:00Z");
        }
        asBefore(Stream.AUDIT, "2026-11-22");
        try (Connection connection = SqliteFiles.connect(file(Stream.AUDIT, "2026-11-22"), SMALL);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE chunks SET entries = substr(entries, 1, length(entries) - 20)");
        }
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).records()).hasSize(299);
            try (StoreScrub scrub = new StoreScrub(store, 1 << 30, Duration.ofMillis(1))) {
                scrub.start();
                Awaitility.await().until(() -> scrub.passes() > 0);
                assertThat(scrub.bytes()).isPositive();
            }
            assertThat(store.damage()).extracting(Finding::code).containsExactly("damaged_index");
            assertThat(journey(store).unreadable()).containsExactly("audit/2026-11-22");
        }
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).containsExactly("audit/2026-11-22");
            new StoreRepair(store, data).run(day -> assertThat(day.lost()).isZero());
        }
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).records()).hasSize(300);
            assertThat(journey(store).unreadable()).isEmpty();
        }
    }

    @Test
    void theScrubGoesOnBesideAWriterAndFindsNothingThatIsNotThere() throws Exception {
        try (SqliteRecordStore store = open();
                StoreScrub scrub = new StoreScrub(store, 1L << 40, Duration.ofMillis(1))) {
            scrub.start();
            for (int batch = 0; batch < 150; batch++) {
                assertThat(write(store, Stream.AUDIT, 1 + batch * 40L, 40, "2026-11-23T10:00:00Z"))
                        .isInstanceOf(WriteResult.Written.class);
                write(store, Stream.QUARANTINE, 1 + batch * 40L, 3, "2026-11-23T10:00:00Z");
            }
            long passes = scrub.passes();
            Awaitility.await().until(() -> scrub.passes() > passes + 1);
            assertThat(store.damage()).isEmpty();
        }
    }

    @Test
    void theScrubReadsNoFasterThanItMay() throws Exception {
        try (SqliteRecordStore store = open()) {
            write(store, Stream.AUDIT, 1, 2_000, "2026-11-23T10:00:00Z");
            long before = System.nanoTime();
            StoreScrub scrub = new StoreScrub(store, 200_000, Duration.ofDays(1));
            scrub.pass();
            double seconds = (System.nanoTime() - before) / 1e9;
            assertThat(scrub.bytes()).isGreaterThan(50_000);
            assertThat(scrub.bytes() / seconds).isLessThan(300_000);
        }
    }

    @Test
    void aDeletedDayIsMissedUntilItsLossIsAccepted() throws Exception {
        try (SqliteRecordStore store = open()) {
            write(store, Stream.AUDIT, 1, 30, "2026-11-22T10:00:00Z");
        }
        Files.delete(file(Stream.AUDIT, "2026-11-22"));
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).records()).isEmpty();
            assertThat(journey(store).unreadable()).containsExactly("audit/2026-11-22");
            assertThat(store.damage()).extracting(Finding::code).containsExactly("missing_file");
            assertThat(store.lostRecords(Stream.AUDIT)).isEqualTo(30);
            List<Long> lost = new ArrayList<>();
            new StoreRepair(store, data).run(day -> lost.add(day.lost()));
            assertThat(lost).containsExactly(30L);
        }
        try (SqliteRecordStore store = open()) {
            assertThat(store.damage()).isEmpty();
            assertThat(journey(store).unreadable()).containsExactly("audit/2026-11-22");
            assertThat(store.lostRecords(Stream.AUDIT)).isEqualTo(30);
            store.delete(Stream.AUDIT, LocalDate.parse("2026-11-22"));
            assertThat(journey(store).unreadable()).isEmpty();
            assertThat(store.days(Stream.AUDIT)).isEmpty();
        }
    }

    @Test
    void yesterdaysDamageHoldsUpNothingOfToday() throws Exception {
        for (Stream stream : List.of(Stream.AUDIT, Stream.QUARANTINE)) {
            try (SqliteRecordStore store = open()) {
                write(store, stream, 1, 30, "2026-11-22T23:59:00Z");
            }
            Files.writeString(file(stream, "2026-11-22"), "not a database".repeat(2_000));
            try (SqliteRecordStore store = open()) {
                assertThat(write(store, stream, 1, 30, "2026-11-23T00:01:00Z"))
                        .isEqualTo(new WriteResult.Written(30, 0, List.of()));
            }
        }
    }

    @Test
    void whatTheStoreMakesIsItsOwnersAloneWhateverTheUmask() throws Exception {
        Process writer = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask 000; exec \"$0\" \"$@\"",
                        java(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        data.toString(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(data.resolve("acks").toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readAllLines(data.resolve("acks")).size() > 2);
            List<String> wide = new ArrayList<>();
            List<String> names = new ArrayList<>();
            try (var walked = Files.walk(data.resolve("store"))) {
                for (Path path : walked.toList()) {
                    String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                    names.add(path.getFileName().toString());
                    if (!rights.equals(Files.isDirectory(path) ? "rwx------" : "rw-------")) {
                        wide.add(path + " " + rights);
                    }
                }
            }
            assertThat(names).contains("2026-11-23.db", "2026-11-23.db-wal", "2026-11-23.db-shm", "2026-11-23");
            assertThat(wide).isEmpty();
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    @Test
    void whatAnEarlierVersionMadeWiderIsNarrowed() throws Exception {
        try (SqliteRecordStore store = open()) {
            write(store, Stream.AUDIT, 1, 1, "2026-11-22T10:00:00Z");
        }
        Path file = file(Stream.AUDIT, "2026-11-22");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).records()).hasSize(1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void aProcessWithoutDescriptorsNamesItRetriesAndLosesNothing() throws Exception {
        Process child = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 400; exec \"$0\" \"$@\"",
                        java(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StarvedWriter.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("told").toFile())
                .start();
        assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
        String told = Files.readString(data.resolve("told"));
        assertThat(told)
                .contains("first: Written[written=50")
                .contains("starved: Unavailable[code=store_no_descriptors")
                .contains("reading: store_no_descriptors")
                .contains("healed: Written[written=50");
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).isEmpty();
            assertThat(store.damage()).isEmpty();
            assertThat(store.records(new RecordQuery(
                                    Set.of(Stream.OPERATIONAL_LOGS),
                                    Map.of(),
                                    Long.MIN_VALUE,
                                    Long.MAX_VALUE,
                                    1_000,
                                    null))
                            .records())
                    .hasSize(100);
        }
    }

    @Test
    void aDayThatIsNotOfTheStoreIsNotDeletedInItsPlace() {
        try (SqliteRecordStore store = open()) {
            assertThatThrownBy(() -> store.files(Stream.QUARANTINE)).isInstanceOf(IllegalArgumentException.class);
            store.delete(Stream.AUDIT, LocalDate.parse("2026-11-22"));
            assertThat(store.days(Stream.AUDIT)).isEmpty();
        }
    }
}
