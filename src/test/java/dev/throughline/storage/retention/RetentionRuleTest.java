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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

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
        boolean damaged;
        final Map<Stream, TreeMap<Long, Long>> receivedAt = new EnumMap<>(Stream.class);
        final Map<Stream, TreeMap<Long, Long>> records = new EnumMap<>(Stream.class);
        final Map<Stream, Long> retention = new EnumMap<>(Map.of(Stream.OPERATIONAL_LOGS, 30L, Stream.AUDIT, 60L));
        List<Notice> notices = List.of();

        World() {
            retention.keySet().forEach(stream -> receivedAt.put(stream, new TreeMap<>()));
            retention.keySet().forEach(stream -> records.put(stream, new TreeMap<>()));
        }

        long wall() {
            return now + wallError;
        }

        /** Records come in, and are kept by the day that the wall clock says. */
        void receive() {
            long day = Math.floorDiv(wall(), DAY);
            receivedAt.values().forEach(days -> days.put(day, now));
            records.values().forEach(days -> days.merge(day, 1L, Long::sum));
        }

        List<Deletion> run() {
            Map<Stream, Kept> kept = new EnumMap<>(Stream.class);
            records.forEach((stream, days) -> kept.put(stream, new Kept(new TreeMap<>(days), retention.get(stream))));
            Tick tick = new Tick(wall(), now - bootedAt, "boot-" + boot);
            Outcome outcome =
                    state == null ? RetentionRule.begin(damaged, tick, kept) : RetentionRule.run(state, tick, kept);
            damaged = false;
            state = RetentionStateFile.parse(RetentionStateFile.text(outcome.state()));
            assertThat(state).isEqualTo(outcome.state());
            notices = outcome.notices();
            return outcome.deletions();
        }

        List<Deletion> runAndDelete() {
            List<Deletion> deletions = run();
            deletions.forEach(deletion -> {
                long day = deletion.day().toEpochDay();
                receivedAt.get(deletion.stream()).remove(day);
                records.get(deletion.stream()).remove(day);
            });
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
    void aClockAheadForAWeekDeletesAWeek() {
        World world = aStoreOfManyDays();
        world.wallError = 11 * YEAR;
        world.live(7 * 24);
        assertThat(world.receivedAt.get(Stream.OPERATIONAL_LOGS).keySet())
                .filteredOn(day -> day <= START / DAY)
                .hasSizeGreaterThanOrEqualTo(31 - 8);
        assertThat(world.receivedAt.get(Stream.AUDIT).keySet())
                .filteredOn(day -> day <= START / DAY)
                .hasSizeGreaterThanOrEqualTo(61 - 8);
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
    void aFirstRunOnlyRemembersAndGoesByTheDaysThatHaveRecords() {
        for (long error : new long[] {11 * YEAR, -11 * YEAR, 400 * DAY, 0}) {
            for (boolean damaged : new boolean[] {false, true}) {
                World world = aStoreOfManyDays();
                world.state = null;
                world.damaged = damaged;
                world.wallError = error;
                world.retention.put(Stream.OPERATIONAL_LOGS, 1L);
                assertThat(world.run()).isEmpty();
                assertThat(world.notices.stream()
                                .anyMatch(notice -> notice.code().equals("state_damaged")))
                        .isEqualTo(damaged);
                world.receive();
                assertThat(world.live(damaged ? 6 * 24 : 22)).isZero();
            }
        }
    }

    @Test
    void aStateThatIsLostAtEveryStartDeletesNothing() {
        World world = aStoreOfManyDays();
        world.wallError = 11 * YEAR;
        for (int start = 0; start < 2_000; start++) {
            world.state = null;
            world.now += Duration.ofSeconds(30).toMillis();
            assertThat(world.runAndDelete()).isEmpty();
            world.receive();
        }
    }

    @Test
    void withoutAStateAndWithARightClockWhatIsOverAgeGoesWithinTwoDays() {
        World world = aStoreOfManyDays();
        world.state = null;
        world.retention.put(Stream.OPERATIONAL_LOGS, 3L);
        world.live(48);
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isLessThanOrEqualTo(5);
    }

    @Test
    void aMachineThatSleptForThreeWeeksGoesOnAtOnceAndOneThatWasOffKeepsTheOldLonger() {
        World slept = aStoreOfManyDays();
        slept.now += 21 * DAY;
        slept.runAndDelete();
        assertThat(slept.days(Stream.OPERATIONAL_LOGS)).isBetween(10, 11);
        World off = aStoreOfManyDays();
        off.reboot(21 * DAY);
        off.live(1);
        assertThat(off.notices).extracting(Notice::code).containsExactly("clock_ahead");
        long newest = START / DAY;
        off.live(8 * 24);
        assertThat(off.notices).isEmpty();
        off.live(23 * 24);
        assertThat(off.receivedAt.get(Stream.OPERATIONAL_LOGS).firstKey()).isGreaterThan(newest);
        off.live(20 * 24);
        assertThat(off.days(Stream.OPERATIONAL_LOGS)).isEqualTo(31);
    }

    @Test
    void aMachineThatIsOffEveryNightKeepsNothingLonger() {
        World world = aStoreOfManyDays();
        for (int day = 0; day < 100; day++) {
            world.reboot(16 * HOUR);
            world.live(8);
        }
        assertThat(world.days(Stream.OPERATIONAL_LOGS)).isBetween(30, 31);
        assertThat(world.notices).isEmpty();
    }

    @Test
    void auditWaitsForASecondRunADayLater() {
        World world = aStoreOfManyDays();
        world.now += 20 * DAY;
        world.runAndDelete();
        long found = world.receivedAt.get(Stream.AUDIT).firstKey();
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
