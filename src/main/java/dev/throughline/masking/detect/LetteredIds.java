package dev.throughline.masking.detect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Identity numbers with letters, or in groups that only they have: DNI and NIE, NINO, NIR. Reused, not thread-safe. */
final class LetteredIds {
    private static final byte[][] KEY_WORDS = {utf8("clef"), utf8("clé"), utf8("cle")};

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

    private static byte[] utf8(String word) {
        return word.getBytes(StandardCharsets.UTF_8);
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

    /** A NIR that starts here, in one or in groups; with its key, if it has one, where a word says that it is a NIR. */
    @Nullable
    Detector nir(int start) {
        int end = nirWithoutKey(start);
        if (end < 0) {
            return null;
        }
        int key = nirKey(end);
        if (key >= 0) {
            nir[13] = text[key];
            nir[14] = text[key + 1];
            if (NationalIds.isFrenchNir(nir, 15)) {
                return context.isReference(start) && !context.says(ContextWords.NIR, key + 2)
                        ? null
                        : hit(Detector.FR_NIR, start, key + 2);
            }
        }
        boolean bare = key >= 0 || end == to || !Chars.alnum(text[end]);
        boolean named = bare && NationalIds.isFrenchNir(nir, 13) && context.says(ContextWords.NIR, end);
        return named ? hit(Detector.FR_NIR, start, key < 0 ? end : key + 2) : null;
    }

    /** Takes thirteen characters, in one or in groups; where they end, or -1. */
    private int nirWithoutKey(int start) {
        int taken = 0;
        int p = start;
        while (p < to && taken < 13) {
            byte b = text[p];
            if (Chars.digit(b) || (taken == 6 && Chars.letter(b))) {
                nir[taken++] = b;
            } else if (!isBlank(b) || p + 1 == to || !Chars.digit(text[p + 1]) || taken == 0) {
                return -1;
            }
            p++;
        }
        return taken == 13 ? p : -1;
    }

    /** The two digits of the key behind a NIR: {@code 46}, {@code / 46}, {@code (46)}, {@code clé 46}; or -1. */
    private int nirKey(int end) {
        int p = afterSigns(end);
        for (byte[] word : KEY_WORDS) {
            if (p > end && Chars.matchesIgnoringCase(text, p, to, word)) {
                p = afterSigns(p + word.length);
                break;
            }
        }
        return digits(p, 2) && (p + 2 == to || !Chars.alnum(text[p + 2])) ? p : -1;
    }

    private int afterSigns(int from) {
        int p = from;
        while (p < to && p - from < 3 && (isBlank(text[p]) || "/(:".indexOf(text[p]) >= 0)) {
            p++;
        }
        return p;
    }
}
