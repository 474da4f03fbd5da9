package dev.throughline.masking.detect;

import java.util.Arrays;

/** Ranges that were found in a text, in order and without overlap. Reused, not thread-safe. */
public final class Hits {
    private int count;
    private int[] from = new int[16];
    private int[] to = new int[16];
    private Detector[] detector = new Detector[16];

    public void reset() {
        count = 0;
    }

    public int count() {
        return count;
    }

    public int from(int hit) {
        return from[hit];
    }

    public int to(int hit) {
        return to[hit];
    }

    public Detector detector(int hit) {
        return detector[hit];
    }

    /** Adds a range; what it overlaps is joined with it under the name of the longer. */
    void add(Detector kind, int start, int end) {
        if (count == from.length) {
            from = Arrays.copyOf(from, count * 2);
            to = Arrays.copyOf(to, count * 2);
            detector = Arrays.copyOf(detector, count * 2);
        }
        int at = count;
        while (at > 0 && from[at - 1] > start) {
            from[at] = from[at - 1];
            to[at] = to[at - 1];
            detector[at] = detector[at - 1];
            at--;
        }
        from[at] = start;
        to[at] = end;
        detector[at] = kind;
        count++;
        join();
    }

    private void join() {
        int kept = 0;
        for (int i = 1; i < count; i++) {
            if (from[i] < to[kept]) {
                if (to[i] - from[i] > to[kept] - from[kept]) {
                    detector[kept] = detector[i];
                }
                to[kept] = Math.max(to[kept], to[i]);
            } else {
                kept++;
                from[kept] = from[i];
                to[kept] = to[i];
                detector[kept] = detector[i];
            }
        }
        count = Math.min(count, kept + 1);
    }

    @Override
    public String toString() {
        return "Hits[" + count + "]";
    }
}
