package dev.throughline.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of what belongs to a correlation id.
 *
 * @param nextCursor where there are more
 * @param truncated whether records were left out, of the id or of its traces
 * @param unreadable day files that could not be read, as {@code stream/day}
 */
public record JourneyRecords(
        List<StoredRecord> records,
        List<QuarantinedRecord> quarantined,
        @Nullable String nextCursor,
        boolean truncated,
        List<String> unreadable) {}
