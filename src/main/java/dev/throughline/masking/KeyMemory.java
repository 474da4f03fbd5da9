package dev.throughline.masking;

import dev.throughline.telemetry.JsonTape;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What was found out about member names: the rule, the context for numbers, and that the name itself is clean. Direct-mapped by
 * the tape's hash and compared by bytes; bounded, forgets what collides. Not thread-safe.
 */
final class KeyMemory {
    static final int UNKNOWN = -1;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SLOTS = 1024;
    private static final int KEY_BYTES_MAX = 48;

    private final byte[] keys = new byte[SLOTS * KEY_BYTES_MAX];
    private final byte[] lengths = new byte[SLOTS];
    private final int[] findings = new int[SLOTS];

    /** What is known of the name at node {@code key}, or {@link #UNKNOWN}. */
    int find(JsonTape tape, int key) {
        int slot = slot(tape, key);
        int from = tape.start(key);
        int length = tape.end(key) - from;
        if (lengths[slot] != length || length == 0) {
            return UNKNOWN;
        }
        return same(keys, slot * KEY_BYTES_MAX, tape.bytes(), from, length) ? findings[slot] : UNKNOWN;
    }

    private static boolean same(byte[] a, int aFrom, byte[] b, int bFrom, int length) {
        int at = 0;
        for (; length - at >= 8; at += 8) {
            if ((long) LONGS.get(a, aFrom + at) != (long) LONGS.get(b, bFrom + at)) {
                return false;
            }
        }
        for (; at < length; at++) {
            if (a[aFrom + at] != b[bFrom + at]) {
                return false;
            }
        }
        return true;
    }

    void keep(JsonTape tape, int key, int finding) {
        int from = tape.start(key);
        int length = tape.end(key) - from;
        if (length <= KEY_BYTES_MAX) {
            int slot = slot(tape, key);
            System.arraycopy(tape.bytes(), from, keys, slot * KEY_BYTES_MAX, length);
            lengths[slot] = (byte) length;
            findings[slot] = finding;
        }
    }

    private static int slot(JsonTape tape, int key) {
        int hash = tape.keyHash(key);
        return (hash ^ hash >>> 15) & (SLOTS - 1);
    }
}
