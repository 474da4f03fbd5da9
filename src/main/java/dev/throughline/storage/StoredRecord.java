package dev.throughline.storage;

import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;

/**
 * A record as it is kept; the frame's bytes are the caller's own.
 *
 * @param eventMicros its event time, microseconds since the epoch; where it states none, the time it was received
 */
public record StoredRecord(Stream stream, RecordFrame frame, long eventMicros) {}
