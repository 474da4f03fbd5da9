package dev.throughline.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of quarantine entries.
 *
 * @param unreadable day files that could not be read, as {@code stream/day}
 */
public record QuarantinePage(
        List<QuarantinedRecord> entries, @Nullable String nextCursor, List<String> unreadable) {}
