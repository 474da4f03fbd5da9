package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which file a day's file is: the stream, the day and a random id, in a table of its own, and the id in the {@link DayLedger} too. So a
 * file of another day, of another stream or of another store in its place, copied, linked or moved there, is not taken for it,
 * whatever its rows say of themselves. A file that has no identity, as earlier versions made them, gets one when it is opened and
 * the ledger knows of none either.
 *
 * @param id never 0
 */
record FileIdentity(String stream, long epochDay, long id) {
    private static final String TABLE =
            "CREATE TABLE identity(stream TEXT NOT NULL, day INTEGER NOT NULL, id INTEGER NOT NULL, sum INTEGER NOT NULL)";

    static FileIdentity fresh(Stream stream, long epochDay) {
        long id = new SecureRandom().nextLong();
        return new FileIdentity(stream.label(), epochDay, id == 0 ? 1 : id);
    }

    private long sum() {
        return RowSums.identity(stream.getBytes(StandardCharsets.US_ASCII), epochDay, id);
    }

    /** Statements that write it into a file that has none; the tables that other files have in common come first. */
    String[] statements() {
        return new String[] {
            TABLE, "INSERT INTO identity VALUES ('" + stream + "', " + epochDay + ", " + id + ", " + sum() + ")"
        };
    }

    /** What the file says of itself; null where it says nothing. */
    static @Nullable FileIdentity of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet tables =
                    statement.executeQuery("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'identity'")) {
                if (!tables.next()) {
                    return null;
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT stream, day, id, sum FROM identity")) {
                FileIdentity found = rows.next()
                        ? new FileIdentity(String.valueOf(rows.getString(1)), rows.getLong(2), rows.getLong(3))
                        : null;
                if (found == null || rows.getLong(4) != found.sum()) {
                    throw StoreUnavailableException.corrupt("its identity");
                }
                return found;
            }
        }
    }

    boolean isOf(Stream of, long day) {
        return stream.equals(of.label()) && epochDay == day;
    }

    /**
     * Proves that a file that was just opened is the one that the ledger knows, and tells the ledger of it where it does not know yet.
     *
     * @param connection in autocommit mode
     * @return its id
     * @throws StoreUnavailableException where it is another file
     */
    static long prove(Connection connection, Stream stream, long epochDay, DayLedger ledger) throws SQLException {
        FileIdentity found = of(connection);
        DayLedger.Entry known = ledger.get(epochDay);
        long wanted = known == null ? 0 : known.fileId();
        if (found == null) {
            if (wanted != 0) {
                throw StoreUnavailableException.corrupt("it is not the file that was here");
            }
            found = fresh(stream, epochDay);
            write(connection, found);
        } else if (!found.isOf(stream, epochDay)) {
            throw StoreUnavailableException.corrupt("it is the file of " + found.name());
        } else if (wanted != 0 && wanted != found.id) {
            throw StoreUnavailableException.corrupt("it is another file of this day");
        }
        if (known != null && !known.damaged() && wanted == 0) {
            ledger.put(known.file(found.id));
        }
        return found.id;
    }

    /** As answers name a day. A name from a file that is not ours is not repeated. */
    private String name() {
        for (Stream known : Stream.values()) {
            if (known.label().equals(stream) && Math.abs(epochDay) < Integer.MAX_VALUE) {
                return stream + "/" + LocalDate.ofEpochDay(epochDay);
            }
        }
        return "another program";
    }

    private static void write(Connection connection, FileIdentity identity) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String step : identity.statements()) {
                statement.execute(step);
            }
            connection.commit();
        }
        connection.setAutoCommit(true);
    }
}
