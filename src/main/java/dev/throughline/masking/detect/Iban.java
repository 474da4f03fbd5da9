package dev.throughline.masking.detect;

/** ISO 13616: country, length by the SWIFT registry, MOD 97-10; written together or in groups, in either case. */
final class Iban {
    private static final String LENGTHS =
            "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29"
                    + "ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28"
                    + "LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29"
                    + "RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";
    private static final byte[] LENGTH = new byte[26 * 26];

    static {
        for (int i = 0; i < LENGTHS.length(); i += 4) {
            int country = (LENGTHS.charAt(i) - 'A') * 26 + LENGTHS.charAt(i + 1) - 'A';
            LENGTH[country] = (byte) Integer.parseInt(LENGTHS.substring(i + 2, i + 4));
        }
    }

    private Iban() {}

    /** The end of the IBAN that starts at {@code at}, or -1. */
    static int end(byte[] text, int at, int to) {
        if (to - at < 15
                || !Chars.letter(text[at])
                || !Chars.letter(text[at + 1])
                || !Chars.digit(text[at + 2])
                || !Chars.digit(text[at + 3])) {
            return -1;
        }
        int country = (Chars.toUpper(text[at]) - 'A') * 26 + Chars.toUpper(text[at + 1]) - 'A';
        int length = LENGTH[country];
        int taken = 0;
        int p = at;
        int remainder = 0;
        while (taken < length && p < to) {
            byte b = text[p];
            if (Chars.alnum(b)) {
                if (taken >= 4) {
                    remainder = append(remainder, b);
                }
                taken++;
            } else if (!isSeparator(b) || p + 1 >= to || !Chars.alnum(text[p + 1])) {
                return -1;
            }
            p++;
        }
        if (length == 0 || taken < length || (p < to && Chars.alnum(text[p]))) {
            return -1;
        }
        for (int i = 0; i < 4; i++) {
            remainder = append(remainder, text[at + i]);
        }
        int check = (text[at + 2] - '0') * 10 + text[at + 3] - '0';
        return remainder == 1 && check >= 2 && check <= 98 ? p : -1;
    }

    private static boolean isSeparator(byte b) {
        return b == ' ' || b == '-' || b == '.';
    }

    private static int append(int remainder, byte b) {
        return Chars.digit(b) ? (remainder * 10 + b - '0') % 97 : (remainder * 100 + Chars.toUpper(b) - 'A' + 10) % 97;
    }
}
