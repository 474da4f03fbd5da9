package dev.throughline.masking.detect;

import java.nio.charset.StandardCharsets;

/** Checksums and structure of identity numbers. Digits are values 0–9. */
final class NationalIds {
    private static final byte[] DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE".getBytes(StandardCharsets.US_ASCII);
    private static final int[] NHS_WEIGHTS = {10, 9, 8, 7, 6, 5, 4, 3, 2};
    private static final int[] PESEL_WEIGHTS = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};

    private NationalIds() {}

    /** Social Security Administration, POMS RM 10201.030: areas, groups and serials that are never given out. */
    static boolean isUsSsn(byte[] d) {
        int area = d[0] * 100 + d[1] * 10 + d[2];
        int group = d[3] * 10 + d[4];
        int serial = d[5] * 1000 + d[6] * 100 + d[7] * 10 + d[8];
        boolean advertised = area == 219 && group == 9 && serial == 9999;
        return area != 0 && area != 666 && area < 900 && group != 0 && serial != 0 && !advertised;
    }

    /** Bundeszentralamt für Steuern: MOD 11,10; of the first ten digits one stands twice or three times, no other does. */
    static boolean isGermanTaxId(byte[] d) {
        if (d[0] == 0 || !Checksums.mod1110(d, 0)) {
            return false;
        }
        long seen = 0;
        for (int i = 0; i < 10; i++) {
            seen += 1L << (d[i] * 4);
        }
        int doubles = 0;
        int triples = 0;
        for (int digit = 0; digit < 10; digit++) {
            int times = (int) (seen >>> (digit * 4)) & 0xF;
            if (times > 3) {
                return false;
            }
            doubles += times == 2 ? 1 : 0;
            triples += times == 3 ? 1 : 0;
        }
        return doubles + triples == 1;
    }

    /** Burgerservicenummer: the eleven test. */
    static boolean isDutchBsn(byte[] d, int count) {
        int sum = 0;
        boolean zero = true;
        for (int i = 0; i < count; i++) {
            int weight = i == count - 1 ? -1 : count - i;
            sum += d[i] * weight;
            zero &= d[i] == 0;
        }
        return !zero && sum % 11 == 0;
    }

    /** PESEL: birth date with the century in the month, weights 1-3-7-9. */
    static boolean isPolishPesel(byte[] d) {
        int month = d[2] * 10 + d[3];
        int century = month / 20;
        int day = d[4] * 10 + d[5];
        if (month % 20 < 1 || month % 20 > 12 || day < 1 || day > daysIn(month % 20) || (century > 1 && century < 4)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += d[i] * PESEL_WEIGHTS[i];
        }
        return (10 - sum % 10) % 10 == d[10];
    }

    private static int daysIn(int month) {
        return month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** NHS Data Dictionary, NHS number: MOD 11 with weights ten to two. */
    static boolean isNhsNumber(byte[] d) {
        int sum = 0;
        boolean equal = true;
        for (int i = 0; i < 9; i++) {
            sum += d[i] * NHS_WEIGHTS[i];
            equal &= d[i + 1] == d[0];
        }
        int check = 11 - sum % 11;
        return !equal && check != 10 && (check == 11 ? 0 : check) == d[9];
    }

    /** T.C. kimlik numarası: two check digits. */
    static boolean isTurkishKimlik(byte[] d) {
        int odd = d[0] + d[2] + d[4] + d[6] + d[8];
        int even = d[1] + d[3] + d[5] + d[7];
        int tenth = Math.floorMod(odd * 7 - even, 10);
        return d[0] != 0 && tenth == d[9] && (odd + even + d[9]) % 10 == d[10] && d[10] % 2 == 0;
    }

    /** Eight digits and their letter. */
    static boolean isSpanishDni(int number, byte letter) {
        return DNI_LETTERS[number % 23] == Chars.toUpper(letter);
    }

    /** Seven digits after X, Y or Z, and their letter. */
    static boolean isSpanishNie(byte first, int number, byte letter) {
        int prefix = Chars.toUpper(first) - 'X';
        return prefix >= 0 && prefix <= 2 && isSpanishDni(prefix * 10_000_000 + number, letter);
    }

    /** NINO prefixes as HMRC gives them out (NIM39110), and the suffix A–D where there is one. */
    static boolean isBritishNinoPrefix(byte firstLetter, byte secondLetter) {
        byte a = Chars.toUpper(firstLetter);
        byte b = Chars.toUpper(secondLetter);
        if ("DFIQUV".indexOf(a) >= 0 || "DFIQUVO".indexOf(b) >= 0) {
            return false;
        }
        return switch (a << 8 | b) {
            case 'B' << 8 | 'G', 'G' << 8 | 'B', 'N' << 8 | 'K', 'K' << 8 | 'N', 'T' << 8 | 'N', 'N' << 8 | 'T' ->
                false;
            case 'Z' << 8 | 'Z' -> false;
            default -> true;
        };
    }

    /**
     * Numéro d'inscription au répertoire (INSEE): sex, birth, department (Corsica 2A and 2B), key over 97.
     *
     * @param id 13 characters, or 15 with the key
     */
    static boolean isFrenchNir(byte[] id, int count) {
        int sex = id[0] - '0';
        int month = (id[3] - '0') * 10 + id[4] - '0';
        boolean monthFits = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
        if (!(sex == 1 || sex == 2 || sex == 3 || sex == 4 || sex == 7 || sex == 8) || !monthFits) {
            return false;
        }
        byte corsica = Chars.toUpper(id[6]);
        if (!Chars.digit(id[6]) && (id[5] != '2' || (corsica != 'A' && corsica != 'B'))) {
            return false;
        }
        if (id[5] == '0' && id[6] == '0') {
            return false;
        }
        long number = nirNumber(id, corsica);
        return count == 13 || 97 - number % 97 == (id[13] - '0') * 10 + id[14] - '0';
    }

    /** The thirteen digits; INSEE counts 2A as 19 and 2B as 18. */
    private static long nirNumber(byte[] id, byte seventh) {
        long number = 0;
        for (int i = 0; i < 13; i++) {
            int digit = id[i] - '0';
            if (!Chars.digit(seventh) && (i == 5 || i == 6)) {
                digit = i == 5 ? 1 : seventh == 'A' ? 9 : 8;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
