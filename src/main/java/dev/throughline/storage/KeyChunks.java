package dev.throughline.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The merged part of a file's index: rows of table {@code chunks}, each a sorted array of at most {@link #ENTRIES_MAX} entries
 * (i64 key, i64 low half of the record id, u32 sequence number, little-endian). New entries come sorted and in bulk, so a chunk is
 * rewritten once a merge however many of them fall into it.
 *
 * <p>A row says from which key and id on it has all entries (the lowest row: from the least there is), where the next one begins,
 * and has a checksum over all that. So an answer proves itself, also that a key is not there: the row that is found must cover the
 * key, and the one behind it must be the one that it names. Damage to SQLite's own pages cannot hide an entry, it can only be
 * found. Rows of an earlier version prove nothing.
 */
final class KeyChunks {
    static final int ENTRIES_MAX = 2_048;
    static final int ENTRY_BYTES = 20;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static final String CREATE = "CREATE TABLE chunks(chunk INTEGER PRIMARY KEY, first_key INTEGER NOT NULL,"
            + " first_id INTEGER NOT NULL, entries BLOB NOT NULL, next_key INTEGER, next_id INTEGER, sum INTEGER,"
            + " UNIQUE(first_key, first_id))";

    /** Makes the table of the first version, which had the first four columns, this one. */
    static final List<String> UPGRADE = List.of(
            "ALTER TABLE chunks ADD COLUMN next_key INTEGER",
            "ALTER TABLE chunks ADD COLUMN next_id INTEGER",
            "ALTER TABLE chunks ADD COLUMN sum INTEGER",
            "UPDATE chunks SET first_key = " + Long.MIN_VALUE + ", first_id = " + Long.MIN_VALUE
                    + " WHERE chunk = (SELECT chunk FROM chunks ORDER BY first_key, first_id LIMIT 1)");

    private static final String INSERT =
            "INSERT INTO chunks(first_key, first_id, entries, next_key, next_id, sum) VALUES (?, ?, ?, ?, ?, ?)";

    private final Connection connection;
    private final boolean checked;
    private final String floor;
    private final String after;
    private final String lowest;

    /** @param checked whether the file is of this version, so that rows have sums */
    KeyChunks(Connection connection, boolean checked) {
        this.connection = connection;
        this.checked = checked;
        String columns = "SELECT chunk, first_key, first_id, entries, "
                + (checked ? "next_key, next_id, sum" : "NULL, NULL, NULL") + " FROM chunks";
        floor = columns + " WHERE (first_key, first_id) <= (?, ?) ORDER BY first_key DESC, first_id DESC LIMIT 1";
        after = columns + " WHERE (first_key, first_id) > (?, ?) ORDER BY first_key, first_id LIMIT 1";
        lowest = columns + " ORDER BY first_key, first_id LIMIT 1";
    }

    /** Which keys a chunk is for: from the first on, before the next. The last one has no next. */
    record Bounds(long firstKey, long firstId, boolean isLast, long nextKey, long nextId) {
        boolean endsBefore(long key, long id) {
            return !isLast && !before(key, id, nextKey, nextId);
        }

        boolean beginsAfter(long key, long id) {
            return before(key, id, firstKey, firstId);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // a row, never compared
    record Chunk(
            long row,
            Bounds bounds,
            byte[] entries,
            @Nullable Long sum) {
        int count() {
            return entries.length / ENTRY_BYTES;
        }

        long key(int i) {
            return (long) LONGS.get(entries, i * ENTRY_BYTES);
        }

        long id(int i) {
            return (long) LONGS.get(entries, i * ENTRY_BYTES + 8);
        }

        int sequence(int i) {
            return (int) INTS.get(entries, i * ENTRY_BYTES + 16);
        }

        /** The first entry that is not before (key, id). */
        int find(long key, long id) {
            int low = 0;
            int high = count();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (before(key(middle), id(middle), key, id)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** Has no row: the first entries of a file are merged with it. */
    private static final Chunk NONE =
            new Chunk(0, new Bounds(Long.MIN_VALUE, Long.MIN_VALUE, true, 0, 0), new byte[0], null);

    private static boolean before(long keyA, long idA, long keyB, long idB) {
        return keyA != keyB ? keyA < keyB : idA < idB;
    }

    boolean contains(long key, long id) throws SQLException {
        Chunk chunk = covering(key, id);
        if (chunk == null) {
            return false;
        }
        int at = chunk.find(key, id);
        return at < chunk.count() && chunk.key(at) == key && chunk.id(at) == id;
    }

    /** Visits the sequence numbers under a key. */
    void forEach(long key, IntConsumer visitor) throws SQLException {
        Chunk chunk = covering(key, Long.MIN_VALUE);
        if (chunk == null && !checked) {
            chunk = chunk(after, key, Long.MIN_VALUE);
        }
        while (chunk != null && chunk.bounds().firstKey() <= key) {
            for (int i = chunk.find(key, Long.MIN_VALUE); i < chunk.count() && chunk.key(i) == key; i++) {
                visitor.accept(chunk.sequence(i));
            }
            chunk = chunk.sum() != null && !chunk.bounds().endsBefore(key, Long.MAX_VALUE) ? null : next(chunk);
        }
    }

    /** The chunk that has key and id if any has; null where there is none yet, or in a file of an earlier version. */
    private @Nullable Chunk covering(long key, long id) throws SQLException {
        Chunk chunk = chunk(floor, key, id);
        if (chunk == null) {
            if (checked && mergedTo(connection, true) > 0) {
                throw StoreUnavailableException.corrupt("index, no chunk where one must be");
            }
            return null;
        }
        if (checked
                && (chunk.bounds().beginsAfter(key, id)
                        || (chunk.sum() != null && chunk.bounds().endsBefore(key, id)))) {
            throw damage(chunk.row());
        }
        return chunk;
    }

    /** The chunk behind another, which is the one that it names. */
    @Nullable
    Chunk next(Chunk chunk) throws SQLException {
        Bounds bounds = chunk.bounds();
        Chunk next = chunk(after, bounds.firstKey(), bounds.firstId());
        requireNext(chunk, next);
        return next;
    }

    private static void requireNext(Chunk chunk, @Nullable Chunk next) {
        Bounds bounds = chunk.bounds();
        boolean named = next == null
                ? bounds.isLast()
                : !bounds.isLast()
                        && next.bounds().firstKey() == bounds.nextKey()
                        && next.bounds().firstId() == bounds.nextId();
        if (chunk.sum() != null && !named) {
            throw damage(chunk.row());
        }
    }

    /** The first chunk that begins behind a key and id. */
    @Nullable
    Chunk after(long key, long id) throws SQLException {
        return chunk(after, key, id);
    }

    /** The chunk with the least keys. */
    @Nullable
    Chunk lowest() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(lowest)) {
            Chunk chunk = read(statement);
            boolean whole = chunk == null
                    ? mergedTo(connection, checked) == 0
                    : !checked || chunk.bounds().firstKey() == Long.MIN_VALUE;
            if (!whole) {
                throw StoreUnavailableException.corrupt("index, its first chunk");
            }
            return chunk;
        }
    }

    /** Up to which sequence number entries are in chunks. */
    static int mergedTo(Connection connection, boolean checked) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT merged_to, " + (checked ? "sum" : "NULL") + " FROM progress");
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                throw StoreUnavailableException.corrupt("table progress");
            }
            int mergedTo = rows.getInt(1);
            long sum = rows.getLong(2);
            if (mergedTo < 0 || (!rows.wasNull() && sum != RowSums.progress(mergedTo))) {
                throw StoreUnavailableException.corrupt("table progress");
            }
            return mergedTo;
        }
    }

    /** Visits the ids of all entries. */
    void forEachId(LongConsumer visitor) throws SQLException {
        for (Chunk chunk = lowest(); chunk != null; chunk = next(chunk)) {
            for (int i = 0; i < chunk.count(); i++) {
                visitor.accept(chunk.id(i));
            }
        }
    }

    private @Nullable Chunk chunk(String sql, long key, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            statement.setLong(2, id);
            return read(statement);
        }
    }

    private static @Nullable Chunk read(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                return null;
            }
            long row = rows.getLong(1);
            byte[] entries = rows.getBytes(4);
            long nextKey = rows.getLong(5);
            boolean last = rows.wasNull();
            Bounds bounds = new Bounds(rows.getLong(2), rows.getLong(3), last, nextKey, rows.getLong(6));
            long sum = rows.getLong(7);
            boolean summed = !rows.wasNull();
            if (entries == null
                    || entries.length % ENTRY_BYTES != 0
                    || (summed && sum != RowSums.chunk(bounds, entries))) {
                throw damage(row);
            }
            return new Chunk(row, bounds, entries, summed ? sum : null);
        }
    }

    private static StoreUnavailableException damage(long row) {
        return StoreUnavailableException.corrupt("index chunk " + row);
    }

    /** Adds sorted entries, within the caller's transaction, to a file of this version. */
    void merge(RecentKeys.Sorted fresh) throws SQLException {
        int at = 0;
        int count = fresh.keys().length;
        while (at < count) {
            Chunk floored = covering(fresh.keys()[at], fresh.ids()[at]);
            Chunk chunk = floored == null ? NONE : floored;
            Chunk next = next(chunk);
            int to = at;
            while (to < count && (next == null || next.bounds().beginsAfter(fresh.keys()[to], fresh.ids()[to]))) {
                to++;
            }
            rewrite(chunk, next, fresh, at, to);
            at = to;
        }
    }

    private void rewrite(Chunk chunk, @Nullable Chunk next, RecentKeys.Sorted fresh, int from, int to)
            throws SQLException {
        int old = chunk.count();
        byte[] merged = new byte[(old + to - from) * ENTRY_BYTES];
        int left = 0;
        int right = from;
        int out = 0;
        while (left < old || right < to) {
            boolean takeLeft = left < old
                    && (right >= to
                            || before(chunk.key(left), chunk.id(left), fresh.keys()[right], fresh.ids()[right]));
            if (takeLeft) {
                System.arraycopy(chunk.entries(), left++ * ENTRY_BYTES, merged, out, ENTRY_BYTES);
            } else {
                LONGS.set(merged, out, fresh.keys()[right]);
                LONGS.set(merged, out + 8, fresh.ids()[right]);
                INTS.set(merged, out + 16, fresh.sequences()[right++]);
            }
            out += ENTRY_BYTES;
        }
        delete(chunk);
        Bounds bounds = chunk.bounds();
        Bounds all = next == null
                ? new Bounds(bounds.firstKey(), bounds.firstId(), true, 0, 0)
                : new Bounds(
                        bounds.firstKey(),
                        bounds.firstId(),
                        false,
                        next.bounds().firstKey(),
                        next.bounds().firstId());
        insert(
                merged,
                all,
                old > 0 && before(chunk.key(old - 1), chunk.id(old - 1), fresh.keys()[from], fresh.ids()[from]));
    }

    private void delete(Chunk chunk) throws SQLException {
        if (chunk.row() == NONE.row()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM chunks WHERE chunk = ?")) {
            statement.setLong(1, chunk.row());
            if (statement.executeUpdate() != 1) {
                throw damage(chunk.row());
            }
        }
    }

    /** Cuts into chunks: full ones where entries are appended, with room where they fell in between. */
    private void insert(byte[] entries, Bounds all, boolean appended) throws SQLException {
        int count = entries.length / ENTRY_BYTES;
        int piece = count <= ENTRIES_MAX || appended ? ENTRIES_MAX : ENTRIES_MAX * 2 / 3;
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            long firstKey = all.firstKey();
            long firstId = all.firstId();
            for (int at = 0; at < count; at += piece) {
                int end = Math.min(at + piece, count);
                byte[] cut = Arrays.copyOfRange(entries, at * ENTRY_BYTES, end * ENTRY_BYTES);
                boolean last = end == count;
                Bounds bounds = new Bounds(
                        firstKey,
                        firstId,
                        last && all.isLast(),
                        last ? all.nextKey() : (long) LONGS.get(entries, end * ENTRY_BYTES),
                        last ? all.nextId() : (long) LONGS.get(entries, end * ENTRY_BYTES + 8));
                insert(statement, bounds, cut);
                firstKey = bounds.nextKey();
                firstId = bounds.nextId();
            }
        }
    }

    private static void insert(PreparedStatement statement, Bounds bounds, byte[] entries) throws SQLException {
        statement.setLong(1, bounds.firstKey());
        statement.setLong(2, bounds.firstId());
        statement.setBytes(3, entries);
        if (bounds.isLast()) {
            statement.setNull(4, Types.BIGINT);
            statement.setNull(5, Types.BIGINT);
        } else {
            statement.setLong(4, bounds.nextKey());
            statement.setLong(5, bounds.nextId());
        }
        statement.setLong(6, RowSums.chunk(bounds, entries));
        statement.executeUpdate();
    }
}
