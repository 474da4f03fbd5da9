package dev.throughline.masking.detect;

/** Check digits over digit values 0–9. */
final class Checksums {
    private Checksums() {}

    /** ISO/IEC 7812-1, annex B. */
    static boolean luhn(byte[] digits, int from, int to) {
        int sum = 0;
        boolean twice = false;
        for (int i = to - 1; i >= from; i--) {
            int d = digits[i];
            if (twice) {
                d = d > 4 ? 2 * d - 9 : 2 * d;
            }
            sum += d;
            twice = !twice;
        }
        return sum % 10 == 0;
    }

    /** GS1 General Specifications, 7.9: trade item numbers of 8, 12, 13 and 14 digits. */
    static boolean gs1(byte[] digits, int from, int to) {
        int sum = 0;
        int weight = 1;
        for (int i = to - 1; i >= from; i--) {
            sum += digits[i] * weight;
            weight = 4 - weight;
        }
        return sum % 10 == 0;
    }

    /** ISO/IEC 7064, MOD 11,10 over eleven digits. */
    static boolean mod1110(byte[] digits, int from) {
        int product = 10;
        for (int i = 0; i < 10; i++) {
            int sum = (digits[from + i] + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        int check = 11 - product;
        return (check == 10 ? 0 : check) == digits[from + 10];
    }
}
