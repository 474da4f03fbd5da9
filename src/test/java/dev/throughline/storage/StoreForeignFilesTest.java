package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.storage.StoreRepair.RepairedDay;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the place of others, files that are gone with all that is named like them, and what is said of it. */
class StoreForeignFilesTest {
    private static final String A = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final String DAY = "2026-11-22";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

    @TempDir
    Path data;

    private SqliteRecordStore open() {
        return new SqliteRecordStore(data, StoreConfig.DEFAULT, CLOCK);
    }

    private Path file(Stream stream, String day) {
        return data.resolve("store").resolve(stream.label()).resolve(day + ".db");
    }

    private Path ledger(Stream stream, String day) {
        return data.resolve("store/ledger").resolve(stream.label()).resolve(day);
    }

    private static void write(SqliteRecordStore store, Stream stream, long from, int count, String day) {
        FrameFixture frames = new FrameFixture();
        for (long id = from; id < from + count; id++) {
            Event event = Event.log(id, A, day + "T10:00:00Z");
            frames.add(stream == Stream.QUARANTINE ? event.signal(Signal.QUARANTINE_ENTRY) : event);
        }
        assertThat(store.write(frames.batch(stream))).isInstanceOf(WriteResult.Written.class);
    }

    private static JourneyRecords journey(SqliteRecordStore store) {
        return store.journey(new JourneyQuery(A, 10_000, 16 << 20, null));
    }

    private void twoDays(Stream stream) {
        try (SqliteRecordStore store = open()) {
            write(store, stream, 1, 30, DAY);
            write(store, stream, 1_000, 30, "2026-11-23");
        }
    }

    private static List<String> codes(List<Finding> findings) {
        return findings.stream().map(Finding::code).toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Stream.class,
            names = {"AUDIT", "QUARANTINE"})
    void theFileOfAnotherDayIsNotTakenForThisOne(Stream stream) throws Exception {
        twoDays(stream);
        Files.copy(file(stream, "2026-11-23"), file(stream, DAY), StandardCopyOption.REPLACE_EXISTING);
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).containsExactly(stream.label() + "/" + DAY);
            assertThat(store.damage())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.place())
                            .contains(file(stream, DAY) + ", it is the file of " + stream.label() + "/2026-11-23"));
            write(store, stream, 5_000, 10, DAY);
            assertThat(journey(store).unreadable()).containsExactly(stream.label() + "/" + DAY);
        }
        List<RepairedDay> repaired = new ArrayList<>();
        try (SqliteRecordStore store = open()) {
            new StoreRepair(store, data).run(repaired::add);
        }
        assertThat(repaired).singleElement().satisfies(day -> {
            assertThat(day.lost()).isEqualTo(30);
            assertThat(day.saved()).isEqualTo(10);
        });
    }

    @Test
    void filesThatWereSwappedArePutRightByTheRepair() throws Exception {
        twoDays(Stream.AUDIT);
        twoDays(Stream.QUARANTINE);
        Path between = data.resolve("between");
        for (Path file : List.of(file(Stream.AUDIT, "2026-11-23"), file(Stream.QUARANTINE, DAY))) {
            Files.move(file(Stream.AUDIT, DAY), between);
            Files.move(file, file(Stream.AUDIT, DAY));
            Files.move(between, file);
        }
        List<RepairedDay> repaired = new ArrayList<>();
        try (SqliteRecordStore store = open()) {
            new StoreRepair(store, data).run(repaired::add);
        }
        assertThat(repaired).hasSize(3).allSatisfy(day -> {
            assertThat(day.saved()).isEqualTo(30);
            assertThat(day.lost()).isZero();
        });
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).isEmpty();
            assertThat(journey(store).records()).hasSize(60);
            assertThat(journey(store).quarantined()).hasSize(60);
        }
    }

    @Test
    void theFileOfAnotherStoreIsNotTakenForThisOne() throws Exception {
        twoDays(Stream.AUDIT);
        try (SqliteRecordStore other = new SqliteRecordStore(data.resolve("other"), StoreConfig.DEFAULT, CLOCK)) {
            write(other, Stream.AUDIT, 1, 30, DAY);
        }
        Files.copy(
                data.resolve("other/store/audit").resolve(DAY + ".db"),
                file(Stream.AUDIT, DAY),
                StandardCopyOption.REPLACE_EXISTING);
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).containsExactly("audit/" + DAY);
            assertThat(new StoreCheck(store).run().findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.place()).endsWith("it is another file of this day"));
        }
    }

    @Test
    void aFileWithoutAnIdentityIsTakenOnceAndKnownFromThenOn() throws Exception {
        twoDays(Stream.AUDIT);
        for (String day : List.of(DAY, "2026-11-23")) {
            Files.delete(ledger(Stream.AUDIT, day));
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file(Stream.AUDIT, day));
                    var statement = connection.createStatement()) {
                statement.execute("DROP TABLE identity");
            }
        }
        Files.delete(data.resolve("store/days"));
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).records()).hasSize(60);
        }
        Files.copy(file(Stream.AUDIT, "2026-11-23"), file(Stream.AUDIT, DAY), StandardCopyOption.REPLACE_EXISTING);
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).records()).hasSize(30);
            assertThat(codes(store.findings().all())).contains("unreadable_file");
        }
    }

    @Test
    void aDayThatIsDeletedWithItsLedgerIsMissed() throws Exception {
        twoDays(Stream.AUDIT);
        for (Path root : List.of(data.resolve("store/audit"), data.resolve("store/ledger/audit"))) {
            try (var files = Files.list(root)) {
                for (Path file : files.filter(
                                path -> path.getFileName().toString().startsWith(DAY))
                        .toList()) {
                    Files.delete(file);
                }
            }
        }
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).containsExactly("audit/" + DAY);
            assertThat(codes(store.damage())).containsExactly("missing_file");
            assertThat(codes(new StoreCheck(store).run().findings())).containsExactly("missing_file");
        }
    }

    @Test
    void aStreamWhoseFolderIsAFileIsUnreadableAndNotEmpty() throws Exception {
        twoDays(Stream.AUDIT);
        try (SqliteRecordStore store = open()) {
            write(store, Stream.OPERATIONAL_LOGS, 9_000, 5, DAY);
        }
        deleteAll(data.resolve("store/audit"));
        Files.createFile(data.resolve("store/audit"));
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).containsExactlyInAnyOrder("audit/" + DAY, "audit/2026-11-23");
            assertThat(journey(store).records()).hasSize(5);
            assertThat(codes(store.damage())).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/full", "/dev/zero"})
    void aDeviceInThePlaceOfADayHoldsUpNothing(String device) throws Exception {
        twoDays(Stream.AUDIT);
        Files.delete(file(Stream.AUDIT, DAY));
        Files.createSymbolicLink(file(Stream.AUDIT, DAY), Path.of(device));
        try (SqliteRecordStore store = open()) {
            assertThat(journey(store).unreadable()).containsExactly("audit/" + DAY);
            assertThat(journey(store).records()).hasSize(30);
            write(store, Stream.AUDIT, 5_000, 10, DAY);
            assertThat(journey(store).records()).hasSize(40);
        }
    }

    @Test
    void aDamagedLedgerIsNamedByTheCheckAndMadeWholeByTheRepair() throws Exception {
        twoDays(Stream.AUDIT);
        Files.write(ledger(Stream.AUDIT, DAY), new byte[3]);
        Files.delete(ledger(Stream.AUDIT, "2026-11-23"));
        Files.createDirectory(ledger(Stream.AUDIT, "2026-11-23"));
        try (SqliteRecordStore store = open()) {
            assertThat(codes(new StoreCheck(store).run().findings()))
                    .containsExactly("damaged_ledger", "damaged_ledger");
        }
        try (SqliteRecordStore store = open()) {
            new StoreRepair(store, data).run(_ -> {});
        }
        try (SqliteRecordStore store = open()) {
            assertThat(new StoreCheck(store).run().findings()).isEmpty();
            assertThat(journey(store).unreadable()).isEmpty();
            assertThat(journey(store).records()).hasSize(60);
        }
    }

    @Test
    void whatCannotBeSetAsideIsNotSaidToBe() throws Exception {
        twoDays(Stream.AUDIT);
        Path damaged = file(Stream.AUDIT, DAY);
        Files.write(damaged, new byte[8_192]);
        Files.createDirectories(data.resolve("store/damaged"));
        Files.createFile(data.resolve("store/damaged/audit"));
        try (SqliteRecordStore store = open()) {
            FrameFixture frames = new FrameFixture();
            frames.add(Event.log(7, A, DAY + "T10:00:00Z"));
            assertThat(store.write(frames.batch(Stream.AUDIT))).isInstanceOf(WriteResult.Unavailable.class);
            assertThat(damaged).exists();
            assertThat(codes(store.findings().all())).contains("not_set_aside").doesNotContain("set_aside");
            Files.delete(data.resolve("store/damaged/audit"));
            assertThat(store.write(frames.batch(Stream.AUDIT))).isInstanceOf(WriteResult.Written.class);
            assertThat(codes(store.damage())).contains("set_aside");
        }
    }

    @Test
    void eachDamagedBlockIsNamedWithItsFile() throws Exception {
        try (SqliteRecordStore store = open()) {
            for (int batch = 0; batch < 3; batch++) {
                write(store, Stream.AUDIT, batch * 1_000 + 1, 900, DAY);
            }
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file(Stream.AUDIT, DAY));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE blocks SET event_min = event_min + 1 WHERE first IN (1, 901)");
        }
        try (SqliteRecordStore store = open();
                StoreScrub scrub = new StoreScrub(store, Long.MAX_VALUE / 2_000, java.time.Duration.ofHours(1))) {
            scrub.pass();
            assertThat(store.findings().all())
                    .extracting(Finding::place)
                    .filteredOn(place -> place.startsWith(file(Stream.AUDIT, DAY) + ", "))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .doesNotHaveDuplicates();
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
