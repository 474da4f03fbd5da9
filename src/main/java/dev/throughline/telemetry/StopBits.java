package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Where a JSON string may not simply go on: 64 bytes at once, by words and without a branch. */
final class StopBits {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private StopBits() {}

    /** One bit for each of the 64 bytes from {@code from} on, the first one lowest. */
    static long of(byte[] bytes, int from) {
        // Bit i of byte j says whether byte j of word i stops; transposed, they are in the order of the text.
        return transposed(stops(bytes, from) >>> 7
                | stops(bytes, from + 8) >>> 6
                | stops(bytes, from + 16) >>> 5
                | stops(bytes, from + 24) >>> 4
                | stops(bytes, from + 32) >>> 3
                | stops(bytes, from + 40) >>> 2
                | stops(bytes, from + 48) >>> 1
                | stops(bytes, from + 56));
    }

    /**
     * The high bit of each of eight bytes that is a quote, a backslash, a control character or not ASCII; a byte above one of them may be
     * marked too, so the byte itself decides. What is not ASCII is marked by itself, so that the others need not be told apart from it.
     */
    static long stops(byte[] bytes, int from) {
        long word = (long) LONGS.get(bytes, from);
        long quotes = (word ^ 0x2222222222222222L) - ONES;
        long backslashes = (word ^ 0x5C5C5C5C5C5C5C5CL) - ONES;
        long controls = word - 0x2020202020202020L;
        return (quotes | backslashes | controls | word) & HIGHS;
    }

    /** Eight by eight bits, rows and columns exchanged (Warren, Hacker's Delight, section 7-3). */
    private static long transposed(long rows) {
        long swap = (rows ^ rows >>> 7) & 0x00AA00AA00AA00AAL;
        long x = rows ^ swap ^ swap << 7;
        swap = (x ^ x >>> 14) & 0x0000CCCC0000CCCCL;
        x = x ^ swap ^ swap << 14;
        swap = (x ^ x >>> 28) & 0x00000000F0F0F0F0L;
        return x ^ swap ^ swap << 28;
    }
}
