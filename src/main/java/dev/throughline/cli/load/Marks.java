package dev.throughline.cli.load;

import java.util.Arrays;

/** Offsets into a body that is being written; offsets after a point can move with it. */
final class Marks {
    private int[] offsets = new int[64];
    private int count;

    void add(int offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        offsets[count++] = offset;
    }

    /** Moves the marks at or after {@code from}; marks are in ascending order. */
    void shift(int from, int by) {
        for (int i = count - 1; i >= 0 && offsets[i] >= from; i--) {
            offsets[i] += by;
        }
    }

    int[] toArray() {
        return Arrays.copyOf(offsets, count);
    }
}
