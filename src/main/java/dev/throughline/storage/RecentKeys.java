package dev.throughline.storage;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * Index entries (key, id, sequence number) of the newest records, which are not yet in the file's chunks: two hash chains over
 * growing arrays, by key and by key with id. The writer adds within its transaction; readers see what {@link #commit} has passed.
 * All methods are synchronized.
 */
final class RecentKeys {
    private static final int CAPACITY_MIN = 1 << 10;

    private long[] keys = new long[CAPACITY_MIN];
    private long[] ids = new long[CAPACITY_MIN];
    private int[] sequences = new int[CAPACITY_MIN];
    private int[] nextByKey = new int[CAPACITY_MIN];
    private int[] nextByPair = new int[CAPACITY_MIN];
    private int[] headByKey = new int[CAPACITY_MIN * 2];
    private int[] headByPair = new int[CAPACITY_MIN * 2];
    private int count;
    private int committed;

    synchronized int size() {
        return count;
    }

    synchronized void add(long key, long id, int sequence) {
        if (count == keys.length) {
            grow();
        }
        keys[count] = key;
        ids[count] = id;
        sequences[count] = sequence;
        link(count);
        count++;
    }

    /** Whether the pair is there, also when not committed: a batch is compared with itself. */
    synchronized boolean contains(long key, long id) {
        for (int at = headByPair[slot(key ^ id)] - 1; at >= 0; at = nextByPair[at]) {
            if (keys[at] == key && ids[at] == id) {
                return true;
            }
        }
        return false;
    }

    /** The committed sequence numbers under a key, newest first. */
    synchronized void forEach(long key, IntConsumer visitor) {
        for (int at = headByKey[slot(key)] - 1; at >= 0; at = nextByKey[at]) {
            if (keys[at] == key && at < committed) {
                visitor.accept(sequences[at]);
            }
        }
    }

    /** The ids of all entries. */
    synchronized void forEachId(LongConsumer visitor) {
        for (int at = 0; at < count; at++) {
            visitor.accept(ids[at]);
        }
    }

    synchronized void commit() {
        committed = count;
    }

    /** Forgets what was added since the last {@link #commit}. */
    synchronized void rollback() {
        if (count > committed) {
            count = committed;
            relink();
        }
    }

    synchronized void clear() {
        count = 0;
        committed = 0;
        relink();
    }

    /** All entries, ordered by key and id. */
    synchronized Sorted sorted() {
        int[] order = order();
        Sorted sorted = new Sorted(new long[count], new long[count], new int[count]);
        for (int i = 0; i < count; i++) {
            sorted.keys[i] = keys[order[i]];
            sorted.ids[i] = ids[order[i]];
            sorted.sequences[i] = sequences[order[i]];
        }
        return sorted;
    }

    /** Parallel arrays, ordered by key and id. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier between two classes, never compared
    record Sorted(long[] keys, long[] ids, int[] sequences) {}

    /** Merge sort, bottom up, of indices: no object an entry, no worst case. */
    private int[] order() {
        int[] from = new int[count];
        for (int i = 0; i < count; i++) {
            from[i] = i;
        }
        int[] to = new int[count];
        for (int width = 1; width < count; width *= 2) {
            for (int start = 0; start < count; start += 2 * width) {
                merge(from, to, start, Math.min(start + width, count), Math.min(start + 2 * width, count));
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private void merge(int[] from, int[] to, int start, int middle, int stop) {
        int left = start;
        int right = middle;
        for (int out = start; out < stop; out++) {
            boolean takeLeft = left < middle && (right >= stop || compare(from[left], from[right]) <= 0);
            to[out] = takeLeft ? from[left++] : from[right++];
        }
    }

    private int compare(int a, int b) {
        return keys[a] != keys[b] ? Long.compare(keys[a], keys[b]) : Long.compare(ids[a], ids[b]);
    }

    private void grow() {
        int capacity = count * 2;
        keys = Arrays.copyOf(keys, capacity);
        ids = Arrays.copyOf(ids, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        nextByKey = new int[capacity];
        nextByPair = new int[capacity];
        headByKey = new int[capacity * 2];
        headByPair = new int[capacity * 2];
        relink();
    }

    private void relink() {
        Arrays.fill(headByKey, 0);
        Arrays.fill(headByPair, 0);
        for (int at = 0; at < count; at++) {
            link(at);
        }
    }

    /** Heads hold the index plus one, so that zero is the empty chain. */
    private void link(int at) {
        int byKey = slot(keys[at]);
        nextByKey[at] = headByKey[byKey] - 1;
        headByKey[byKey] = at + 1;
        int byPair = slot(keys[at] ^ ids[at]);
        nextByPair[at] = headByPair[byPair] - 1;
        headByPair[byPair] = at + 1;
    }

    private int slot(long hash) {
        return (int) RecordKeys.mix(hash) & (headByKey.length - 1);
    }
}
