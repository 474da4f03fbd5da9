package dev.throughline.journey;

import dev.throughline.storage.QuarantinedRecord;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The story of one correlation id.
 *
 * @param boundaries all seven, in order
 * @param broke the last record that failed
 * @param recovered whether a record at the same or a later boundary succeeded after it
 * @param steps ordered by event time
 * @param truncated whether there are more records than these
 */
public record Journey(
        String correlationId,
        List<BoundaryState> boundaries,
        @Nullable JourneyStep broke,
        boolean recovered,
        Set<String> tenants,
        Set<String> connectors,
        long attemptMax,
        List<JourneyStep> steps,
        List<QuarantinedRecord> quarantined,
        boolean truncated,
        @Nullable String nextCursor,
        List<String> unreadable) {

    /**
     * What is known of a boundary.
     *
     * @param records that belong to it
     * @param failed how many of them failed
     */
    public record BoundaryState(String label, int records, int failed) {
        public boolean isReached() {
            return records > 0;
        }
    }

    public boolean isEmpty() {
        return steps.isEmpty() && quarantined.isEmpty();
    }
}
