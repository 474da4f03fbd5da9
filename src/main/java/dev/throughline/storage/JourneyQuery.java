package dev.throughline.storage;

import org.jspecify.annotations.Nullable;

/**
 * What to read of a correlation id.
 *
 * @param correlationId whole
 * @param recordsMax of one page
 * @param bytesMax frames of one page; a page has at least one record
 * @param cursor of the page before
 */
public record JourneyQuery(
        String correlationId,
        int recordsMax,
        int bytesMax,
        @Nullable String cursor) {}
