package dev.throughline.masking.detect;

import org.jspecify.annotations.Nullable;

/** Identity numbers with letters, or in groups that only they have: DNI and NIE, NINO, NIR. Reused, not thread-safe. */
final class LetteredIds {
    private final NumberContext context;
    private final NumberRun run;
    private final byte[] nir = new byte[15];
    private byte[] text = new byte[0];
    private int to;
    private int floor;
    private int hitFrom;
    private int hitTo;

    LetteredIds(NumberContext context, NumberRun run) {
        this.context = context;
        this.run = run;
    }

    void begin(byte[] source, int end) {
        text = source;
        to = end;
    }

    /** Nothing before {@code lowest} counts. */
    void number(int lowest) {
        floor = lowest;
    }

    int hitFrom() {
        return hitFrom;
    }

    int hitTo() {
        return hitTo;
    }

    private Detector hit(Detector detector, int from, int end) {
        hitFrom = from;
        hitTo = end;
        return detector;
    }

    @Nullable
    Detector nineCharacters(int start, int end, boolean joined) {
        boolean named = context.says(ContextWords.DNI | ContextWords.NINO | ContextWords.IDENTITY, end);
        if (!named && (joined || context.isOther(start))) {
            return null;
        }
        if (isNino(start, 9) && (named || Chars.upper(text[start]))) {
            return hit(Detector.UK_NINO, start, end);
        }
        byte letter = text[end - 1];
        if (!Chars.letter(letter) || (!named && !Chars.upper(letter))) {
            return null;
        }
        if (digits(start, 8) && NationalIds.isSpanishDni(value(start, 8), letter)) {
            return hit(Detector.ES_DNI, start, end);
        }
        boolean nie = digits(start + 1, 7) && NationalIds.isSpanishNie(text[start], value(start + 1, 7), letter);
        return nie ? hit(Detector.ES_DNI, start, end) : null;
    }

    boolean digits(int from, int count) {
        for (int p = from; p < from + count; p++) {
            if (p >= to || !Chars.digit(text[p])) {
                return false;
            }
        }
        return true;
    }

    int value(int from, int count) {
        int value = 0;
        for (int p = from; p < from + count; p++) {
            value = value * 10 + text[p] - '0';
        }
        return value;
    }

    boolean isNino(int start, int length) {
        return Chars.letter(text[start])
                && Chars.letter(text[start + 1])
                && NationalIds.isBritishNinoPrefix(text[start], text[start + 1])
                && digits(start + 2, 6)
                && (length == 8 || isNinoSuffix(text[start + 8]));
    }

    static boolean isNinoSuffix(byte b) {
        byte upper = Chars.toUpper(b);
        return upper >= 'A' && upper <= 'D';
    }

    /** {@code AB 12 34 56 C}, found at the first digits; also {@code AB 123456 C}. */
    @Nullable
    Detector ninoSpaced(int start) {
        int p = start - 3;
        if (p < floor || !isBlank(text[start - 1]) || !Chars.letter(text[p]) || !Chars.letter(text[p + 1])) {
            return null;
        }
        if ((p > floor && Chars.alnum(text[p - 1])) || !NationalIds.isBritishNinoPrefix(text[p], text[p + 1])) {
            return null;
        }
        int taken = 0;
        int q = start;
        while (q < to && taken < 6) {
            if (Chars.digit(text[q])) {
                taken++;
            } else if (!isBlank(text[q]) || (taken & 1) != 0) {
                return null;
            }
            q++;
        }
        if (q < to && isBlank(text[q])) {
            q++;
        }
        boolean suffix = taken == 6 && q < to && isNinoSuffix(text[q]) && (q + 1 == to || !Chars.alnum(text[q + 1]));
        boolean clear = Chars.upper(text[p]) && Chars.upper(text[p + 1]) && suffix && Chars.upper(text[q]);
        return suffix && (clear || context.says(ContextWords.NINO, q + 1)) ? hit(Detector.UK_NINO, p, q + 1) : null;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '-' || b == '.';
    }

    /** {@code 12345678-Z}, {@code 12.345.678-Z}, {@code X-1234567-L}. */
    @Nullable
    Detector letterBehind(int start, int end) {
        boolean dash = end + 1 < to && (text[end] == '-' || text[end] == ' ') && Chars.letter(text[end + 1]);
        if (!dash || (end + 2 < to && Chars.alnum(text[end + 2]))) {
            return null;
        }
        int digits = end - start == 7 ? 7 : 8;
        int number = run.value(0, Math.min(digits, run.digitCount(run.groups)));
        byte letter = text[end + 1];
        boolean named = context.says(ContextWords.DNI | ContextWords.IDENTITY, end + 2);
        boolean clear = text[end] == '-' && Chars.upper(letter) && !context.isOther(start);
        if (digits == 7) {
            boolean nie = start - 2 >= floor
                    && (text[start - 1] == '-' || text[start - 1] == ' ')
                    && (named || text[end] == '-');
            return nie && NationalIds.isSpanishNie(text[start - 2], number, letter)
                    ? hit(Detector.ES_DNI, start - 2, end + 2)
                    : null;
        }
        boolean dni = NationalIds.isSpanishDni(number, letter) && (named || clear);
        return dni ? hit(Detector.ES_DNI, start, end + 2) : null;
    }

    /** A NIR that starts here, in one or in groups. */
    @Nullable
    Detector nir(int start) {
        int taken = 0;
        int p = start;
        int thirteen = -1;
        while (p < to && taken < 15) {
            byte b = text[p];
            if (Chars.digit(b) || (taken == 6 && Chars.letter(b))) {
                nir[taken++] = b;
                p++;
                thirteen = taken == 13 ? p : thirteen;
            } else if (isBlank(b) && p + 1 < to && Chars.digit(text[p + 1]) && taken > 0) {
                p++;
            } else {
                break;
            }
        }
        if (taken == 15 && (p == to || !Chars.alnum(text[p])) && NationalIds.isFrenchNir(nir, 15)) {
            return context.isReference(start) && !context.says(ContextWords.NIR, p)
                    ? null
                    : hit(Detector.FR_NIR, start, p);
        }
        boolean bare = thirteen > 0 && (thirteen == to || !Chars.alnum(text[thirteen]));
        boolean named = bare && NationalIds.isFrenchNir(nir, 13) && context.says(ContextWords.NIR, thirteen);
        return named ? hit(Detector.FR_NIR, start, thirteen) : null;
    }
}
