package dev.throughline.storage;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.RecordId;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The quarantine entries whose last occurrence came on one day. An entry that occurs again on a later day moves there with its
 * first seen and count: the later file has it first, then this one marks it superseded, so that a crash in between is mended by
 * the redelivery.
 */
final class QuarantineDay implements AutoCloseable {
    private static final String CREATE = "CREATE TABLE entries(entry INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
            + " first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, count INTEGER NOT NULL, lookup INTEGER NOT NULL,"
            + " code TEXT, connector TEXT, tenant TEXT, superseded INTEGER NOT NULL DEFAULT 0, frame BLOB NOT NULL)";
    private static final String BY_TIME = "CREATE INDEX entries_by_time ON entries(last_seen, id)";
    private static final String BY_LOOKUP = "CREATE INDEX entries_by_lookup ON entries(lookup)";
    private static final String INSERT =
            "INSERT INTO entries(id, first_seen, last_seen, count, lookup, code, connector, tenant,"
                    + " frame) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET last_seen = excluded.last_seen,"
                    + " count = count + 1, frame = excluded.frame, superseded = 0 WHERE excluded.last_seen > last_seen";
    private static final String COLUMNS =
            "SELECT first_seen, last_seen, count, frame FROM entries WHERE superseded = 0";
    private static final byte[] CODE = "code".getBytes(StandardCharsets.US_ASCII);

    private final long epochDay;
    private final Connection writer;
    private final Readers readers;
    private final PreparedStatement insert;
    private final PreparedStatement find;
    private final JsonTape tape = new JsonTape();

    QuarantineDay(Path file, long epochDay, StoreConfig config) throws SQLException {
        this.epochDay = epochDay;
        writer = SqliteFiles.connect(file, config);
        try {
            SqliteFiles.schema(writer, CREATE, BY_TIME, BY_LOOKUP);
            writer.setAutoCommit(false);
            insert = writer.prepareStatement(INSERT);
            find = writer.prepareStatement("SELECT first_seen, count FROM entries WHERE id = ? AND superseded = 0");
            readers = new Readers(file, config);
        } catch (SQLException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** What an earlier day knows of an entry. */
    record Past(long firstSeenMillis, long count) {}

    /** What a write came to; {@code malformed} has indices of the batch. */
    record Outcome(int written, int duplicates, List<Integer> malformed) {}

    /** Keeps the entries at {@code indices[0 … count)}: one transaction, durable on return. */
    Outcome write(RecordBatch batch, int[] indices, int count, List<QuarantineDay> before) throws SQLException {
        RecordFrame frame = new RecordFrame();
        List<Integer> malformed = new ArrayList<>();
        int written = 0;
        try {
            for (int i = 0; i < count; i++) {
                batch.frame(indices[i], frame);
                if (isMalformed(frame)) {
                    malformed.add(indices[i]);
                } else {
                    written += put(frame, past(before, frame));
                }
            }
            writer.commit();
        } catch (SQLException | RuntimeException e) {
            writer.rollback();
            throw e;
        }
        for (QuarantineDay day : before) {
            day.supersede(batch, indices, count);
        }
        return new Outcome(written, count - written - malformed.size(), malformed);
    }

    private boolean isMalformed(RecordFrame frame) {
        try {
            tape.parseWhole(frame.bytes(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
            return tape.kind(0) != JsonTape.OBJECT;
        } catch (JsonSyntaxException e) {
            return true;
        }
    }

    private int put(RecordFrame frame, @Nullable Past past) throws SQLException {
        int code = tape.member(0, CODE);
        insert.setString(1, id(frame));
        insert.setLong(2, past == null ? frame.receivedMillis() : past.firstSeenMillis());
        insert.setLong(3, frame.receivedMillis());
        insert.setLong(4, past == null ? 1 : past.count() + 1);
        insert.setLong(5, RecordKeys.lookup(frame));
        text(6, code >= 0 && tape.kind(code) == JsonTape.STRING ? tape.text(code) : null);
        text(7, frame.has(Field.CONNECTOR) ? frame.text(Field.CONNECTOR) : null);
        text(8, frame.has(Field.TENANT_ID) ? frame.text(Field.TENANT_ID) : null);
        insert.setBytes(9, Arrays.copyOfRange(frame.bytes(), frame.offset(), frame.offset() + frame.length()));
        return insert.executeUpdate();
    }

    private void text(int parameter, @Nullable String value) throws SQLException {
        if (value == null) {
            insert.setNull(parameter, Types.VARCHAR);
        } else {
            insert.setString(parameter, value);
        }
    }

    private @Nullable Past past(List<QuarantineDay> before, RecordFrame frame) throws SQLException {
        for (QuarantineDay day : before) {
            Past known = day.known(id(frame));
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    private @Nullable Past known(String id) throws SQLException {
        find.setString(1, id);
        try (ResultSet rows = find.executeQuery()) {
            return rows.next() ? new Past(rows.getLong(1), rows.getLong(2)) : null;
        } finally {
            writer.commit();
        }
    }

    private void supersede(RecordBatch batch, int[] indices, int count) throws SQLException {
        RecordFrame frame = new RecordFrame();
        try (PreparedStatement mark =
                writer.prepareStatement("UPDATE entries SET superseded = 1 WHERE id = ? AND superseded = 0")) {
            for (int i = 0; i < count; i++) {
                mark.setString(1, id(batch.frame(indices[i], frame)));
                mark.executeUpdate();
            }
            writer.commit();
        } catch (SQLException e) {
            writer.rollback();
            throw e;
        }
    }

    private static String id(RecordFrame frame) {
        return RecordId.toString(frame.idHigh(), frame.idLow());
    }

    /** Entries that match before the position (last seen, id), last seen first. */
    List<QuarantinedRecord> list(QuarantineQuery query, long lastSeen, String id, int max) throws SQLException {
        String sql = COLUMNS + " AND (last_seen, id) < (?, ?)"
                + (query.connector() == null ? "" : " AND connector = ?")
                + (query.tenant() == null ? "" : " AND tenant = ?")
                + (query.code() == null ? "" : " AND code = ?")
                + " ORDER BY last_seen DESC, id DESC LIMIT ?";
        try (Readers.Reader reader = readers.borrow();
                PreparedStatement statement = reader.connection().prepareStatement(sql)) {
            int parameter = 1;
            statement.setLong(parameter++, lastSeen);
            statement.setString(parameter++, id);
            for (String value : new @Nullable String[] {query.connector(), query.tenant(), query.code()}) {
                if (value != null) {
                    statement.setString(parameter++, value);
                }
            }
            statement.setInt(parameter, max);
            return entries(statement);
        }
    }

    /** Entries under a {@link RecordKeys#lookup} key; the caller compares the text. */
    List<QuarantinedRecord> byLookup(long key, int max) throws SQLException {
        try (Readers.Reader reader = readers.borrow();
                PreparedStatement statement =
                        reader.connection().prepareStatement(COLUMNS + " AND lookup = ? ORDER BY last_seen LIMIT ?")) {
            statement.setLong(1, key);
            statement.setInt(2, max);
            return entries(statement);
        }
    }

    private static List<QuarantinedRecord> entries(PreparedStatement statement) throws SQLException {
        List<QuarantinedRecord> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                RecordFrame frame =
                        Frames.copy(Stream.QUARANTINE, rows.getBytes(4), 0).frame();
                found.add(new QuarantinedRecord(frame, rows.getLong(1), rows.getLong(2), rows.getLong(3)));
            }
        }
        return found;
    }

    long epochDay() {
        return epochDay;
    }

    long entries() throws SQLException {
        try (Readers.Reader reader = readers.borrow();
                PreparedStatement statement =
                        reader.connection().prepareStatement("SELECT count(*) FROM entries WHERE superseded = 0");
                ResultSet rows = statement.executeQuery()) {
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            readers.close();
        } finally {
            try {
                writer.rollback();
            } finally {
                writer.close();
            }
        }
    }
}
