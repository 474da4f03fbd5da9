package dev.throughline.contract;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Which correlation id was seen with which trace, by tenant: a bounded, four-way set-associative cache. A record that carries
 * only a trace id is joined by it (K5). What is forgotten is joined when a journey is read. Thread-safe; each worker has a {@link
 * Session} of its own.
 */
public final class TraceJoins {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WAYS = 4;
    private static final int SETS_MIN = 64;
    /** {@code corr_} and a ULID; an id of another length is not remembered. */
    private static final int ID_BYTES = 31;
    /** An id: the last word overlaps the one before by a byte. */
    private static final int ID_WORDS = 4;

    private static final int LAST_WORD = ID_BYTES - Long.BYTES;
    private static final int PENDING_MAX = 512;

    private final int sets;
    // No object a trace: what is remembered is nothing that a garbage collector has to look at.
    private final long[] tags;
    private final long[] ids;
    private final byte[] nextWay;

    /** @param capacity traces remembered, rounded up to a power of two */
    public TraceJoins(int capacity) {
        sets = Integer.highestOneBit(Math.max(SETS_MIN, capacity / WAYS - 1)) * 2;
        tags = new long[sets * WAYS];
        ids = new long[sets * WAYS * ID_WORDS];
        nextWay = new byte[sets];
    }

    public Session session() {
        return new Session();
    }

    /**
     * One worker's way to the joins. What it puts is kept aside and written many at a time: each is a place in memory that no cache
     * has, and such waits overlap only in a short loop. It sees its own puts at once, others see them after {@link #flush()}.
     */
    public final class Session {
        private final long[] pendingTags = new long[PENDING_MAX];
        private final long[] pendingIds = new long[PENDING_MAX * ID_WORDS];
        private int pending;

        private Session() {}

        /** The correlation id last seen with this trace of this tenant. */
        public byte @Nullable [] correlationOf(long tenant, byte[] source, int traceFrom, int traceTo) {
            flush();
            return find(tag(tenant, source, traceFrom, traceTo));
        }

        /** Remembers the correlation id at {@code idFrom} in {@code idSource}. */
        public void put(long tenant, byte[] source, int traceFrom, int traceTo, byte[] idSource, int idFrom, int idTo) {
            if (idTo - idFrom != ID_BYTES) {
                return;
            }
            if (pending == PENDING_MAX) {
                flush();
            }
            pendingTags[pending] = tag(tenant, source, traceFrom, traceTo);
            int at = pending++ * ID_WORDS;
            pendingIds[at] = (long) LONGS.get(idSource, idFrom);
            pendingIds[at + 1] = (long) LONGS.get(idSource, idFrom + Long.BYTES);
            pendingIds[at + 2] = (long) LONGS.get(idSource, idFrom + 2 * Long.BYTES);
            pendingIds[at + 3] = (long) LONGS.get(idSource, idFrom + LAST_WORD);
        }

        /** Gives what was put to all. */
        public void flush() {
            if (pending > 0) {
                putAll(pendingTags, pendingIds, pending);
                pending = 0;
            }
        }
    }

    private synchronized void putAll(long[] newTags, long[] newIds, int count) {
        for (int i = 0; i < count; i++) {
            long tag = newTags[i];
            int set = set(tag);
            int way = way(set, tag);
            if (way < 0) {
                way = set * WAYS + (nextWay[set]++ & (WAYS - 1));
                tags[way] = tag;
            }
            System.arraycopy(newIds, i * ID_WORDS, ids, way * ID_WORDS, ID_WORDS);
        }
    }

    private synchronized byte @Nullable [] find(long tag) {
        int way = way(set(tag), tag);
        if (way < 0) {
            return null;
        }
        byte[] id = new byte[ID_BYTES];
        for (int word = 0; word < ID_WORDS - 1; word++) {
            LONGS.set(id, word * Long.BYTES, ids[way * ID_WORDS + word]);
        }
        LONGS.set(id, LAST_WORD, ids[way * ID_WORDS + ID_WORDS - 1]);
        return id;
    }

    private int way(int set, long tag) {
        for (int way = set * WAYS; way < (set + 1) * WAYS; way++) {
            if (tags[way] == tag) {
                return way;
            }
        }
        return -1;
    }

    private int set(long tag) {
        return (int) (tag >>> 40) & (sets - 1);
    }

    /** The trace id as written (32 lower-case hex digits) and the tenant, mixed to 64 bits; never 0. */
    private static long tag(long tenant, byte[] source, int from, int to) {
        long mixed = tenant * 0x9E3779B97F4A7C15L;
        int at = from;
        for (; to - at >= Long.BYTES; at += Long.BYTES) {
            mixed = (mixed ^ (long) LONGS.get(source, at)) * 0xC2B2AE3D27D4EB4FL;
            mixed ^= mixed >>> 32;
        }
        for (; at < to; at++) {
            mixed = (mixed ^ source[at]) * 0xC2B2AE3D27D4EB4FL;
            mixed ^= mixed >>> 32;
        }
        return mixed == 0 ? 1 : mixed;
    }
}
