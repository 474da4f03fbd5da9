package dev.throughline.contract.pattern;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** An immutable set of code points (surrogates included): sorted, disjoint, inclusive ranges. */
final class CodePoints {
    static final int MAX = Character.MAX_CODE_POINT;
    static final CodePoints NONE = new CodePoints(new int[0]);
    static final CodePoints ALL = of(0, MAX);
    static final CodePoints DIGITS = of('0', '9');
    static final CodePoints WORD = of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
    /** WhiteSpace and LineTerminator of ECMA-262, 12.2 and 12.3. */
    static final CodePoints SPACE = of(
            0x09, 0x0D, 0x20, 0x20, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x202F, 0x205F,
            0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);

    static final CodePoints DOT = of('\n', '\n', '\r', '\r', 0x2028, 0x2029).negated();

    private final int[] ranges;

    private CodePoints(int[] ranges) {
        this.ranges = ranges;
    }

    /** Pairs of first and last, in any order. */
    static CodePoints of(int... pairs) {
        long[] sorted = new long[pairs.length / 2];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (long) pairs[2 * i] << 32 | pairs[2 * i + 1];
        }
        Arrays.sort(sorted);
        int[] out = new int[pairs.length];
        int n = 0;
        for (long pair : sorted) {
            int first = (int) (pair >>> 32);
            int last = (int) pair;
            if (n > 0 && first <= out[n - 1] + 1) {
                out[n - 1] = Math.max(out[n - 1], last);
            } else {
                out[n++] = first;
                out[n++] = last;
            }
        }
        return new CodePoints(Arrays.copyOf(out, n));
    }

    static CodePoints matching(IntPredicate predicate) {
        int[] out = new int[64];
        int n = 0;
        boolean inside = false;
        for (int c = 0; c <= MAX + 1; c++) {
            boolean now = c <= MAX && predicate.test(c);
            if (now != inside) {
                if (n == out.length) {
                    out = Arrays.copyOf(out, n * 2);
                }
                out[n++] = now ? c : c - 1;
                inside = now;
            }
        }
        return new CodePoints(Arrays.copyOf(out, n));
    }

    CodePoints or(CodePoints other) {
        int[] both = Arrays.copyOf(ranges, ranges.length + other.ranges.length);
        System.arraycopy(other.ranges, 0, both, ranges.length, other.ranges.length);
        return of(both);
    }

    CodePoints negated() {
        int[] out = new int[ranges.length + 2];
        int n = 0;
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) {
                out[n++] = next;
                out[n++] = ranges[i] - 1;
            }
            next = ranges[i + 1] + 1;
        }
        if (next <= MAX) {
            out[n++] = next;
            out[n++] = MAX;
        }
        return new CodePoints(Arrays.copyOf(out, n));
    }

    int rangeCount() {
        return ranges.length / 2;
    }

    int first(int range) {
        return ranges[2 * range];
    }

    int last(int range) {
        return ranges[2 * range + 1];
    }

    boolean isAscii() {
        return ranges.length == 0 || ranges[ranges.length - 1] < 0x80;
    }

    boolean isEmpty() {
        return ranges.length == 0;
    }

    boolean contains(int codePoint) {
        for (int i = 0; i < ranges.length && ranges[i] <= codePoint; i += 2) {
            if (codePoint <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "CodePoints[" + rangeCount() + " ranges]";
    }
}
