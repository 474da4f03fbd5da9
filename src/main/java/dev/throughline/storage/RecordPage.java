package dev.throughline.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a search.
 *
 * @param nextCursor where there may be more; a page can be short, or empty, because the search's budget ended
 * @param unreadable day files that could not be read, as {@code stream/day}
 */
public record RecordPage(
        List<StoredRecord> records, @Nullable String nextCursor, List<String> unreadable) {}
