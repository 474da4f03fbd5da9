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
    /** {@code corr_} and a ULID; an id of another length is not remembered. */
    private static final int ID_BYTES = 31;
    /** The tag, and the id in four words, the last of which overlaps the one before by a byte. */
    private static final int ENTRY = 5;

    private static final int LAST_WORD = ID_BYTES - Long.BYTES;

    private final int sets;
    /** No object a trace: what is remembered is nothing that a collector has to look at. */
    private final long[] entries;

    private final byte[] nextWay;
    private final Object[] locks = new Object[STRIPES];

    /** @param capacity traces remembered, rounded up to a power of two */
    public TraceJoins(int capacity) {
        sets = Integer.highestOneBit(Math.max(STRIPES, capacity / WAYS - 1)) * 2;
        entries = new long[sets * WAYS * ENTRY];
        nextWay = new byte[sets];
        Arrays.setAll(locks, i -> new Object());
    }

    /** The correlation id last seen with this trace of this tenant. */
    public byte @Nullable [] correlationOf(long tenant, byte[] source, int traceFrom, int traceTo) {
        long tag = tag(tenant, source, traceFrom, traceTo);
        int set = set(tag);
        synchronized (locks[set & (STRIPES - 1)]) {
            int entry = find(set, tag);
            return entry < 0 ? null : id(entry);
        }
    }

    private byte[] id(int entry) {
        byte[] id = new byte[ID_BYTES];
        for (int word = 0; word < ENTRY - 2; word++) {
            LONGS.set(id, word * Long.BYTES, entries[entry + 1 + word]);
        }
        LONGS.set(id, LAST_WORD, entries[entry + ENTRY - 1]);
        return id;
    }

    /** Remembers the correlation id at {@code idFrom} in {@code idSource}. */
    public void put(long tenant, byte[] source, int traceFrom, int traceTo, byte[] idSource, int idFrom, int idTo) {
        if (idTo - idFrom != ID_BYTES) {
            return;
        }
        long tag = tag(tenant, source, traceFrom, traceTo);
        int set = set(tag);
        synchronized (locks[set & (STRIPES - 1)]) {
            int entry = find(set, tag);
            if (entry < 0) {
                entry = (set * WAYS + (nextWay[set]++ & (WAYS - 1))) * ENTRY;
                entries[entry] = tag;
            }
            for (int word = 0; word < ENTRY - 2; word++) {
                entries[entry + 1 + word] = (long) LONGS.get(idSource, idFrom + word * Long.BYTES);
            }
            entries[entry + ENTRY - 1] = (long) LONGS.get(idSource, idFrom + LAST_WORD);
        }
    }

    /** Where in {@link #entries} the trace is, or -1. */
    private int find(int set, long tag) {
        for (int entry = set * WAYS * ENTRY; entry < (set + 1) * WAYS * ENTRY; entry += ENTRY) {
            if (entries[entry] == tag) {
                return entry;
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
