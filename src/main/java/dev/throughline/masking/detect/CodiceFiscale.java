package dev.throughline.masking.detect;

/** Italian codice fiscale of a person (D.M. 345/1976): sixteen characters, digits may be letters (omocodia), check letter. */
final class CodiceFiscale {
    static final int LENGTH = 16;
    private static final String MONTHS = "ABCDEHLMPRST";
    private static final String OMOCODIA = "LMNPQRSTUV";
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private CodiceFiscale() {}

    static boolean matches(byte[] text, int at) {
        int sum = 0;
        for (int i = 0; i < LENGTH; i++) {
            byte c = Chars.toUpper(text[at + i]);
            boolean numeric = i == 6 || i == 7 || i == 9 || i == 10 || (i >= 12 && i <= 14);
            if (numeric ? !Chars.digit(c) && OMOCODIA.indexOf(c) < 0 : !Chars.upper(c)) {
                return false;
            }
            if (i < LENGTH - 1) {
                int value = Chars.digit(c) ? c - '0' : c - 'A';
                sum += i % 2 == 0 ? ODD[value] : value;
            }
        }
        int day = digit(text[at + 9]) * 10 + digit(text[at + 10]);
        return MONTHS.indexOf(Chars.toUpper(text[at + 8])) >= 0
                && ((day >= 1 && day <= 31) || (day >= 41 && day <= 71))
                && Chars.toUpper(text[at + 15]) - 'A' == sum % 26;
    }

    private static int digit(byte b) {
        return Chars.digit(b) ? b - '0' : OMOCODIA.indexOf(Chars.toUpper(b));
    }
}
