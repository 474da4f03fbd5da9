package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The deterministic id of a record over tenant, a separator and the received bytes: keyed, so that nobody without the key can confirm a
 * guess of what was masked; over the received bytes, so that a retried record has the id it had.
 *
 * <p>Every 1,024 received bytes are compressed to 32 by NH over 64-bit words, twice with shifted keys (Krovetz and Dai, "VHASH
 * Security", 2007; the shift after Toeplitz as in RFC 4418, section 5.2: two texts of one length come to the same with a probability of
 * about 2^-126), and all of that goes, with the tenant and the lengths, through SipHash-1-3 with 128 bits of output (Aumasson and
 * Bernstein, "SipHash: a fast short-input PRF", 2012). Holds the last result; not thread-safe.
 */
public final class RecordId {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int BLOCK_BYTES = 1_024;
    private static final long LOW = 0xFFFF_FFFFL;
    private static final int PAIR_BYTES = 2 * Long.BYTES;

    private final long key0;
    private final long key1;
    /** Of NH: one a word of a block, and two for the shift. */
    private final long[] blockKey = new long[BLOCK_BYTES / Long.BYTES + 2];

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
        for (int i = 0; i < blockKey.length; i += 2) {
            begin();
            word(i);
            end();
            blockKey[i] = high;
            blockKey[i + 1] = low;
        }
    }

    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    /** Hashes {@code a}, its length and {@code b}. */
    public void hash(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
        begin();
        // The first part is padded to whole words with its length in the last byte, so that (a, b) is unambiguous.
        int aLength = aTo - aFrom;
        int aFull = aFrom + (aLength & -Long.BYTES);
        for (int at = aFrom; at < aFull; at += Long.BYTES) {
            word((long) LONGS.get(a, at));
        }
        word(tail(a, aFull, aTo) | ((long) aLength << 56));
        int at = bFrom;
        for (; bTo - at > BLOCK_BYTES; at += BLOCK_BYTES) {
            compress(b, at, at + BLOCK_BYTES);
        }
        compress(b, at, bTo);
        word(bTo - bFrom);
        end();
    }

    private void begin() {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    private void end() {
        v2 ^= 0xee;
        high = finish();
        v1 ^= 0xdd;
        low = finish();
    }

    /** Up to one block, with zeros up to whole pairs of words. */
    private void compress(byte[] source, int from, int to) {
        long[] key = blockKey;
        // Sums of 128-bit products, in three parts without carries: bits 0 to 31, 32 to 63, and from 64.
        long low1 = 0;
        long middle1 = 0;
        long high1 = 0;
        long low2 = 0;
        long middle2 = 0;
        long high2 = 0;
        int k = 0;
        for (int at = from; at < to; at += PAIR_BYTES, k += 2) {
            long first;
            long second;
            if (to - at >= PAIR_BYTES) {
                first = (long) LONGS.get(source, at);
                second = (long) LONGS.get(source, at + Long.BYTES);
            } else {
                first = tail(source, at, Math.min(to, at + Long.BYTES));
                second = tail(source, Math.min(to, at + Long.BYTES), to);
            }
            long x = first + key[k];
            long y = second + key[k + 1];
            long product = x * y;
            low1 += product & LOW;
            middle1 += product >>> 32;
            high1 += Math.unsignedMultiplyHigh(x, y);
            x = first + key[k + 2];
            y = second + key[k + 3];
            product = x * y;
            low2 += product & LOW;
            middle2 += product >>> 32;
            high2 += Math.unsignedMultiplyHigh(x, y);
        }
        middle1 += low1 >>> 32;
        middle2 += low2 >>> 32;
        word((low1 & LOW) | middle1 << 32);
        word(high1 + (middle1 >>> 32));
        word((low2 & LOW) | middle2 << 32);
        word(high2 + (middle2 >>> 32));
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
