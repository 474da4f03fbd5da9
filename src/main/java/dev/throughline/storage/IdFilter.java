package dev.throughline.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * Says of a record id that it is surely new, or that it may be known: a chain of blocked Bloom filters, each four times the size of
 * the one before, so that memory follows the number of records up to a bound. Beyond the bound it only errs more often. A block is
 * one cache line of 512 bits; 20 bits a record; seven bits set, so that one id in thousands errs: each costs a look into the file. Takes the low half of a
 * record id, which is a hash already. Not thread-safe.
 */
final class IdFilter {
    private static final int BITS_PER_RECORD = 20;
    private static final int BLOCK_WORDS = 8;
    private static final int GROWTH = 4;
    private static final int BITS_SET = 7;
    private static final int FIRST_RECORDS = 1 << 16;

    private final int recordsMax;
    private final List<long[]> segments = new ArrayList<>();
    private int capacity = FIRST_RECORDS;
    private int used;
    private long total;

    IdFilter(int recordsMax) {
        this.recordsMax = recordsMax;
        segments.add(segment(capacity));
    }

    private static long[] segment(int records) {
        return new long[records / 512 * BITS_PER_RECORD * BLOCK_WORDS];
    }

    boolean mayContain(long id) {
        for (int i = segments.size() - 1; i >= 0; i--) {
            if (contains(segments.get(i), id)) {
                return true;
            }
        }
        return false;
    }

    void add(long id) {
        if (used == capacity && total + (long) GROWTH * capacity <= recordsMax) {
            capacity *= GROWTH;
            segments.add(segment(capacity));
            used = 0;
        }
        long[] words = segments.getLast();
        int base = block(words, id);
        long bits = id;
        for (int i = 0; i < BITS_SET; i++, bits >>>= 9) {
            words[base + (int) (bits >>> 6 & 7)] |= 1L << (bits & 63);
        }
        used = Math.min(used + 1, capacity);
        total++;
    }

    private static boolean contains(long[] words, long id) {
        int base = block(words, id);
        long bits = id;
        for (int i = 0; i < BITS_SET; i++, bits >>>= 9) {
            if ((words[base + (int) (bits >>> 6 & 7)] & 1L << (bits & 63)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int block(long[] words, long id) {
        return (int) Math.unsignedMultiplyHigh(RecordKeys.mix(id), words.length / BLOCK_WORDS) * BLOCK_WORDS;
    }

    long bytes() {
        return segments.stream().mapToLong(s -> s.length * 8L).sum();
    }
}
