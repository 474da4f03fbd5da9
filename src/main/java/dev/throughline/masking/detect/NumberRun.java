package dev.throughline.masking.detect;

/** Groups of digits with single separators between them, as numbers are written for people. Reused, not thread-safe. */
final class NumberRun {
    static final int GROUPS_MAX = 14;
    static final int DIGITS_MAX = 34;
    /** A separator of several characters, or with a bracket: {@code ") "}, {@code " - "}. */
    static final byte MIXED = 'm';

    int groups;
    final int[] start = new int[GROUPS_MAX];
    final int[] end = new int[GROUPS_MAX];
    /** What stands before the group. */
    final byte[] separator = new byte[GROUPS_MAX];
    /** Digits before the group's first. */
    final int[] digitsBefore = new int[GROUPS_MAX + 1];
    /** Values 0–9 of all groups. */
    final byte[] digits = new byte[DIGITS_MAX];

    /** Starts with the digit at {@code at}; no groups where the first one runs into letters or is too long. */
    void collect(byte[] text, int at, int to) {
        groups = 0;
        digitsBefore[0] = 0;
        int p = at;
        byte before = 0;
        while (groups < GROUPS_MAX) {
            int q = p;
            int count = digitsBefore[groups];
            while (q < to && Chars.digit(text[q]) && count < DIGITS_MAX) {
                digits[count++] = (byte) (text[q++] - '0');
            }
            if (q < to && Chars.alnum(text[q])) {
                return;
            }
            start[groups] = p;
            end[groups] = q;
            separator[groups] = before;
            digitsBefore[++groups] = count;
            p = q;
            while (p < to && p - q < 3 && isSeparator(text[p])) {
                p++;
            }
            if (p == q || p >= to || !Chars.digit(text[p])) {
                return;
            }
            before = p - q == 1 && text[q] != '(' && text[q] != ')' ? text[q] : MIXED;
            if (before == MIXED && text[q] == ' ' && text[q + 1] == ' ') {
                return;
            }
        }
    }

    private static boolean isSeparator(byte b) {
        return b == ' ' || b == '-' || b == '.' || b == '/' || b == '(' || b == ')';
    }

    /** Whether a separator and a digit may follow the digits that end at {@code end}. */
    static boolean goesOn(byte[] text, int end, int to) {
        return end + 1 < to && isSeparator(text[end]) && (Chars.alnum(text[end + 1]) || isSeparator(text[end + 1]));
    }

    int length(int group) {
        return end[group] - start[group];
    }

    /** Digits of the first {@code count} groups. */
    int digitCount(int count) {
        return digitsBefore[count];
    }

    /** Whether groups 1 … {@code count - 1} all have this separator before them. */
    boolean separatedBy(byte kind, int count) {
        for (int i = 1; i < count; i++) {
            if (separator[i] != kind) {
                return false;
            }
        }
        return true;
    }

    /** Whether the first groups have these lengths. */
    boolean shaped(int... lengths) {
        if (groups < lengths.length) {
            return false;
        }
        for (int i = 0; i < lengths.length; i++) {
            if (length(i) != lengths[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number that the digits {@code [from, to)} write. */
    int value(int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + digits[i];
        }
        return value;
    }

    /** Whether three groups from {@code group} on are a calendar date in a usual order. */
    boolean isDate(int group) {
        if (groups < group + 3 || separator[group + 1] != separator[group + 2]) {
            return false;
        }
        byte kind = separator[group + 1];
        if (kind != '-' && kind != '.' && kind != '/') {
            return false;
        }
        int a = value(digitsBefore[group], digitsBefore[group + 1]);
        int b = value(digitsBefore[group + 1], digitsBefore[group + 2]);
        int c = value(digitsBefore[group + 2], digitsBefore[group + 3]);
        boolean yearFirst = length(group) == 4 && length(group + 1) == 2 && length(group + 2) == 2;
        if (yearFirst) {
            return a >= 1900 && a < 2200 && b >= 1 && b <= 12 && c >= 1 && c <= 31;
        }
        return length(group) <= 2
                && length(group + 1) <= 2
                && length(group + 2) == 4
                && c >= 1900
                && c < 2200
                && a >= 1
                && b >= 1
                && Math.min(a, b) <= 12
                && Math.max(a, b) <= 31;
    }
}
