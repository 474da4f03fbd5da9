package dev.throughline.storage.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.storage.retention.RetentionClock.Tick;
import dev.throughline.storage.retention.RetentionRule.Deletion;
import dev.throughline.storage.retention.RetentionRule.Kept;
import dev.throughline.storage.retention.RetentionRule.Outcome;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A gateway's life drawn from a seed: the clock jumps, the program starts anew, its state is lost or damaged, the policy changes,
 * the machine sleeps or is off. The oracle knows the true time of every record and nothing of the rule.
 */
class RetentionModelTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long START = Instant.parse("2026-01-10T12:00:00Z").toEpochMilli();
    private static final List<Stream> STREAMS = List.of(Stream.OPERATIONAL_LOGS, Stream.QUARANTINE, Stream.AUDIT);

    /** What is true, and what the program sees of it. */
    private static final class Life {
        final Random random;
        long now = START;
        long wallError;
        long bootedAt = START - DAY;
        int boot;
        /** What was granted for boots at which the clock was not what it had been: it cannot be told from a machine that was off. */
        long grantedWrongly;

        RetentionState state;
        boolean damaged;
        long lastRunError;
        final Map<Stream, TreeMap<Long, Long>> youngest = new EnumMap<>(Stream.class);
        final Map<Stream, TreeMap<Long, Long>> records = new EnumMap<>(Stream.class);
        final Map<Stream, TreeMap<Long, Long>> policy = new EnumMap<>(Stream.class);
        final Map<Stream, TreeMap<Long, Long>> foundOver = new EnumMap<>(Stream.class);

        Life(long seed) {
            random = new Random(seed);
            for (Stream stream : STREAMS) {
                youngest.put(stream, new TreeMap<>());
                records.put(stream, new TreeMap<>());
                foundOver.put(stream, new TreeMap<>());
                policy.put(stream, new TreeMap<>(Map.of(0L, stream == Stream.AUDIT ? 20L : 10L)));
            }
        }

        long wall() {
            return now + wallError;
        }

        void receive() {
            long day = Math.floorDiv(wall(), DAY);
            for (Stream stream : STREAMS) {
                youngest.get(stream).put(day, now);
                records.get(stream).merge(day, 1L + random.nextInt(5), Long::sum);
            }
        }

        void run() {
            Map<Stream, Kept> kept = new EnumMap<>(Stream.class);
            for (Stream stream : STREAMS) {
                kept.put(
                        stream,
                        new Kept(
                                new TreeMap<>(records.get(stream)),
                                policy.get(stream).lastEntry().getValue()));
            }
            boolean first = state == null;
            Tick tick = new Tick(wall(), now - bootedAt, "boot-" + boot);
            Outcome outcome = first ? RetentionRule.begin(damaged, tick, kept) : RetentionRule.run(state, tick, kept);
            damaged = false;
            state = RetentionStateFile.parse(RetentionStateFile.text(outcome.state()));
            lastRunError = wallError;
            assertThat(outcome.deletions()).matches(deletions -> !first || deletions.isEmpty());
            outcome.deletions().forEach(this::judge);
            STREAMS.forEach(this::look);
        }

        /** When a day was first over retention by the true time at a run; the earliest that a run can have found it. */
        private void look(Stream stream) {
            long retention = policy.get(stream).lastEntry().getValue();
            youngest.get(stream).forEach((day, received) -> {
                if (now - received + grantedWrongly >= retention * DAY) {
                    foundOver.get(stream).putIfAbsent(day, now);
                } else {
                    foundOver.get(stream).remove(day);
                }
            });
        }

        void judge(Deletion deletion) {
            Stream stream = deletion.stream();
            long day = deletion.day().toEpochDay();
            Long received = youngest.get(stream).remove(day);
            assertThat(received).as("a day that is there").isNotNull();
            records.get(stream).remove(day);
            long grace = stream == Stream.AUDIT ? 7 * DAY : DAY;
            TreeMap<Long, Long> policies = policy.get(stream);
            long longest = policies.tailMap(policies.floorKey(now - grace), true).values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElseThrow();
            assertThat(now - received + grantedWrongly)
                    .as("age of %s/%s", stream, deletion.day())
                    .isGreaterThanOrEqualTo(longest * DAY);
            if (stream == Stream.AUDIT) {
                assertThat(foundOver.get(stream).remove(day))
                        .as("%s was found over retention a day ago", deletion.day())
                        .isNotNull()
                        .isLessThanOrEqualTo(now - DAY);
            }
        }

        void reboot(long off, long error) {
            long before = lastRunError;
            now += off;
            wallError = error;
            bootedAt = now;
            boot++;
            grantedWrongly += Math.clamp(error - before, 0, DAY);
            run();
        }

        void lose(boolean asDamaged) {
            state = null;
            damaged = asDamaged;
            grantedWrongly = 0;
            foundOver.values().forEach(TreeMap::clear);
        }

        void live(long millis) {
            long end = now + millis;
            while (now < end) {
                now += 1 + random.nextLong(HOUR);
                receive();
                if (random.nextInt(8) > 0) {
                    run();
                }
            }
        }

        /** What should have gone so many days ago by the true time. */
        List<String> stale(long late) {
            List<String> stale = new ArrayList<>();
            youngest.forEach((stream, days) -> {
                long retention = policy.get(stream).lastEntry().getValue();
                days.forEach((day, received) -> {
                    if (now - received > (retention + late) * DAY) {
                        stale.add(stream + "/" + day);
                    }
                });
            });
            return stale;
        }
    }

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one == null ? LongStream.range(0, 50) : LongStream.of(one);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noDayIsDeletedBeforeItsTimeWhateverClockStateAndPolicyDo(long seed) {
        Life life = new Life(seed);
        // Without a state only the dates tell what time it was: a jump of less than a week is not to be seen then.
        boolean loses = seed % 2 == 0;
        life.live(25 * DAY);
        for (int step = 1; step <= 60; step++) {
            long far = step * 1_000 * DAY;
            switch (life.random.nextInt(12)) {
                case 0 -> life.wallError = far;
                case 1 -> life.wallError = -far;
                case 2 -> life.wallError = loses ? far : life.random.nextLong(40 * DAY) - 20 * DAY;
                case 3 -> life.reboot(life.random.nextLong(25 * DAY), life.wallError);
                case 4 -> life.reboot(life.random.nextLong(HOUR), life.random.nextBoolean() ? far : -far);
                case 5, 6 -> {
                    if (loses) {
                        life.lose(life.random.nextBoolean());
                        life.run();
                    }
                }
                case 7 -> {
                    Stream stream = STREAMS.get(life.random.nextInt(STREAMS.size()));
                    life.policy.get(stream).put(life.now, 1L + life.random.nextInt(20));
                    life.run();
                }
                // The machine sleeps: its steady clock goes on.
                case 8 -> life.now += life.random.nextLong(22 * DAY);
                default -> life.wallError = 0;
            }
            life.live(life.random.nextLong(life.random.nextBoolean() ? 10 * MINUTE : 4 * DAY));
        }
        // All that was wrong is over: within the longest retention, and the days that pass until it is believed, all is
        // as it should be.
        life.wallError = 0;
        life.live(32 * DAY);
        assertThat(life.stale(2)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void withARightClockAllThatIsOverAgeGoesWithinTwoDays(long seed) {
        Life life = new Life(seed);
        life.live(25 * DAY);
        for (int step = 0; step < 40; step++) {
            switch (life.random.nextInt(4)) {
                case 0 -> life.reboot(life.random.nextLong(HOUR), 0);
                case 1 -> life.now += life.random.nextLong(22 * DAY);
                default -> {}
            }
            life.live(2 * DAY + life.random.nextLong(2 * DAY));
            assertThat(life.stale(2)).isEmpty();
        }
        assertThat(life.youngest.get(Stream.OPERATIONAL_LOGS)).hasSizeLessThanOrEqualTo(13);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aLostStateAndARightClockDelayLogsByTwoDaysAtMost(long seed) {
        Life life = new Life(seed);
        life.live((20 + life.random.nextInt(20)) * DAY + life.random.nextLong(DAY));
        life.policy.get(Stream.OPERATIONAL_LOGS).put(life.now, 2L + life.random.nextInt(9));
        life.lose(false);
        life.run();
        life.live(2 * DAY);
        assertThat(life.stale(2)).noneMatch(day -> day.startsWith(Stream.OPERATIONAL_LOGS.toString()));
        life.live(7 * DAY);
        assertThat(life.stale(4)).isEmpty();
    }
}
