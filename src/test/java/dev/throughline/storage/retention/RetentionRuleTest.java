package dev.throughline.storage.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.storage.retention.RetentionClock.Tick;
import dev.throughline.storage.retention.RetentionRule.Deletion;
import dev.throughline.storage.retention.RetentionRule.Kept;
import dev.throughline.storage.retention.RetentionRule.Notice;
import dev.throughline.storage.retention.RetentionRule.Outcome;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clocks that jump, programs that restart, machines that sleep: days are kept for as long as the policy says, and no longer for ever. */
class RetentionRuleTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long START = Instant.parse("2026-01-10T12:00:00Z").toEpochMilli();
    private static final long YEAR = 365 * DAY;

    /** A machine with a true time that nobody sees, a wall clock that may be wrong, and a store. */
    private static final class World {
        long now = START;
        long wallError;
        long bootedAt = START - DAY;
        int boot = 1;
        RetentionState state;
        final Map<Stream, TreeMap<Long, Long>> receivedAt = new EnumMap<>(Stream.class);
        final Map<Stream, Long> retention = new EnumMap<>(Map.of(Stream.OPERATIONAL_LOGS, 30L, Stream.AUDIT, 60L));
        List<Notice> notices = List.of();

        World() {
            retention.keySet().forEach(stream -> receivedAt.put(stream, new TreeMap<>()));
        }

        long wall() {
            return now + wallError;
        }

        /** Records come in, and are kept by the day that the wall clock says. */
        void receive() {
            receivedAt.values().forEach(days -> days.putIfAbsent(Math.max(0, wall()) / DAY, now));
        }

        List<Deletion> run() {
            Map<Stream, Kept> kept = new EnumMap<>(Stream.class);
            receivedAt.forEach(
                    (stream, days) -> kept.put(stream, new Kept(new TreeSet<>(days.keySet()), retention.get(stream))));
            Outcome outcome = RetentionRule.run(state, new Tick(wall(), now - bootedAt, "boot-" + boot, true), kept);
            if (outcome.state() != null) {
                state = RetentionStateFile.parse(RetentionStateFile.text(outcome.state()));
            }
            notices = outcome.notices();
            return outcome.deletions();
        }

        List<Deletion> runAndDelete() {
            List<Deletion> deletions = run();
            deletions.forEach(deletion ->
                    receivedAt.get(deletion.stream()).remove(deletion.day().toEpochDay()));
            return deletions;
        }

        /** An hour passes after another, each with records and a run. */
        int live(long hours) {
            return live(hours, HOUR);
        }

        private int live(long steps, long step) {
            int deleted = 0;
            for (long i = 0; i < steps; i++) {
                now += step;
                receive();
                deleted += runAndDelete().size();
            }
            return deleted;
        }

        void reboot(long offMillis) {
            now += offMillis;
            bootedAt = now;
            boot++;
        }

        int days(Stream stream) {
            return receivedAt.get(stream).size();
        }
    }

    private static World aStoreOfManyDays() {
        World world = new World();
        world.now = START - 100 * DAY;
        world.bootedAt = world.now - DAY;
        world.live(100 * 4, 6 * HOUR);
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isEqualTo(31);
        assertThat(world.days(Stream.AUDIT)).isBetween(61, 62);
        return world;
    }

    @Test
    void aRightClockDeletesADayADay() {
        World world = aStoreOfManyDays();
        assertThat(world.live(10 * 24)).isEqualTo(20);
        assertThat(world.notices).isEmpty();
    }

    @Test
    void aClockElevenYearsAheadForAMinuteDeletesNothing() {
        World world = aStoreOfManyDays();
        world.wallError = 11 * YEAR;
        world.now += Duration.ofMinutes(1).toMillis();
        world.receive();
        assertThat(world.runAndDelete()).isEmpty();
        assertThat(world.notices).extracting(Notice::code).contains("clock_ahead");
        world.wallError = 0;
        assertThat(world.live(24)).isLessThanOrEqualTo(4);
        // What was received in that minute does not stay for eleven years either.
        world.live(62 * 24);
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isEqualTo(31);
        assertThat(world.days(Stream.AUDIT)).isBetween(61, 62);
    }

    @Test
    void aClockAheadForAWeekDeletesNotMuchMoreThanAWeek() {
        World world = aStoreOfManyDays();
        world.wallError = 11 * YEAR;
        world.live(7 * 24);
        assertThat(world.receivedAt.get(Stream.OPERATIONAL_LOGS).keySet())
                .filteredOn(day -> day <= START / DAY)
                .hasSizeGreaterThanOrEqualTo(31 - 10);
        assertThat(world.receivedAt.get(Stream.AUDIT).keySet())
                .filteredOn(day -> day <= START / DAY)
                .hasSizeGreaterThanOrEqualTo(61 - 10);
    }

    @Test
    void aClockThatGoesBackDeletesNothingEarlyAndStopsRetentionNoLongerThanItIsWrong() {
        World world = aStoreOfManyDays();
        world.wallError = -YEAR;
        world.now += HOUR;
        world.receive();
        assertThat(world.runAndDelete()).isEmpty();
        long strange = world.wall() / DAY;
        world.live(48);
        assertThat(world.notices).extracting(Notice::code).contains("clock_behind");
        world.wallError = 0;
        world.live(24);
        assertThat(world.receivedAt.get(Stream.OPERATIONAL_LOGS)).containsKey(strange);
        world.live(40 * 24);
        assertThat(world.receivedAt.get(Stream.OPERATIONAL_LOGS)).doesNotContainKey(strange);
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isEqualTo(31);
    }

    @Test
    void aFirstRunUnderAWrongClockGoesByTheRecords() {
        World world = aStoreOfManyDays();
        world.state = null;
        world.wallError = 11 * YEAR;
        assertThat(world.run()).hasSizeLessThanOrEqualTo(2);
        world.state = null;
        world.wallError = -11 * YEAR;
        assertThat(world.run()).isEmpty();
        assertThat(world.state).isNull();
        assertThat(world.notices).extracting(Notice::code).containsExactly("clock_behind");
    }

    @Test
    void auditWaitsForASecondRunADayLater() {
        World world = aStoreOfManyDays();
        world.reboot(20 * DAY);
        world.runAndDelete();
        long found = world.state.streams().get(Stream.AUDIT).expired().lastKey();
        assertThat(world.receivedAt.get(Stream.AUDIT)).containsKey(found);
        world.now += 23 * HOUR;
        world.runAndDelete();
        assertThat(world.receivedAt.get(Stream.AUDIT)).containsKey(found);
        world.now += 2 * HOUR;
        world.runAndDelete();
        assertThat(world.receivedAt.get(Stream.AUDIT)).doesNotContainKey(found);
    }

    @Test
    void aPolicyThatShortensRetentionIsToldFirstAndCanBeTakenBack() {
        World world = aStoreOfManyDays();
        world.retention.put(Stream.AUDIT, 6L);
        world.retention.put(Stream.OPERATIONAL_LOGS, 3L);
        world.live(20);
        assertThat(world.notices)
                .extracting(Notice::code)
                .containsOnly("retention_shortened")
                .hasSize(2);
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isGreaterThan(30);
        world.live(10);
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isEqualTo(4);
        world.live(5 * 24);
        assertThat(world.days(Stream.AUDIT)).isGreaterThan(60);
        world.retention.put(Stream.AUDIT, 60L);
        world.live(10 * 24);
        assertThat(world.days(Stream.AUDIT)).isBetween(61, 62);
        assertThat(world.notices).isEmpty();
        world.retention.put(Stream.AUDIT, 6L);
        world.live(9 * 24);
        assertThat(world.days(Stream.AUDIT)).isLessThanOrEqualTo(8);
    }

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one == null ? LongStream.range(0, 200) : LongStream.of(one);
    }

    /**
     * Clocks that are wrong for hours, restarts, reboots and pauses, at random: no record is deleted before its time but for what the
     * clock's errors can account for, and a while after the clock is right again retention is as it should be.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void wrongClocksDeleteNothingEarlyAndNothingStaysForEver(long seed) {
        Random random = new Random(seed);
        World world = aStoreOfManyDays();
        Map<Stream, TreeMap<Long, Long>> early = new HashMap<>();
        long wrongMillis = 0;
        int reboots = 0;
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(8)) {
                case 0 -> world.wallError = random.nextLong(30 * YEAR);
                case 1 -> world.wallError = -random.nextLong(30 * YEAR);
                case 2 -> {
                    world.reboot(random.nextLong(5 * DAY));
                    reboots++;
                }
                // Paused: the steady clock goes on, as the system's does.
                case 3 -> world.now += random.nextLong(3 * DAY);
                default -> world.wallError = 0;
            }
            long hours = 1 + random.nextInt(12);
            wrongMillis += world.wallError == 0 ? 0 : hours * HOUR;
            for (long hour = 0; hour < hours; hour++) {
                world.now += HOUR;
                world.receive();
                for (Deletion deletion : world.run()) {
                    long received = world.receivedAt
                            .get(deletion.stream())
                            .remove(deletion.day().toEpochDay());
                    long days = world.retention.get(deletion.stream());
                    long tooEarly = received + days * DAY - world.now;
                    early.computeIfAbsent(deletion.stream(), stream -> new TreeMap<>())
                            .put(tooEarly, deletion.day().toEpochDay());
                }
            }
        }
        // A quarter of the time that was seen, and a day a boot, is what retention may run ahead while a clock is
        // wrong.
        long seen = world.now - START;
        long allowed = DAY + (wrongMillis == 0 ? 0 : reboots * DAY + seen / 4);
        early.values().forEach(deletions -> assertThat(deletions.lastKey()).isLessThanOrEqualTo(allowed));
        world.wallError = 0;
        world.live(4L * 150, 6 * HOUR);
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isEqualTo(31);
        assertThat(world.days(Stream.AUDIT)).isBetween(61, 62);
        assertThat(world.notices).isEmpty();
    }

    @Test
    void aStateThatIsDamagedIsNotBelieved() {
        World world = aStoreOfManyDays();
        String text = RetentionStateFile.text(world.state);
        assertThat(RetentionStateFile.parse(text)).isEqualTo(world.state);
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            StringBuilder damaged = new StringBuilder(text);
            int at = random.nextInt(text.length());
            damaged.setCharAt(at, (char) (damaged.charAt(at) ^ 1 << random.nextInt(7)));
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> RetentionStateFile.parse(damaged.toString()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
