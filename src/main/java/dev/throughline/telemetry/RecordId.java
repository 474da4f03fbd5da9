package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The deterministic id of a record: SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF", 2012) over tenant, a separator and the received bytes. Keyed, so that nobody without the key can confirm a guess of what
 * was masked; over the received bytes, so that a retried record has the id it had. Holds the last result; not thread-safe.
 */
public final class RecordId {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;
    private long high;
    private long low;

    /** @param key 16 secret bytes, the same over restarts and replicas */
    public RecordId(byte[] key) {
        if (key.length != 16) {
            throw new IllegalArgumentException("a record id key has 16 bytes");
        }
        key0 = (long) LONGS.get(key, 0);
        key1 = (long) LONGS.get(key, 8);
    }

    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    /** Hashes {@code a}, its length and {@code b}. */
    public void hash(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        // The first part is padded to whole words with its length in the last byte, so that (a, b) is unambiguous.
        int aLength = aTo - aFrom;
        int aWords = aLength / Long.BYTES + 1;
        int bLength = bTo - bFrom;
        int bFull = bLength / Long.BYTES;
        for (int w = 0, words = aWords + bFull; w <= words; w++) {
            long m;
            if (w >= aWords && w < words) {
                m = (long) LONGS.get(b, bFrom + (w - aWords) * Long.BYTES);
            } else if (w < aWords - 1) {
                m = (long) LONGS.get(a, aFrom + w * Long.BYTES);
            } else if (w == aWords - 1) {
                m = tail(a, aFrom + w * Long.BYTES, aTo) | ((long) aLength << 56);
            } else {
                m = tail(b, bFrom + bFull * Long.BYTES, bTo) | ((long) (aWords * Long.BYTES + bLength) << 56);
            }
            v3 ^= m;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= m;
        }
        v2 ^= 0xee;
        for (int half = 0; half < 2; half++) {
            for (int r = 0; r < 4; r++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            long result = v0 ^ v1 ^ v2 ^ v3;
            if (half == 0) {
                high = result;
                v1 ^= 0xdd;
            } else {
                low = result;
            }
        }
    }

    private static long tail(byte[] source, int from, int to) {
        long word = 0;
        for (int at = from, shift = 0; at < to; at++, shift += 8) {
            word |= (source[at] & 0xFFL) << shift;
        }
        return word;
    }

    /** 32 lower-case hex digits. */
    public static String toString(long high, long low) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
