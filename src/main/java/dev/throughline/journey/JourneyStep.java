package dev.throughline.journey;

import dev.throughline.storage.StoredRecord;
import dev.throughline.telemetry.Field;
import org.jspecify.annotations.Nullable;

/**
 * A record in its place.
 *
 * @param boundary label of the boundary it belongs to
 * @param failed level ERROR or FATAL, an error code, or a span with error status
 * @param durationMillis as the record writes it, or computed for a span
 */
public record JourneyStep(
        StoredRecord stored,
        @Nullable String boundary,
        boolean failed,
        @Nullable String durationMillis) {

    /** The text of a field, or null where it is absent. */
    public @Nullable String text(Field field) {
        return stored.frame().has(field) ? stored.frame().text(field) : null;
    }
}
