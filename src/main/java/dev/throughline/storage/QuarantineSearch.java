package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.RecordId;
import dev.throughline.telemetry.Stream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of quarantine entries, day by day from the newest. */
final class QuarantineSearch {
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private final SqliteRecordStore store;
    private final OpenFiles<QuarantineDay> files;
    private final QuarantineQuery query;
    private final UnreadableFiles unreadable;
    private final List<QuarantinedRecord> found = new ArrayList<>();

    QuarantineSearch(SqliteRecordStore store, QuarantineQuery query) {
        this.store = store;
        this.files = store.quarantineFiles();
        this.query = query;
        this.unreadable = new UnreadableFiles(store);
    }

    QuarantinePage run() {
        String cursor = query.cursor();
        // The last entry given: last seen, then its id; "~" is above every id.
        long[] from = cursor == null ? new long[] {Long.MAX_VALUE, 0, 0} : Cursors.decode(cursor, conditions(), 3);
        String id = cursor == null ? "~" : RecordId.toString(from[1], from[2]);
        for (long day : files.days()) {
            if (day * DAY_MS <= from[0] && found.size() <= query.limit()) {
                unreadable.orNoted(Stream.QUARANTINE, day, () -> {
                    try (Lease<QuarantineDay> lease = files.existing(day)) {
                        if (lease != null) {
                            read(day, lease, from[0], id);
                        }
                    }
                });
            }
        }
        unreadable.noteIncomplete(Stream.QUARANTINE, files);
        boolean more = found.size() > query.limit();
        List<QuarantinedRecord> page = List.copyOf(more ? found.subList(0, query.limit()) : found);
        return new QuarantinePage(page, more ? cursor(page.getLast()) : null, unreadable.names());
    }

    private void read(long day, Lease<QuarantineDay> lease, long lastSeen, String id) throws SQLException {
        StoreUnavailableException known = store.verifiedDamage(lease);
        if (known != null) {
            unreadable.note(Stream.QUARANTINE, day, known);
        }
        found.addAll(lease.file()
                .list(
                        query,
                        lastSeen,
                        id,
                        query.limit() + 1 - found.size(),
                        damage -> unreadable.note(Stream.QUARANTINE, day, damage)));
    }

    private @Nullable String cursor(QuarantinedRecord last) {
        RecordFrame frame = last.frame();
        return Cursors.encode(conditions(), last.lastSeenMillis(), frame.idHigh(), frame.idLow());
    }

    private String conditions() {
        return query.connector() + "/" + query.tenant() + "/" + query.code();
    }
}
