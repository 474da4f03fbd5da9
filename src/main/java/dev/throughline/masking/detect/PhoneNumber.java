package dev.throughline.masking.detect;

/** Phone numbers: E.164 with its prefix anywhere, national ones where a word says so. */
final class PhoneNumber {
    /** Digits of an international number, the country's included (ITU-T E.164, 6.1). */
    private static final int INTERNATIONAL_MIN = 8;

    static final int INTERNATIONAL_MAX = 15;
    private static final int NATIONAL_MIN = 7;
    private static final int NATIONAL_MAX = 13;
    /** Without a {@code +}, two zeros more often pad a number than dial abroad. */
    private static final int AFTER_ZEROS_MIN = 10;

    /** Country codes of two digits, and the first two of those of three (ITU-T E.164.D). */
    private static final String TWO_DIGITS =
            "20 27 28 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86"
                    + " 90 91 92 93 94 95 98";

    private static final String THREE_DIGITS = "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99";
    /** By the first two digits: 2 or 3, the length of the country code; 0 where it is not given out. */
    private static final byte[] CODE_LENGTH = new byte[100];

    static {
        for (String code : TWO_DIGITS.split(" ", -1)) {
            CODE_LENGTH[Integer.parseInt(code)] = 2;
        }
        for (String code : THREE_DIGITS.split(" ", -1)) {
            CODE_LENGTH[Integer.parseInt(code)] = 3;
        }
    }

    private PhoneNumber() {}

    /**
     * How many of the run's first groups are an international number.
     *
     * @param skip 0 after a plus, 2 where the digits start with two zeros
     */
    static int internationalGroups(NumberRun run, int skip, boolean named) {
        if (run.digitCount(run.groups) < skip + 7) {
            return 0;
        }
        byte[] d = run.digits;
        int first = d[skip];
        boolean fixed = first == 1 || first == 7;
        if (first == 0 || (!fixed && CODE_LENGTH[first * 10 + d[skip + 1]] == 0)) {
            return 0;
        }
        int zeroGroup = trunkZeroGroup(run);
        int min = fixed ? 11 : skip > 0 && !named ? AFTER_ZEROS_MIN : INTERNATIONAL_MIN;
        int max = fixed ? 11 : INTERNATIONAL_MAX;
        for (int count = extent(run); count > 0; count--) {
            int digits = run.digitCount(count) - skip - (zeroGroup > 0 && zeroGroup < count ? 1 : 0);
            if (digits >= min && digits <= max && (!fixed || d[skip + 1] >= 2)) {
                return count;
            }
        }
        return 0;
    }

    /** The group of a {@code (0)}, or 0. */
    private static int trunkZeroGroup(NumberRun run) {
        for (int i = 1; i < Math.min(run.groups, 3); i++) {
            if (run.length(i) == 1 && run.digits[run.digitsBefore[i]] == 0) {
                return i;
            }
        }
        return 0;
    }

    /** Groups up to where another thing starts: a date. */
    private static int extent(NumberRun run) {
        for (int i = 1; i < run.groups; i++) {
            if (run.isDate(i)) {
                return i;
            }
        }
        return run.groups;
    }

    /**
     * How many of the run's first groups are a national number, given that a word says phone.
     *
     * @param weak the word (call, reach …) also goes with other things: the number must look dialled
     */
    static int nationalGroups(NumberRun run, boolean weak, boolean bracket) {
        for (int count = extent(run); count > 0; count--) {
            int digits = run.digitCount(count);
            boolean dialled = bracket || run.digits[0] == 0 || isNorthAmerican(run, count) || isPaired(run, count);
            int min = dialled && !weak ? NATIONAL_MIN - 1 : NATIONAL_MIN;
            if (digits >= min && digits <= NATIONAL_MAX && (dialled || !weak)) {
                return isSeparatedLikePhone(run, count) ? count : 0;
            }
        }
        return 0;
    }

    private static boolean isNorthAmerican(NumberRun run, int count) {
        int at = count == 4 && run.length(0) == 1 && run.digits[0] == 1 ? 1 : 0;
        boolean local = count == 2 && run.length(0) == 3 && run.length(1) == 4;
        return local || (count == at + 3 && run.length(at) == 3 && run.length(at + 1) == 3 && run.length(at + 2) == 4);
    }

    /** {@code 912 345 678}, {@code 91 23 45 67}: groups of two and three, at least three of them. */
    private static boolean isPaired(NumberRun run, int count) {
        if (count < 3) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (run.length(i) < 2 || run.length(i) > 4) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSeparatedLikePhone(NumberRun run, int count) {
        int singles = 0;
        for (int i = 0; i < count; i++) {
            singles += run.length(i) == 1 ? 1 : 0;
        }
        return singles <= 1;
    }
}
