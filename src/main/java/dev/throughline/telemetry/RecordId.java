package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The deterministic id of a record: SipHash-1-3 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF", 2012) over tenant, a separator and the received bytes. Keyed, so that nobody without the key can confirm a guess of what
 * was masked; over the received bytes, so that a retried record has the id it had. Holds the last result; not thread-safe.
 */
public final class RecordId {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
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
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        // The first part is padded to whole words with its length in the last byte, so that (a, b) is unambiguous.
        int aLength = aTo - aFrom;
        int aFull = aFrom + (aLength & -Long.BYTES);
        words(a, aFrom, aFull);
        word(tail(a, aFull, aTo) | ((long) aLength << 56));
        int bFull = bFrom + (bTo - bFrom & -Long.BYTES);
        words(b, bFrom, bFull);
        long length = (long) (aLength & -Long.BYTES) + Long.BYTES + bTo - bFrom;
        word(tail(b, bFull, bTo) | (length << 56));
        v2 ^= 0xee;
        high = finish();
        v1 ^= 0xdd;
        low = finish();
    }

    private void words(byte[] source, int from, int to) {
        long a = v0;
        long b = v1;
        long c = v2;
        long d = v3;
        for (int at = from; at < to; at += Long.BYTES) {
            long m = (long) LONGS.get(source, at);
            d ^= m;
            a += b;
            c += d;
            b = Long.rotateLeft(b, 13) ^ a;
            d = Long.rotateLeft(d, 16) ^ c;
            a = Long.rotateLeft(a, 32);
            c += b;
            a += d;
            b = Long.rotateLeft(b, 17) ^ c;
            d = Long.rotateLeft(d, 21) ^ a;
            c = Long.rotateLeft(c, 32);
            a ^= m;
        }
        v0 = a;
        v1 = b;
        v2 = c;
        v3 = d;
    }

    private void word(long m) {
        v3 ^= m;
        round();
        v0 ^= m;
    }

    private long finish() {
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
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
