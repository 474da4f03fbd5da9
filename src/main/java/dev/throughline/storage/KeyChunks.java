package dev.throughline.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The merged part of a file's index: rows of table {@code chunks}, each a sorted array of at most {@link #ENTRIES_MAX} entries
 * (i64 key, i64 low half of the record id, u32 sequence number, little-endian) under its first entry's key and id. New entries
 * come sorted and in bulk, so a chunk is rewritten once a merge however many of them fall into it.
 */
final class KeyChunks {
    static final int ENTRIES_MAX = 2_048;
    static final int ENTRY_BYTES = 20;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static final String CREATE = "CREATE TABLE chunks(chunk INTEGER PRIMARY KEY, first_key INTEGER NOT NULL,"
            + " first_id INTEGER NOT NULL, entries BLOB NOT NULL, UNIQUE(first_key, first_id))";
    private static final String FLOOR = "SELECT chunk, first_key, first_id, entries FROM chunks"
            + " WHERE (first_key, first_id) <= (?, ?) ORDER BY first_key DESC, first_id DESC LIMIT 1";
    private static final String AFTER = "SELECT chunk, first_key, first_id, entries FROM chunks"
            + " WHERE (first_key, first_id) > (?, ?) ORDER BY first_key, first_id LIMIT 1";

    private final Connection connection;

    KeyChunks(Connection connection) {
        this.connection = connection;
    }

    @SuppressWarnings("ArrayRecordComponent") // a row, never compared
    private record Chunk(long row, long firstKey, long firstId, byte[] entries) {
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

    /** Has no row: deleting it does nothing. */
    private static final Chunk NONE = new Chunk(0, 0, 0, new byte[0]);

    private static boolean before(long keyA, long idA, long keyB, long idB) {
        return keyA != keyB ? keyA < keyB : idA < idB;
    }

    boolean contains(long key, long id) throws SQLException {
        Chunk chunk = chunk(FLOOR, key, id);
        if (chunk == null) {
            return false;
        }
        int at = chunk.find(key, id);
        return at < chunk.count() && chunk.key(at) == key && chunk.id(at) == id;
    }

    /** Visits the sequence numbers under a key. */
    void forEach(long key, IntConsumer visitor) throws SQLException {
        Chunk chunk = chunk(FLOOR, key, Long.MIN_VALUE);
        if (chunk == null) {
            chunk = chunk(AFTER, key, Long.MIN_VALUE);
        }
        while (chunk != null && chunk.firstKey() <= key) {
            for (int i = chunk.find(key, Long.MIN_VALUE); i < chunk.count() && chunk.key(i) == key; i++) {
                visitor.accept(chunk.sequence(i));
            }
            chunk = chunk(AFTER, chunk.firstKey(), chunk.firstId());
        }
    }

    /** Visits the ids of all entries. */
    void forEachId(LongConsumer visitor) throws SQLException {
        try (PreparedStatement all = connection.prepareStatement("SELECT entries FROM chunks");
                ResultSet rows = all.executeQuery()) {
            while (rows.next()) {
                byte[] entries = rows.getBytes(1);
                for (int at = 8; at < entries.length; at += ENTRY_BYTES) {
                    visitor.accept((long) LONGS.get(entries, at));
                }
            }
        }
    }

    private @Nullable Chunk chunk(String sql, long key, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            statement.setLong(2, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next()
                        ? new Chunk(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getBytes(4))
                        : null;
            }
        }
    }

    /** Adds sorted entries, within the caller's transaction. */
    void merge(RecentKeys.Sorted fresh) throws SQLException {
        int at = 0;
        int count = fresh.keys().length;
        while (at < count) {
            Chunk chunk = chunk(FLOOR, fresh.keys()[at], fresh.ids()[at]);
            Chunk after = chunk(AFTER, fresh.keys()[at], fresh.ids()[at]);
            int to = at;
            while (to < count
                    && (after == null
                            || before(fresh.keys()[to], fresh.ids()[to], after.firstKey(), after.firstId()))) {
                to++;
            }
            rewrite(chunk, fresh, at, to);
            at = to;
        }
    }

    private void rewrite(@Nullable Chunk known, RecentKeys.Sorted fresh, int from, int to) throws SQLException {
        Chunk chunk = known == null ? NONE : known;
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
        insert(merged, old > 0 && before(chunk.key(old - 1), chunk.id(old - 1), fresh.keys()[from], fresh.ids()[from]));
    }

    private void delete(Chunk chunk) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM chunks WHERE chunk = ?")) {
            statement.setLong(1, chunk.row());
            statement.executeUpdate();
        }
    }

    /** Cuts into chunks: full ones where entries are appended, with room where they fell in between. */
    private void insert(byte[] entries, boolean appended) throws SQLException {
        int count = entries.length / ENTRY_BYTES;
        int piece = count <= ENTRIES_MAX || appended ? ENTRIES_MAX : ENTRIES_MAX * 2 / 3;
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO chunks(first_key, first_id, entries) VALUES (?, ?, ?)")) {
            for (int at = 0; at < count; at += piece) {
                int length = Math.min(piece, count - at) * ENTRY_BYTES;
                byte[] cut = new byte[length];
                System.arraycopy(entries, at * ENTRY_BYTES, cut, 0, length);
                statement.setLong(1, (long) LONGS.get(cut, 0));
                statement.setLong(2, (long) LONGS.get(cut, 8));
                statement.setBytes(3, cut);
                statement.executeUpdate();
            }
        }
    }
}
