package dev.throughline.storage;

import dev.throughline.storage.DayVerification.Listener;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Reads one quarantine file whole, in one read transaction: every entry is checked, that none is left out, and that each of
 * SQLite's three indexes has exactly the entries of the table, in order. A search in an index proves nothing by itself, so a file
 * is verified before it is first read from.
 */
final class QuarantineVerification {
    private static final int INDEX_ENTRY_BYTES = 32;

    private final Connection connection;
    private final boolean checked;
    private final Pace pace;
    private final Listener listener;
    private long byId;
    private long byTime;
    private long byLookup;
    private boolean whole = true;

    QuarantineVerification(Connection connection, boolean checked, Pace pace, Listener listener) {
        this.connection = connection;
        this.checked = checked;
        this.pace = pace;
        this.listener = listener;
    }

    /** Whether all of it is as it was written. */
    boolean run() throws SQLException, InterruptedException {
        entries();
        if (whole) {
            index("SELECT id, 0, entry FROM entries INDEXED BY sqlite_autoindex_entries_1 ORDER BY id", byId, "of ids");
            index(
                    "SELECT id, last_seen, entry FROM entries INDEXED BY entries_by_time ORDER BY last_seen, id",
                    byTime,
                    "of times");
            index(
                    "SELECT '', lookup, entry FROM entries INDEXED BY entries_by_lookup ORDER BY lookup",
                    byLookup,
                    "of lookups");
        }
        return whole;
    }

    private void entries() throws SQLException, InterruptedException {
        long expected = 1;
        try (PreparedStatement statement =
                        connection.prepareStatement(QuarantineRow.select(checked) + "ORDER BY entry");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                try {
                    QuarantineRow row = QuarantineRow.of(rows);
                    if (row.entry() != expected) {
                        damaged("damaged_entry", "entries " + expected + " to " + (row.entry() - 1) + " are missing");
                    }
                    expected = row.entry() + 1;
                    row.check();
                    byId += hash(row.id(), 0, row.entry());
                    byTime += hash(row.id(), row.lastSeen(), row.entry());
                    byLookup += hash("", row.lookup(), row.entry());
                    pace.read(row.frame().length);
                } catch (StoreUnavailableException e) {
                    damaged("damaged_entry", e.place());
                }
            }
        }
    }

    private void index(String sql, long expected, String name) throws SQLException, InterruptedException {
        long sum = 0;
        long seen = Long.MIN_VALUE;
        String seenText = "";
        boolean ordered = true;
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String text = String.valueOf(rows.getString(1));
                long number = rows.getLong(2);
                ordered &= number > seen || (number == seen && text.compareTo(seenText) >= 0);
                sum += hash(text, number, rows.getLong(3));
                seen = number;
                seenText = text;
                pace.read(INDEX_ENTRY_BYTES);
            }
        }
        if (!ordered || sum != expected) {
            damaged("damaged_index", "the index " + name + " is not that of the entries");
        }
    }

    private static long hash(String text, long number, long entry) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return RecordKeys.mix(
                RecordKeys.hash(utf8, 0, utf8.length, 3) ^ RecordKeys.mix(number ^ RecordKeys.mix(entry)));
    }

    private void damaged(String code, String place) {
        whole = false;
        listener.found(code, place);
    }
}
