package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
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
    private volatile Duration retention = Duration.ofDays(30);

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

    private Retention retention() {
        return new Retention(
                store,
                stream -> retention,
                () -> new Tick(wall, steady, "one"),
                new RetentionStateFile(data.resolve("store/retention")),
                registry);
    }

    /** A program that is started anew for each run. */
    private Retention run() throws IOException {
        Retention started = retention();
        started.run();
        return started;
    }

    private void pass(long millis) {
        wall += millis;
        steady += millis;
    }

    private int days(Stream stream) {
        return store.days(stream).size();
    }

    /** The state is a day old: logs are deleted. */
    private Retention runTwice() throws IOException {
        run();
        pass(DAY);
        return run();
    }

    @Test
    void whatIsOverRetentionIsDeletedToldAndCountedAndAuditAWeekAfterTheBeginning() throws IOException {
        run();
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(40);
        pass(DAY);
        run();
        assertThat(store.days(Stream.OPERATIONAL_LOGS))
                .extracting(StoredDay::day)
                .hasSize(30)
                .contains(TODAY.minusDays(29))
                .doesNotContain(TODAY.minusDays(30));
        assertThat(registry.counter("throughline_retention_deleted_records", "stream", "operational.logs")
                        .count())
                .isEqualTo(10);
        pass(5 * DAY);
        run();
        assertThat(days(Stream.AUDIT)).isEqualTo(40);
        pass(DAY);
        run();
        assertThat(days(Stream.AUDIT)).isEqualTo(25);
        assertThat(Files.getPosixFilePermissions(data.resolve("store/retention")))
                .hasSize(2);
    }

    @Test
    void aClockElevenYearsAheadForAMinuteDeletesNothing() throws IOException {
        runTwice();
        int logs = days(Stream.OPERATIONAL_LOGS);
        long before = wall;
        wall += 11 * 365 * DAY;
        pass(Duration.ofMinutes(1).toMillis());
        store.write(new FrameFixture()
                .add(Event.log(999, ID, Instant.ofEpochMilli(wall).toString()))
                .batch(Stream.AUDIT));
        assertThat(run().notices()).extracting(Notice::code).containsExactly("clock_ahead");
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(logs);
        assertThat(days(Stream.AUDIT)).isEqualTo(41);
        wall = before + Duration.ofMinutes(2).toMillis();
        assertThat(run().notices()).extracting(Notice::code).containsExactly("records_ahead");
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(logs);
    }

    @Test
    void aTypoInTheRetentionIsToldBeforeItIsFollowed() throws IOException {
        runTwice();
        retention = Duration.ofDays(3);
        assertThat(run().notices()).extracting(Notice::code).containsOnly("retention_shortened");
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(30);
        pass(DAY);
        run();
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(2);
        assertThat(days(Stream.AUDIT)).isEqualTo(40);
    }

    @Test
    void aPolicyThatIsTakenIsLookedAtAtOnceAndByTheTimerOfAProgramThatHasJustStarted() throws IOException {
        Retention program = retention();
        program.start(new StartupEvent());
        Path state = data.resolve("store/retention");
        await().until(() -> Files.exists(state));
        retention = Duration.ofDays(3);
        program.policyTaken();
        await().untilAsserted(() ->
                assertThat(program.notices()).extracting(Notice::code).containsOnly("retention_shortened"));
        program.stop(new ShutdownEvent());
        program.policyTaken();
    }

    @Test
    void partOfADayIsAWholeOne() throws IOException {
        runTwice();
        retention = Duration.ofHours(36);
        run();
        pass(DAY);
        run();
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(1);
        assertThat(store.days(Stream.OPERATIONAL_LOGS))
                .extracting(StoredDay::day)
                .containsExactly(TODAY);
    }

    @Test
    void aStateThatCannotBeUsedDeletesNothingForAWeekAndIsToldAndCounted() throws IOException {
        runTwice();
        Path state = data.resolve("store/retention");
        for (String noise : List.of("noise", "", "throughline-retention 2\n")) {
            Files.writeString(state, noise);
            wall += 11 * 365 * DAY;
            assertThat(run().notices()).extracting(Notice::code).contains("state_damaged");
            pass(DAY);
            run();
            pass(5 * DAY);
            run();
            assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(30);
            assertThat(days(Stream.AUDIT)).isEqualTo(40);
        }
        assertThat(registry.counter("throughline_retention_damaged_states").count())
                .isEqualTo(3);
        Files.writeString(state, "throughline-retention 1\n");
        assertThat(run().notices()).extracting(Notice::code).doesNotContain("state_damaged");
    }

    @Test
    void aStateThatCannotBeWrittenIsToldAndNothingIsDeleted() throws IOException {
        Files.createDirectories(data.resolve("store/retention/in-the-way"));
        Retention program = retention();
        assertThatThrownBy(program::run).isInstanceOf(IOException.class);
        program.start(new StartupEvent());
        await().untilAsserted(() -> assertThat(program.notices())
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.code()).isEqualTo("retention_stopped");
                    assertThat(notice.detail()).doesNotContain("Exception");
                }));
        program.stop(new ShutdownEvent());
        assertThat(days(Stream.OPERATIONAL_LOGS)).isEqualTo(40);
    }
}
