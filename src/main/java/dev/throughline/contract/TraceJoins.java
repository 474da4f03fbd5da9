package dev.throughline.contract;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which correlation id was seen with which trace, by tenant: a bounded, four-way set-associative cache. A record that carries
 * only a trace id is joined by it (K5). What is forgotten is joined when a journey is read. Thread-safe; a lock per stripe.
 */
public final class TraceJoins {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WAYS = 4;
    private static final int STRIPES = 64;

    private final int sets;
    private final long[] tags;
    private final byte[][] ids;
    private final byte[] nextWay;
    private final Object[] locks = new Object[STRIPES];

    /** @param capacity traces remembered, rounded up to a power of two */
    public TraceJoins(int capacity) {
        sets = Integer.highestOneBit(Math.max(STRIPES, capacity / WAYS - 1)) * 2;
        tags = new long[sets * WAYS];
        ids = new byte[sets * WAYS][];
        nextWay = new byte[sets];
        Arrays.setAll(locks, i -> new Object());
    }

    /** The correlation id last seen with this trace of this tenant; its bytes are not to be changed. */
    public byte @Nullable [] correlationOf(long tenant, byte[] source, int traceFrom, int traceTo) {
        long tag = tag(tenant, source, traceFrom, traceTo);
        int set = set(tag);
        synchronized (locks[set & (STRIPES - 1)]) {
            int way = find(set, tag);
            return way < 0 ? null : ids[way];
        }
    }

    /** Remembers the correlation id at {@code idFrom} in {@code idSource}. */
    public void put(long tenant, byte[] source, int traceFrom, int traceTo, byte[] idSource, int idFrom, int idTo) {
        long tag = tag(tenant, source, traceFrom, traceTo);
        int set = set(tag);
        synchronized (locks[set & (STRIPES - 1)]) {
            int way = find(set, tag);
            if (way < 0) {
                way = set * WAYS + (nextWay[set]++ & (WAYS - 1));
            } else if (Arrays.equals(ids[way], 0, ids[way].length, idSource, idFrom, idTo)) {
                return;
            }
            tags[way] = tag;
            ids[way] = Arrays.copyOfRange(idSource, idFrom, idTo);
        }
    }

    private int find(int set, long tag) {
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
