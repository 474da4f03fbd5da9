package dev.throughline.storage.retention;

import dev.throughline.telemetry.Stream;
import java.util.Map;
import java.util.SortedMap;

/**
 * What retention remembers from run to run.
 *
 * @param timeMillis retention's own time
 * @param seenMillis time that was seen to pass, in all runs
 * @param steadyMillis the steady clock at the last run
 * @param boot what that clock belongs to
 * @param streams of each that had days
 */
public record RetentionState(
        long timeMillis, long seenMillis, long steadyMillis, String boot, Map<Stream, OfStream> streams) {

    /**
     * Of one stream.
     *
     * @param retentionDays that holds
     * @param shorterDays that the policy wants, if it is shorter; else -1
     * @param shorterSinceMillis of seen time
     * @param bases of each day that is kept
     * @param expired days that were found over retention and wait, with the seen time of the first run that found them
     */
    public record OfStream(
            long retentionDays,
            long shorterDays,
            long shorterSinceMillis,
            SortedMap<Long, Long> bases,
            SortedMap<Long, Long> expired) {}
}
