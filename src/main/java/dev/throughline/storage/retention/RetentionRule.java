package dev.throughline.storage.retention;

import dev.throughline.storage.retention.RetentionClock.Tick;
import dev.throughline.storage.retention.RetentionState.OfStream;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Decides which days are deleted now. Pure; the package's documentation tells the rules. */
public final class RetentionRule {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    /** Of the time that passes: how much more retention may follow a wall clock that is ahead. */
    private static final int CATCH_UP_PART = 4;
    /** A day that appears so long after its date was received under a wrong clock, or late. */
    private static final long LATE_DAYS = 2;

    private static final long AUDIT_GRACE = 7 * DAY;

    private RetentionRule() {}

    /**
     * What there is of a stream.
     *
     * @param days that are kept
     * @param retentionDays that the policy says
     */
    public record Kept(SortedSet<Long> days, long retentionDays) {}

    /** A day that is over retention, after so many days. */
    public record Deletion(Stream stream, LocalDate day, long retentionDays) {}

    /**
     * Something that somebody should know.
     *
     * @param code stable: {@code clock_ahead}, {@code clock_behind}, {@code records_ahead}, {@code retention_shortened}
     * @param detail for people
     */
    public record Notice(String code, String detail) {}

    /**
     * What a run came to.
     *
     * @param state to be kept before anything is deleted; null where there is nothing to begin with
     */
    public record Outcome(@Nullable RetentionState state, List<Deletion> deletions, List<Notice> notices) {}

    /** One run. */
    public static Outcome run(@Nullable RetentionState before, Tick tick, Map<Stream, Kept> kept) {
        long time = before == null ? begin(tick, kept) : advance(before, tick);
        if (time < 0) {
            boolean any = kept.values().stream().anyMatch(days -> !days.days().isEmpty());
            return new Outcome(
                    null,
                    List.of(),
                    any
                            ? List.of(
                                    new Notice(
                                            "clock_behind",
                                            "the clock is before all records that are kept; nothing is deleted until it is right"))
                            : List.of());
        }
        long seen = before == null ? 0 : before.seenMillis() + passed(before, tick);
        List<Deletion> deletions = new ArrayList<>();
        List<Notice> notices = new ArrayList<>(clockNotices(tick, time));
        Map<Stream, OfStream> streams = new EnumMap<>(Stream.class);
        long latest = Math.max(time, tick.wallMillis()) / DAY + 1;
        kept.forEach((stream, days) -> {
            OfStream known = before == null ? null : before.streams().get(stream);
            StreamRun run = new StreamRun(stream, days, known, time / DAY, latest, seen);
            streams.put(stream, run.run());
            deletions.addAll(run.deletions);
            notices.addAll(run.notices);
        });
        return new Outcome(
                new RetentionState(time, seen, tick.steadyMillis(), tick.boot(), streams), deletions, notices);
    }

    /** Not later than the end of the day after the newest one that the wall clock can account for; -1 where there is none. */
    private static long begin(Tick tick, Map<Stream, Kept> kept) {
        long latest = tick.wallMillis() / DAY + 1;
        long newest = kept.values().stream()
                .flatMap(days -> days.days().stream())
                .filter(day -> day <= latest)
                .mapToLong(Long::longValue)
                .max()
                .orElse(-1);
        return newest < 0 ? -1 : Math.min(tick.wallMillis(), (newest + 2) * DAY);
    }

    private static long passed(RetentionState before, Tick tick) {
        return before.boot().equals(tick.boot()) ? Math.max(0, tick.steadyMillis() - before.steadyMillis()) : 0;
    }

    private static long advance(RetentionState before, Tick tick) {
        long passed = passed(before, tick);
        long unseen = before.boot().equals(tick.boot()) ? 0 : tick.survivesProcess() ? DAY : HOUR;
        long most = before.timeMillis() + passed + passed / CATCH_UP_PART + unseen;
        return Math.max(before.timeMillis(), Math.min(tick.wallMillis(), most));
    }

    private static List<Notice> clockNotices(Tick tick, long time) {
        long ahead = tick.wallMillis() - time;
        if (ahead > DAY) {
            return List.of(
                    new Notice(
                            "clock_ahead",
                            "the clock is " + ahead / DAY
                                    + " days ahead of the time that was seen to pass; retention follows it by a"
                                    + " quarter faster than time. If the clock is right, stop the program and delete store/retention"));
        }
        if (ahead < -DAY) {
            return List.of(new Notice(
                    "clock_behind",
                    "the clock is " + -ahead / DAY
                            + " days behind what it was; retention waits for it. Correct the clock"));
        }
        return List.of();
    }

    /** One stream's part of a run. */
    private static final class StreamRun {
        private final Stream stream;
        private final Kept kept;
        private final @Nullable OfStream known;
        private final long today;
        private final long latest;
        private final long seen;
        private final List<Deletion> deletions = new ArrayList<>();
        private final List<Notice> notices = new ArrayList<>();

        StreamRun(Stream stream, Kept kept, @Nullable OfStream known, long today, long latest, long seen) {
            this.stream = stream;
            this.kept = kept;
            this.known = known;
            this.today = today;
            this.latest = latest;
            this.seen = seen;
        }

        OfStream run() {
            SortedMap<Long, Long> bases = bases();
            OfStream holding = holding(bases);
            SortedMap<Long, Long> expired = new TreeMap<>();
            bases.forEach((day, base) -> {
                if (base < today - holding.retentionDays()) {
                    long since = known == null ? seen : known.expired().getOrDefault(day, seen);
                    expired.put(day, since);
                    if (stream != Stream.AUDIT || seen - since >= DAY) {
                        deletions.add(new Deletion(stream, LocalDate.ofEpochDay(day), holding.retentionDays()));
                    }
                }
            });
            long ahead = kept.days().stream().filter(day -> day > latest).count();
            if (ahead > 0) {
                notices.add(
                        new Notice(
                                "records_ahead",
                                stream.label() + " has " + ahead
                                        + " days with records of the future; they are kept as long as those of the day they were first seen"));
            }
            return new OfStream(
                    holding.retentionDays(), holding.shorterDays(), holding.shorterSinceMillis(), bases, expired);
        }

        private SortedMap<Long, Long> bases() {
            SortedMap<Long, Long> bases = new TreeMap<>();
            for (long day : kept.days()) {
                Long before = known == null ? null : known.bases().get(day);
                bases.put(day, before == null ? firstBase(day) : before);
            }
            // Of the future by both clocks: it was received under another one. It may come true and have records of its
            // own.
            bases.replaceAll((day, base) -> {
                boolean isNow = day >= today - LATE_DAYS && day <= latest;
                return isNow ? Math.max(base, day) : Math.min(base, latest);
            });
            return bases;
        }

        /** What was there before retention remembered anything is taken at its word. */
        private long firstBase(long day) {
            return known != null && day < today - LATE_DAYS ? today : day;
        }

        private OfStream holding(SortedMap<Long, Long> bases) {
            long wanted = kept.retentionDays();
            SortedMap<Long, Long> none = new TreeMap<>();
            if (known == null || wanted >= known.retentionDays()) {
                return new OfStream(wanted, -1, 0, none, none);
            }
            long since = known.shorterDays() == wanted ? known.shorterSinceMillis() : seen;
            long grace = stream == Stream.AUDIT ? AUDIT_GRACE : DAY;
            if (seen - since >= grace) {
                return new OfStream(wanted, -1, 0, none, none);
            }
            long concerned = bases.values().stream()
                    .filter(base -> base < today - wanted)
                    .count();
            notices.add(new Notice(
                    "retention_shortened",
                    stream.label() + ": the policy shortens retention from " + known.retentionDays() + " to " + wanted
                            + " days; " + concerned + " days are deleted once that has stood for " + grace / DAY
                            + " days"));
            return new OfStream(known.retentionDays(), wanted, since, none, none);
        }
    }
}
