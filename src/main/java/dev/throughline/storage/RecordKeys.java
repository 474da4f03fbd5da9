package dev.throughline.storage;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The 64-bit keys under which a record is indexed. Two records may share one by chance, so a reader compares the frame's own
 * text. The upper half is a time of 65 s grain where there is one (that of the ULID, of the event), so that keys of records that
 * arrive together lie together.
 */
final class RecordKeys {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int CORRELATION_LENGTH = 31;
    private static final int GRAIN_BITS = 16;
    private static final byte[] CROCKFORD = new byte[128];

    static {
        String digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        for (int i = 0; i < digits.length(); i++) {
            CROCKFORD[digits.charAt(i)] = (byte) i;
        }
    }

    private RecordKeys() {}

    static long correlation(byte[] text, int from, int length) {
        long hash = hash(text, from, from + length, 1);
        return length == CORRELATION_LENGTH ? grained(ulidMillis(text, from + 5), hash) : hash;
    }

    static long trace(byte[] text, int from, int length) {
        return hash(text, from, from + length, 2);
    }

    static long identity(long idHigh, long eventMicros) {
        return grained(eventMicros / 1_000, mix(idHigh));
    }

    /** The key by which the record is looked for: its correlation id, else its trace id; 0 where it has neither. */
    static long lookup(RecordFrame frame) {
        if (frame.has(Field.CORRELATION_ID)) {
            return correlation(
                    frame.bytes(), frame.fieldOffset(Field.CORRELATION_ID), frame.fieldLength(Field.CORRELATION_ID));
        }
        return frame.has(Field.TRACE_ID)
                ? trace(frame.bytes(), frame.fieldOffset(Field.TRACE_ID), frame.fieldLength(Field.TRACE_ID))
                : 0;
    }

    /**
     * Whether a retry surely comes with the same correlation id, because it stands in the received bytes. Otherwise it may be
     * generated or joined anew, and the record is also indexed under its {@link #identity}.
     */
    static boolean isFixed(RecordFrame frame) {
        return frame.flags() == 0 && frame.has(Field.CORRELATION_ID);
    }

    private static long grained(long millis, long hash) {
        return (millis >>> GRAIN_BITS) << 32 | (hash & 0xFFFF_FFFFL);
    }

    private static long ulidMillis(byte[] text, int from) {
        long millis = 0;
        for (int i = from; i < from + 10; i++) {
            millis = millis << 5 | CROCKFORD[text[i] & 0x7F];
        }
        return millis;
    }

    static long hash(byte[] text, int from, int to, int seed) {
        long h = seed * 0x9E3779B97F4A7C15L + (to - from);
        int at = from;
        for (; to - at >= 8; at += 8) {
            h = mix(h ^ (long) LONGS.get(text, at));
        }
        long tail = 0;
        for (int shift = 0; at < to; at++, shift += 8) {
            tail |= (text[at] & 0xFFL) << shift;
        }
        return mix(h ^ tail);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood, 2014). */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
