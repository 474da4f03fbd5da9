package dev.throughline.spool;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Half-open intervals of numbers, in order; those that touch are one. Not thread-safe. */
final class Intervals {
    private final NavigableMap<Long, Long> ends = new TreeMap<>();
    private long total;

    /** Adds {@code [from, to)}; how many of its numbers were not there yet. */
    long add(long from, long to) {
        if (to <= from) {
            return 0;
        }
        long start = from;
        long end = to;
        long added = to - from;
        Map.Entry<Long, Long> near = ends.floorEntry(to);
        while (near != null && near.getValue() >= from) {
            added -= Math.max(0, Math.min(near.getValue(), to) - Math.max(near.getKey(), from));
            start = Math.min(start, near.getKey());
            end = Math.max(end, near.getValue());
            ends.remove(near.getKey());
            near = ends.floorEntry(to);
        }
        ends.put(start, end);
        total += added;
        return added;
    }

    boolean covers(long from, long to) {
        Map.Entry<Long, Long> near = ends.floorEntry(from);
        return to <= from || (near != null && near.getValue() >= to);
    }

    /** Forgets the numbers below {@code bound}; how many there were. */
    long removeBelow(long bound) {
        long removed = 0;
        Map.Entry<Long, Long> first = ends.firstEntry();
        while (first != null && first.getKey() < bound) {
            ends.remove(first.getKey());
            removed += Math.min(bound, first.getValue()) - first.getKey();
            if (first.getValue() > bound) {
                ends.put(bound, first.getValue());
            }
            first = ends.firstEntry();
        }
        total -= removed;
        return removed;
    }

    /** Where the first of them ends; there is one. */
    long firstEnd() {
        return ends.firstEntry().getValue();
    }

    void forEach(BiConsumer<Long, Long> action) {
        ends.forEach(action);
    }

    /** How many intervals. */
    int count() {
        return ends.size();
    }

    /** How many numbers. */
    long total() {
        return total;
    }
}
