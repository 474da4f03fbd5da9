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
import java.sql.Statement;
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
            + " code TEXT, connector TEXT, tenant TEXT, superseded INTEGER NOT NULL DEFAULT 0, frame BLOB NOT NULL,"
            + " sum INTEGER)";
    private static final String BY_TIME = "CREATE INDEX entries_by_time ON entries(last_seen, id)";
    private static final String BY_LOOKUP = "CREATE INDEX entries_by_lookup ON entries(lookup)";
    private static final String INSERT = "INSERT INTO entries(entry, id, first_seen, last_seen, count, lookup, code,"
            + " connector, tenant, superseded, frame, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)";
    private static final byte[] CODE = "code".getBytes(StandardCharsets.US_ASCII);

    private final long epochDay;
    private final DayLedger ledger;
    private final long fileId;
    private final Connection writer;
    private final Readers readers;
    private final JsonTape tape = new JsonTape();
    private volatile boolean checked;
    private long last;

    /** Opens the file, or makes it where there is none and the ledger misses none. */
    QuarantineDay(Path file, long epochDay, StoreConfig config, DayLedger ledger) throws SQLException {
        this.epochDay = epochDay;
        this.ledger = ledger;
        boolean mayBeNew = SqliteFiles.create(file, epochDay, ledger);
        writer = SqliteFiles.connect(file, config);
        try {
            String[] identity = FileIdentity.fresh(Stream.QUARANTINE, epochDay).statements();
            int version = SqliteFiles.schema(writer, mayBeNew, CREATE, BY_TIME, BY_LOOKUP, identity[0], identity[1]);
            checked = version >= SqliteFiles.SCHEMA_VERSION;
            fileId = FileIdentity.prove(writer, Stream.QUARANTINE, epochDay, ledger);
            writer.setAutoCommit(false);
            readers = new Readers(file, config);
            reconcile();
        } catch (SQLException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /** Compares what is here with what the ledger knows to have been committed; entries are numbered from 1. */
    private void reconcile() throws SQLException {
        try (PreparedStatement statement = writer.prepareStatement("SELECT max(entry) FROM entries");
                ResultSet rows = statement.executeQuery()) {
            last = rows.getLong(1);
        }
        writer.commit();
        DayLedger.Entry known = ledger.get(epochDay);
        if (known == null || known.damaged()) {
            ledger.put(
                    DayLedger.Entry.of(epochDay, last, known != null || checked).file(fileId));
        } else if (last < known.records()) {
            ledger.put(known.shrunkTo(last));
        } else if (last > known.records()) {
            ledger.committed(epochDay, last);
        }
    }

    /** Whether rows have sums: not in a file that an earlier version made and this one has not written to. */
    boolean isChecked() {
        return checked;
    }

    /** Makes a file of an earlier version one of this, before the first write to it. */
    private void upgrade() throws SQLException {
        if (!checked) {
            try (Statement statement = writer.createStatement()) {
                statement.execute("ALTER TABLE entries ADD COLUMN sum INTEGER");
                statement.execute("PRAGMA user_version = " + SqliteFiles.SCHEMA_VERSION);
            }
            writer.commit();
            checked = true;
        }
    }

    /** Tells the ledger what is committed. */
    void committed() {
        ledger.committed(epochDay, last);
    }

    Readers.Reader reader() throws SQLException {
        return readers.borrow();
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
        long lastBefore = last;
        upgrade();
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
            last = lastBefore;
            rollback();
            throw e;
        }
        for (QuarantineDay day : before) {
            day.supersede(batch, indices, count);
        }
        return new Outcome(written, count - written - malformed.size(), malformed);
    }

    private void rollback() {
        try {
            writer.rollback();
        } catch (SQLException ignored) {
            // The failure that led here is the one to tell; the file is reopened after it.
        }
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
        byte[] copy = Arrays.copyOfRange(frame.bytes(), frame.offset(), frame.offset() + frame.length());
        QuarantineRow known = row(id(frame));
        if (known != null) {
            if (frame.receivedMillis() <= known.lastSeen()) {
                return 0;
            }
            update(known.again(frame.receivedMillis(), copy));
            return 1;
        }
        int code = tape.member(0, CODE);
        insert(new QuarantineRow(
                last + 1,
                id(frame),
                past == null ? frame.receivedMillis() : past.firstSeenMillis(),
                frame.receivedMillis(),
                past == null ? 1 : past.count() + 1,
                RecordKeys.lookup(frame),
                code >= 0 && tape.kind(code) == JsonTape.STRING ? tape.text(code) : null,
                frame.has(Field.CONNECTOR) ? frame.text(Field.CONNECTOR) : null,
                frame.has(Field.TENANT_ID) ? frame.text(Field.TENANT_ID) : null,
                false,
                copy,
                null));
        return 1;
    }

    private void insert(QuarantineRow row) throws SQLException {
        try (PreparedStatement insert = writer.prepareStatement(INSERT)) {
            insert.setLong(1, row.entry());
            insert.setString(2, row.id());
            insert.setLong(3, row.firstSeen());
            insert.setLong(4, row.lastSeen());
            insert.setLong(5, row.count());
            insert.setLong(6, row.lookup());
            insert.setString(7, row.code());
            insert.setString(8, row.connector());
            insert.setString(9, row.tenant());
            insert.setBytes(10, row.frame());
            insert.setLong(11, RowSums.entry(row));
            insert.executeUpdate();
        }
        last = row.entry();
    }

    private void update(QuarantineRow row) throws SQLException {
        try (PreparedStatement update = writer.prepareStatement("UPDATE entries SET first_seen = ?, last_seen = ?,"
                + " count = ?, frame = ?, superseded = 0, sum = ? WHERE entry = ?")) {
            update.setLong(1, row.firstSeen());
            update.setLong(2, row.lastSeen());
            update.setLong(3, row.count());
            update.setBytes(4, row.frame());
            update.setLong(5, RowSums.entry(row));
            update.setLong(6, row.entry());
            update.executeUpdate();
        }
    }

    private @Nullable QuarantineRow row(String id) throws SQLException {
        try (PreparedStatement find = writer.prepareStatement(QuarantineRow.select(checked) + "WHERE id = ?")) {
            find.setString(1, id);
            try (ResultSet rows = find.executeQuery()) {
                return rows.next() ? QuarantineRow.of(rows).check() : null;
            }
        }
    }

    /** Puts back what was read from a damaged file; of two rows for one record, what both know. */
    void restore(QuarantineRow salvaged) throws SQLException {
        QuarantineRow known = row(salvaged.id());
        if (known == null) {
            insert(salvaged.withEntry(last + 1));
        } else {
            update(known.joined(salvaged));
        }
        if (salvaged.superseded()) {
            supersede(salvaged.id());
        }
        writer.commit();
        committed();
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

    /** Nothing where the file is damaged: the entry is new then. */
    private @Nullable Past known(String id) throws SQLException {
        try {
            QuarantineRow known = row(id);
            writer.commit();
            return known == null || known.superseded() ? null : new Past(known.firstSeen(), known.count());
        } catch (StoreUnavailableException e) {
            rollback();
            return null;
        } catch (SQLException e) {
            rollback();
            requireDamage(e);
            return null;
        }
    }

    private static void requireDamage(SQLException e) throws SQLException {
        if (!SqliteFiles.unavailable(e).isDamage()) {
            throw e;
        }
    }

    /** Where the file is damaged the entry is in two days: twice is better than not at all. */
    private void supersede(RecordBatch batch, int[] indices, int count) throws SQLException {
        RecordFrame frame = new RecordFrame();
        try {
            upgrade();
            for (int i = 0; i < count; i++) {
                supersede(id(batch.frame(indices[i], frame)));
            }
            writer.commit();
        } catch (SQLException e) {
            rollback();
            requireDamage(e);
        }
    }

    private void supersede(String id) throws SQLException {
        try (PreparedStatement mark = writer.prepareStatement(
                "UPDATE entries SET superseded = 1, sum = sum + 1 WHERE id = ? AND superseded = 0")) {
            mark.setString(1, id);
            mark.executeUpdate();
        }
    }

    private static String id(RecordFrame frame) {
        return RecordId.toString(frame.idHigh(), frame.idLow());
    }

    /** Told of each entry that is left out because it is damaged. */
    interface DamageListener {
        void damaged(StoreUnavailableException damage);
    }

    /** Entries that match before the position (last seen, id), last seen first. */
    List<QuarantinedRecord> list(QuarantineQuery query, long lastSeen, String id, int max, DamageListener listener)
            throws SQLException {
        String sql = QuarantineRow.select(checked) + "WHERE superseded = 0 AND (last_seen, id) < (?, ?)"
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
            return entries(statement, listener);
        }
    }

    /** Entries under a {@link RecordKeys#lookup} key; the caller compares the text. */
    List<QuarantinedRecord> byLookup(long key, int max, DamageListener listener) throws SQLException {
        try (Readers.Reader reader = readers.borrow();
                PreparedStatement statement = reader.connection()
                        .prepareStatement(QuarantineRow.select(checked)
                                + "WHERE superseded = 0 AND lookup = ? ORDER BY last_seen LIMIT ?")) {
            statement.setLong(1, key);
            statement.setInt(2, max);
            return entries(statement, listener);
        }
    }

    private static List<QuarantinedRecord> entries(PreparedStatement statement, DamageListener listener)
            throws SQLException {
        List<QuarantinedRecord> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                try {
                    found.add(QuarantineRow.of(rows).check().toRecord());
                } catch (StoreUnavailableException e) {
                    listener.damaged(e);
                }
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
