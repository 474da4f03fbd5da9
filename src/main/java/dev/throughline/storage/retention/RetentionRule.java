package dev.throughline.storage.retention;

import dev.throughline.storage.retention.RetentionClock.Tick;
import dev.throughline.storage.retention.RetentionState.Day;
import dev.throughline.storage.retention.RetentionState.OfStream;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides which days are deleted now. Pure; the package's documentation tells the rules. */
public final class RetentionRule {
    static final long DAY = Duration.ofDays(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long WEEK = 7 * DAY;
    /** Days without records between two that have some; where there are more, it may be the clock that jumped. */
    private static final long GAP_DAYS_MAX = 7;

    private RetentionRule() {}

    /**
     * What there is of a stream.
     *
     * @param records of each day that is kept
     * @param retentionDays that the policy says
     */
    public record Kept(SortedMap<Long, Long> records, long retentionDays) {}

    /** A day that is over retention, after so many days. */
    public record Deletion(Stream stream, LocalDate day, long retentionDays) {}

    /**
     * Something that somebody should know.
     *
     * @param code stable: {@code clock_ahead}, {@code clock_behind}, {@code records_ahead}, {@code retention_shortened}, {@code
     *     state_damaged}
     * @param detail for people
     */
    public record Notice(String code, String detail) {}

    /**
     * What a run came to.
     *
     * @param state to be kept before anything is deleted
     */
    public record Outcome(RetentionState state, List<Deletion> deletions, List<Notice> notices) {}

    /** A run that goes on from what the last one left. */
    public static Outcome run(RetentionState before, Tick tick, Map<Stream, Kept> kept) {
        long jump = tick.wallMillis() - before.wallMillis();
        boolean sameBoot = before.boot().equals(tick.boot());
        long passed = sameBoot ? Math.max(0, tick.steadyMillis() - before.steadyMillis()) : 0;
        long granted = sameBoot ? 0 : Math.clamp(jump, 0, DAY);
        long observed = before.observedMillis() + passed;
        long elapsed = before.elapsedMillis() + passed + granted;
        long agreed = before.agreedMillis();
        long ahead = tick.wallMillis() - agreed - elapsed;
        long since = before.disagreesSinceMillis();
        if (Math.abs(ahead) <= DAY || (since >= 0 && observed - since >= WEEK)) {
            agreed += Math.abs(ahead) <= HOUR || Math.abs(ahead) > DAY ? ahead : 0;
            since = -1;
        } else if (since < 0) {
            since = observed;
        }
        return outcome(
                new RetentionState(
                        observed,
                        elapsed,
                        tick.wallMillis(),
                        tick.steadyMillis(),
                        tick.boot(),
                        agreed,
                        since,
                        before.carefulUntilMillis(),
                        before.streams()),
                sameBoot && Math.abs(jump - passed) <= HOUR ? Math.floorDiv(before.wallMillis(), DAY) : Long.MAX_VALUE,
                new TreeMap<>(),
                kept);
    }

    /**
     * The first run, which deletes nothing.
     *
     * @param damaged whether there was a state that cannot be used
     */
    public static Outcome begin(boolean damaged, Tick tick, Map<Stream, Kept> kept) {
        TreeSet<Long> days = new TreeSet<>();
        kept.values().forEach(of -> days.addAll(of.records().keySet()));
        Long newest = days.floor(Math.floorDiv(tick.wallMillis(), DAY));
        long agreed = newest == null ? tick.wallMillis() : Math.min(tick.wallMillis(), (newest + 2) * DAY);
        RetentionState state = new RetentionState(
                0,
                0,
                tick.wallMillis(),
                tick.steadyMillis(),
                tick.boot(),
                agreed,
                tick.wallMillis() - agreed > DAY ? 0 : -1,
                damaged ? WEEK : 0,
                Map.of());
        return outcome(state, Long.MAX_VALUE, agesOf(days, tick.wallMillis()), kept);
    }

    /**
     * How old the youngest record of a day surely is, by the days after it that have records: each took a day, but for the last of
     * them, which is not over. A date alone proves nothing, it may be that of a clock that had jumped.
     */
    private static SortedMap<Long, Long> agesOf(NavigableSet<Long> days, long wallMillis) {
        SortedMap<Long, Long> ages = new TreeMap<>();
        long later = -1;
        long after = 0;
        for (long day : days.headSet(Math.floorDiv(wallMillis, DAY), true).descendingSet()) {
            later = later >= 0 && after - day <= GAP_DAYS_MAX ? later + 1 : 0;
            ages.put(day, Math.max(0, later - 1) * DAY);
            after = day;
        }
        return ages;
    }

    private static Outcome outcome(
            RetentionState now, long agreedFrom, SortedMap<Long, Long> ages, Map<Stream, Kept> kept) {
        List<Deletion> deletions = new ArrayList<>();
        List<Notice> notices = new ArrayList<>(clockNotices(now));
        Map<Stream, OfStream> streams = new EnumMap<>(Stream.class);
        kept.forEach((stream, days) -> {
            StreamRun run = new StreamRun(stream, days, now, agreedFrom, ages);
            streams.put(stream, run.run());
            deletions.addAll(run.deletions);
            notices.addAll(run.notices);
        });
        RetentionState state = new RetentionState(
                now.observedMillis(),
                now.elapsedMillis(),
                now.wallMillis(),
                now.steadyMillis(),
                now.boot(),
                now.agreedMillis(),
                now.disagreesSinceMillis(),
                now.carefulUntilMillis(),
                streams);
        return new Outcome(state, deletions, notices);
    }

    private static List<Notice> clockNotices(RetentionState now) {
        List<Notice> notices = new ArrayList<>();
        long ahead = now.wallMillis() - now.agreedMillis() - now.elapsedMillis();
        if (now.disagreesSinceMillis() >= 0) {
            notices.add(new Notice(
                    ahead > 0 ? "clock_ahead" : "clock_behind",
                    "the clock is " + Math.abs(ahead) / DAY + " days " + (ahead > 0 ? "ahead of" : "behind")
                            + " the time that was seen to pass; no day is deleted for that. Correct the clock. If it is right (the"
                            + " machine was off or paused), there is nothing to do: what was there before is kept longer by"
                            + " as much, and this line ends after 7 days"));
        }
        if (now.observedMillis() < now.carefulUntilMillis()) {
            notices.add(new Notice(
                    "state_damaged",
                    "what retention remembered, store/retention, could not be used and is made anew; nothing is deleted"
                            + " for 7 days, and days that no later days prove to be old are kept longer"));
        }
        return notices;
    }

    /** One stream's part of a run. */
    private static final class StreamRun {
        private final Stream stream;
        private final Kept kept;
        private final RetentionState now;
        private final @Nullable OfStream known;
        private final long wallDay;
        /** The clock's day at the last run, where it has gone on as the time did since; else {@code Long.MAX_VALUE}. */
        private final long agreedFrom;

        private final SortedMap<Long, Long> ages;
        private final List<Deletion> deletions = new ArrayList<>();
        private final List<Notice> notices = new ArrayList<>();

        StreamRun(Stream stream, Kept kept, RetentionState now, long agreedFrom, SortedMap<Long, Long> ages) {
            this.stream = stream;
            this.kept = kept;
            this.now = now;
            this.known = now.streams().get(stream);
            this.wallDay = Math.floorDiv(now.wallMillis(), DAY);
            this.agreedFrom = agreedFrom;
            this.ages = ages;
        }

        OfStream run() {
            SortedMap<Long, Long> since = new TreeMap<>();
            kept.records().forEach((day, records) -> since.put(day, since(day, records)));
            OfStream holding = holding(since);
            since.forEach((day, youngest) -> {
                long records = kept.records().getOrDefault(day, 0L);
                Day before = before(day);
                long expired = -1;
                if (isOver(youngest, holding.retentionDays())) {
                    expired = before == null || before.expiredMillis() < 0
                            ? now.observedMillis()
                            : before.expiredMillis();
                    boolean again = stream != Stream.AUDIT || now.observedMillis() - expired >= DAY;
                    if (again && now.observedMillis() >= holding.deletesFromMillis()) {
                        deletions.add(new Deletion(stream, LocalDate.ofEpochDay(day), holding.retentionDays()));
                    }
                }
                long most = before == null ? records : Math.max(records, before.records());
                holding.days().put(day, new Day(most, youngest, expired));
            });
            long ahead = kept.records().tailMap(wallDay + 2).keySet().size();
            if (ahead > 0) {
                notices.add(
                        new Notice(
                                "records_ahead",
                                stream.label() + " has " + ahead
                                        + " days with records of the future; they are kept for retention from when they were received"));
            }
            return holding;
        }

        private boolean isOver(long sinceMillis, long retentionDays) {
            return now.elapsedMillis() - sinceMillis >= retentionDays * DAY;
        }

        private @Nullable Day before(long day) {
            return known == null ? null : known.days().get(day);
        }

        /** Now, while it is the clock's day or gets records. */
        private long since(long day, long records) {
            Day before = before(day);
            if (day >= agreedFrom && day < wallDay && (before == null || day == agreedFrom)) {
                long end = now.elapsedMillis() - (now.wallMillis() - (day + 1) * DAY);
                return before == null ? end : Math.max(before.sinceMillis(), end);
            }
            if (before == null) {
                return now.elapsedMillis() - ages.getOrDefault(day, 0L);
            }
            boolean grows = day == wallDay || records > before.records();
            return grows ? now.elapsedMillis() : before.sinceMillis();
        }

        private long grace() {
            return stream == Stream.AUDIT ? WEEK : DAY;
        }

        private OfStream holding(SortedMap<Long, Long> since) {
            long wanted = kept.retentionDays();
            long observed = now.observedMillis();
            if (known == null) {
                long from = Math.max(observed + grace(), now.carefulUntilMillis());
                return new OfStream(wanted, -1, 0, from, new TreeMap<>());
            }
            long from = known.deletesFromMillis();
            OfStream holding = new OfStream(wanted, -1, 0, from, new TreeMap<>());
            if (wanted >= known.retentionDays()) {
                return holding;
            }
            long shorterSince = known.shorterDays() == wanted ? known.shorterSinceMillis() : observed;
            if (observed - shorterSince >= grace()) {
                return holding;
            }
            long concerned =
                    since.values().stream().filter(of -> isOver(of, wanted)).count();
            notices.add(new Notice(
                    "retention_shortened",
                    stream.label() + ": the policy shortens retention from " + known.retentionDays() + " to " + wanted
                            + " days; " + concerned + " days are deleted once that has stood for " + grace() / DAY
                            + " days"));
            return new OfStream(known.retentionDays(), wanted, shorterSince, from, new TreeMap<>());
        }
    }
}
