package dev.throughline.storage.retention;

import dev.throughline.telemetry.Stream;
import java.util.Map;
import java.util.SortedMap;

/**
 * What retention remembers from run to run.
 *
 * @param observedMillis time that the steady clock was seen to pass since this state began
 * @param elapsedMillis the same and what is granted for the time that no steady clock saw, at most a day a boot
 * @param wallMillis the wall clock at the last run
 * @param steadyMillis the steady clock at the last run
 * @param boot what that clock belongs to
 * @param agreedMillis what the wall clock is to show where nothing has elapsed
 * @param disagreesSinceMillis observed time since when it shows something else; -1 where it agrees
 * @param carefulUntilMillis observed time until when the loss of the state before this one is told; 0 where none was damaged
 * @param streams each of them
 */
public record RetentionState(
        long observedMillis,
        long elapsedMillis,
        long wallMillis,
        long steadyMillis,
        String boot,
        long agreedMillis,
        long disagreesSinceMillis,
        long carefulUntilMillis,
        Map<Stream, OfStream> streams) {

    /**
     * Of one stream.
     *
     * @param retentionDays that holds
     * @param shorterDays that the policy wants, if it is shorter; else -1
     * @param shorterSinceMillis of observed time
     * @param deletesFromMillis of observed time: nothing is deleted before
     * @param days that are kept, since 1970-01-01
     */
    public record OfStream(
            long retentionDays,
            long shorterDays,
            long shorterSinceMillis,
            long deletesFromMillis,
            SortedMap<Long, Day> days) {}

    /**
     * A day that is kept.
     *
     * @param records the most that it was seen to have
     * @param sinceMillis elapsed time when its youngest record was there at the latest; negative for what was there before the state
     * @param expiredMillis observed time of the first run that found it over retention, -1 where none did
     */
    public record Day(long records, long sinceMillis, long expiredMillis) {}
}
