package dev.throughline.storage;

import dev.throughline.telemetry.RecordFrame;

/**
 * A quarantine entry; its reason, code and pointer are in the frame's payload.
 *
 * @param firstSeenMillis received time of the first occurrence
 * @param lastSeenMillis received time of the last
 * @param count occurrences
 */
public record QuarantinedRecord(RecordFrame frame, long firstSeenMillis, long lastSeenMillis, long count) {}
