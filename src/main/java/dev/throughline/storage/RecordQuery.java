package dev.throughline.storage;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.Stream;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to look for; all conditions hold.
 *
 * @param streams any of the record streams (not quarantine)
 * @param equal exact texts of fields that have facets ({@link Facets#FIELDS})
 * @param fromMicros event time, inclusive
 * @param toMicros event time, exclusive
 */
public record RecordQuery(
        Set<Stream> streams,
        Map<Field, String> equal,
        long fromMicros,
        long toMicros,
        int limit,
        @Nullable String cursor) {}
