package dev.throughline.storage;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.RecordId;
import dev.throughline.telemetry.Stream;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row of table {@code entries}; {@code sum} is null where an earlier version wrote it. */
@SuppressWarnings("ArrayRecordComponent") // a row, never compared
record QuarantineRow(
        long entry,
        String id,
        long firstSeen,
        long lastSeen,
        long count,
        long lookup,
        @Nullable String code,
        @Nullable String connector,
        @Nullable String tenant,
        boolean superseded,
        byte[] frame,
        @Nullable Long sum) {

    /** Selects entries; {@code checked}: of a file whose rows have sums. */
    static String select(boolean checked) {
        return "SELECT entry, id, first_seen, last_seen, count, lookup, code, connector, tenant, superseded, frame, "
                + (checked ? "sum" : "NULL") + " FROM entries ";
    }

    /** The row at hand, as it is. */
    static QuarantineRow of(ResultSet rows) throws SQLException {
        String id = rows.getString(2);
        byte[] frame = rows.getBytes(11);
        if (id == null || frame == null) {
            throw StoreUnavailableException.corrupt("entry " + rows.getLong(1));
        }
        long sum = rows.getLong(12);
        boolean summed = !rows.wasNull();
        return new QuarantineRow(
                rows.getLong(1),
                id,
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5),
                rows.getLong(6),
                rows.getString(7),
                rows.getString(8),
                rows.getString(9),
                rows.getLong(10) != 0,
                frame,
                summed ? sum : null);
    }

    /** Whether all of it is as it was written; of an earlier version's row, whether it agrees with its frame. */
    QuarantineRow check() {
        RecordFrame known = Frames.copy(Stream.QUARANTINE, frame, 0).frame();
        boolean agrees = id.equals(RecordId.toString(known.idHigh(), known.idLow()))
                && lookup == RecordKeys.lookup(known)
                && lastSeen == known.receivedMillis();
        Long written = sum;
        if (!agrees || (written != null && written != RowSums.entry(this) + (superseded ? 1 : 0))) {
            throw StoreUnavailableException.corrupt("entry " + entry);
        }
        return this;
    }

    /** What a frame says of itself, seen once. */
    static QuarantineRow ofFrame(long entry, String id, RecordFrame frame, byte[] bytes) {
        return new QuarantineRow(
                entry,
                id,
                frame.receivedMillis(),
                frame.receivedMillis(),
                1,
                RecordKeys.lookup(frame),
                null,
                frame.has(Field.CONNECTOR) ? frame.text(Field.CONNECTOR) : null,
                frame.has(Field.TENANT_ID) ? frame.text(Field.TENANT_ID) : null,
                false,
                bytes,
                null);
    }

    /** It came again, at a later time. */
    QuarantineRow again(long seenMillis, byte[] latest) {
        return new QuarantineRow(
                entry, id, firstSeen, seenMillis, count + 1, lookup, code, connector, tenant, false, latest, null);
    }

    QuarantineRow withEntry(long number) {
        return new QuarantineRow(
                number, id, firstSeen, lastSeen, count, lookup, code, connector, tenant, false, frame, null);
    }

    /** What this row and another of the same record know together. */
    QuarantineRow joined(QuarantineRow other) {
        QuarantineRow later = other.lastSeen > lastSeen ? other : this;
        return new QuarantineRow(
                entry,
                id,
                Math.min(firstSeen, other.firstSeen),
                later.lastSeen,
                count + other.count,
                lookup,
                code,
                connector,
                tenant,
                false,
                later.frame,
                null);
    }

    QuarantinedRecord toRecord() {
        return new QuarantinedRecord(Frames.copy(Stream.QUARANTINE, frame, 0).frame(), firstSeen, lastSeen, count);
    }
}
