package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.storage.FrameFixture;
import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.storage.RecordStore;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreConfig;
import dev.throughline.storage.StoredDay;
import dev.throughline.storage.retention.RetentionClock.Tick;
import dev.throughline.storage.retention.RetentionRule.Notice;
import dev.throughline.storage.retention.RetentionStateFile;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real store: what a wrong clock would have deleted is there, what is over retention is not, and both are told. */
class RetentionTest {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final String ID = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final LocalDate TODAY = LocalDate.parse("2026-11-23");

    @TempDir
    Path data;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private RecordStore store;
    private long wall = Instant.parse("2026-11-23T12:00:00Z").toEpochMilli();
    private long steady = DAY;
    private long retentionDays = 30;

    @BeforeEach
    void fill() {
        store = new SqliteRecordStore(data, StoreConfig.DEFAULT, () -> Instant.ofEpochMilli(wall));
        for (int back = 0; back < 40; back++) {
            for (Stream stream : List.of(Stream.AUDIT, Stream.OPERATIONAL_LOGS)) {
                store.write(new FrameFixture()
                        .add(Event.log(back + 1, ID, TODAY.minusDays(back) + "T10:00:00Z"))
                        .batch(stream));
            }
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A program that is started anew for each run. */
    private Retention run() throws IOException {
        Retention retention = new Retention(
                store,
                stream -> Duration.ofDays(retentionDays),
                () -> new Tick(wall, steady, "one", true),
                new RetentionStateFile(data.resolve("store/retention")),
                registry);
        retention.run();
        return retention;
    }

    private void pass(long millis) {
        wall += millis;
        steady += millis;
    }

    private int days(Stream stream) {
        return store.days(stream).size();
    }

    @Test
    void whatIsOverRetentionIsDeletedToldAndCountedAndAuditADayLater() throws IOException {
        run();
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(31);
        assertThat(store.days(Stream.OPERATIONAL_LOGS))
                .extracting(StoredDay::day)
                .contains(TODAY.minusDays(30))
                .doesNotContain(TODAY.minusDays(31));
        assertThat(registry.counter("throughline_retention_deleted_records", "stream", "operational.logs")
                        .count())
                .isEqualTo(9);
        assertThat(days(Stream.AUDIT)).isEqualTo(40);
        pass(DAY);
        run();
        assertThat(days(Stream.AUDIT)).isEqualTo(31);
        assertThat(Files.getPosixFilePermissions(data.resolve("store/retention")))
                .hasSize(2);
    }

    @Test
    void aClockElevenYearsAheadForAMinuteDeletesNothingMore() throws IOException {
        run();
        pass(DAY);
        run();
        long before = wall;
        wall += 11 * 365 * DAY;
        pass(Duration.ofMinutes(1).toMillis());
        store.write(new FrameFixture()
                .add(Event.log(999, ID, Instant.ofEpochMilli(wall).toString()))
                .batch(Stream.AUDIT));
        assertThat(run().notices()).extracting(Notice::code).containsExactly("clock_ahead");
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(30);
        assertThat(days(Stream.AUDIT)).isEqualTo(32);
        wall = before + Duration.ofMinutes(2).toMillis();
        assertThat(run().notices()).extracting(Notice::code).containsExactly("records_ahead");
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(30);
    }

    @Test
    void aTypoInTheRetentionIsToldBeforeItIsFollowed() throws IOException {
        run();
        retentionDays = 3;
        assertThat(run().notices()).extracting(Notice::code).containsOnly("retention_shortened");
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(31);
        pass(DAY);
        run();
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(3);
        assertThat(days(Stream.AUDIT)).isEqualTo(31);
    }

    @Test
    void aStateThatIsDamagedDeletesNothingOutOfTurn() throws IOException {
        run();
        Files.writeString(data.resolve("store/retention"), "noise");
        wall += 11 * 365 * DAY;
        run();
        assertThat(days(Stream.OPERATIONAL_LOGS)).isGreaterThanOrEqualTo(29);
        assertThat(days(Stream.AUDIT)).isEqualTo(40);
    }
}
