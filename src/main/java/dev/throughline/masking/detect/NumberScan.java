package dev.throughline.masking.detect;

import org.jspecify.annotations.Nullable;

/** What begins at a digit: cards, phones, identity numbers, IBANs, addresses. Reused, not thread-safe. */
final class NumberScan {
    /** Fewer digits in a row of groups are nothing. */
    private static final int DIGITS_MIN = 6;

    private static final int UNKNOWN = -1;
    private static final byte[] UUID_GROUPS = {8, 4, 4, 4, 12};

    private final NumberRun run = new NumberRun();
    private final byte[] nir = new byte[15];
    private byte[] text = new byte[0];
    private int to;
    private int floor;
    private int fieldContext;
    private boolean sure;
    private int context;
    private int contextAfter;
    private int contextAt;
    private int hitFrom;
    private int hitTo;
    private int goOnAt;

    void begin(byte[] source, int end, int field, boolean sureOnly) {
        text = source;
        to = end;
        fieldContext = field;
        sure = sureOnly;
    }

    int hitFrom() {
        return hitFrom;
    }

    int hitTo() {
        return hitTo;
    }

    /** Where the scan goes on when nothing was found. */
    int goOnAt() {
        return goOnAt;
    }

    @Nullable
    Detector at(int at, int lowest) {
        floor = lowest;
        int start = at;
        while (start > floor && Chars.alnum(text[start - 1])) {
            start--;
        }
        int end = at + 1;
        boolean pure = start == at;
        while (end < to && Chars.alnum(text[end])) {
            pure &= Chars.digit(text[end]);
            end++;
        }
        context = UNKNOWN;
        contextAfter = UNKNOWN;
        contextAt = start;
        if (end - start == 8 && isUuid(start)) {
            goOnAt = start + 36;
            return null;
        }
        goOnAt = end;
        return pure ? pure(start, end) : mixed(start, end);
    }

    private boolean isUuid(int start) {
        int p = start;
        for (int group = 0; group < UUID_GROUPS.length; group++) {
            int end = p + UUID_GROUPS[group];
            if (end > to) {
                return false;
            }
            for (; p < end; p++) {
                if (!Chars.hex(text[p])) {
                    return false;
                }
            }
            if (group < 4 && (p >= to || text[p++] != '-')) {
                return false;
            }
        }
        return p == to || !Chars.alnum(text[p]);
    }

    private Detector hit(Detector detector, int from, int end) {
        hitFrom = from;
        hitTo = end;
        return detector;
    }

    private boolean says(int bits, int end) {
        return ((fieldContext | context()) & bits) != 0 || (after(end) & bits) != 0;
    }

    private int context() {
        if (context == UNKNOWN) {
            context = ContextWords.before(text, contextAt, floor);
        }
        return context;
    }

    private int after(int end) {
        if (contextAfter == UNKNOWN) {
            contextAfter = ContextWords.after(text, end, to);
        }
        return contextAfter;
    }

    /** Whether words or a prefix say that this is a number of another kind. */
    private boolean isOther(int start) {
        return (fieldContext | context()) == ContextWords.OTHER_NUMBER || isReference(start);
    }

    /** {@code PO-4500012345}, {@code #4500012345}, {@code id_4500012345}. */
    private boolean isReference(int start) {
        if (start - 1 < floor) {
            return false;
        }
        byte before = text[start - 1];
        return before == '#' || before == '_' || (before == '-' && start - 2 >= floor && Chars.alnum(text[start - 2]));
    }

    /** A word of letters and digits. */
    private @Nullable Detector mixed(int start, int end) {
        boolean joined = start > floor && (text[start - 1] == '_' || text[start - 1] == '-');
        int iban = joined && sure ? -1 : Iban.end(text, start, to);
        if (iban > 0) {
            return hit(Detector.IBAN, start, iban);
        }
        if (sure) {
            return null;
        }
        return switch (end - start) {
            case CodiceFiscale.LENGTH ->
                CodiceFiscale.matches(text, start) ? hit(Detector.IT_CODICE_FISCALE, start, end) : null;
            case 9 -> nineCharacters(start, end, joined);
            case 13, 15 -> nir(start);
            case 8 -> isNino(start, 8) && says(ContextWords.NINO, end) ? hit(Detector.UK_NINO, start, end) : null;
            case 2 -> text[start] == '2' ? null : ninoSpaced(start);
            default -> null;
        };
    }

    private @Nullable Detector nineCharacters(int start, int end, boolean joined) {
        boolean named = says(ContextWords.DNI | ContextWords.NINO | ContextWords.IDENTITY, end);
        if (!named && (joined || isOther(start))) {
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

    private boolean digits(int from, int count) {
        for (int p = from; p < from + count; p++) {
            if (p >= to || !Chars.digit(text[p])) {
                return false;
            }
        }
        return true;
    }

    private int value(int from, int count) {
        int value = 0;
        for (int p = from; p < from + count; p++) {
            value = value * 10 + text[p] - '0';
        }
        return value;
    }

    private boolean isNino(int start, int length) {
        return Chars.letter(text[start])
                && Chars.letter(text[start + 1])
                && NationalIds.isBritishNinoPrefix(text[start], text[start + 1])
                && digits(start + 2, 6)
                && (length == 8 || isNinoSuffix(text[start + 8]));
    }

    private static boolean isNinoSuffix(byte b) {
        byte upper = Chars.toUpper(b);
        return upper >= 'A' && upper <= 'D';
    }

    /** {@code AB 12 34 56 C}, found at the first digits; also {@code AB 123456 C}. */
    private @Nullable Detector ninoSpaced(int start) {
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
        return suffix && (clear || says(ContextWords.NINO, q + 1)) ? hit(Detector.UK_NINO, p, q + 1) : null;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '-' || b == '.';
    }

    /** A number that is a word of its own, with what follows it. */
    private @Nullable Detector pure(int start, int end) {
        run.collect(text, start, to);
        if (run.groups == 0 || isFraction(start)) {
            return null;
        }
        boolean plus = start > floor && text[start - 1] == '+' && (start - 1 == floor || !Chars.alnum(text[start - 2]));
        if (end - start < DIGITS_MIN && run.digitCount(run.groups) < DIGITS_MIN) {
            return end - start <= 3 && !sure ? shortNumber(start, end) : null;
        }
        if (!plus && run.isDate(0)) {
            goOnAt = run.end[2];
            return null;
        }
        Detector card = card(start);
        if (card != null) {
            return card;
        }
        if (sure) {
            return null;
        }
        Detector found = plus ? international(start - 1, 0) : null;
        if (found == null
                && !plus
                && run.digits[0] == 0
                && run.length(0) > 1
                && run.digits[1] == 0
                && !isOther(start)) {
            found = international(start, 2);
        }
        if (found == null) {
            found = shortNumber(start, end);
        }
        if (found == null) {
            found = identity(start, end);
        }
        return found != null || plus ? found : national(start);
    }

    /** The digits behind a decimal point, or of a version. */
    private boolean isFraction(int start) {
        return start - 2 >= floor && (text[start - 1] == '.' || text[start - 1] == ',') && Chars.digit(text[start - 2]);
    }

    /** What may begin with few digits: an address, a NIR in groups, a NINO in groups, a NIE with dashes. */
    private @Nullable Detector shortNumber(int start, int end) {
        int length = end - start;
        if (length <= 3 && end < to && text[end] == '.') {
            return ipv4(start);
        }
        if (length == 1 && end < to && isBlank(text[end])) {
            return nir(start);
        }
        if (length == 2 || length == 6) {
            return ninoSpaced(start);
        }
        return null;
    }

    private @Nullable Detector ipv4(int start) {
        int end = IpAddress.v4End(text, start, to);
        if (end < 0) {
            return null;
        }
        goOnAt = end;
        boolean attached =
                start > floor && (text[start - 1] == '.' || text[start - 1] == '-' || text[start - 1] == '_');
        if (attached || !IpAddress.v4IsSomebody(text, start) || isProduct(start, end)) {
            return null;
        }
        int said = context() & (ContextWords.VERSION | ContextWords.ADDRESS_OF_HOST);
        return said == ContextWords.VERSION ? null : hit(Detector.IP, start, end);
    }

    /** {@code Chrome/120.0.0.0}. */
    private boolean isProduct(int start, int end) {
        if (start - 2 < floor
                || text[start - 1] != '/'
                || !Chars.letter(text[start - 2])
                || (end < to && text[end] == ':')) {
            return false;
        }
        int p = start - 1;
        while (p > floor && Chars.letter(text[p - 1])) {
            p--;
        }
        return Chars.upper(text[p]) && (p == floor || text[p - 1] == ' ' || text[p - 1] == '(');
    }

    private @Nullable Detector card(int start) {
        if (run.digitCount(run.groups) < 13) {
            return null;
        }
        if (run.digits[0] == 9 && run.groups > 4 && run.digitCount(run.groups) >= 20) {
            goOnAt = run.end[run.groups - 1];
            return null;
        }
        boolean grouped = run.length(0) == 4;
        if (sure && !grouped) {
            return null;
        }
        int count = PaymentCard.groups(run, (fieldContext & ContextWords.CARD) != 0);
        if (count == 0) {
            count = says(ContextWords.CARD, run.end[0]) ? PaymentCard.groups(run, true) : 0;
        }
        boolean doubtful = isReference(start) || (run.digitCount(count) < 15 && isOther(start));
        if (count == 0 || (doubtful && !says(ContextWords.CARD, run.end[count - 1]))) {
            return null;
        }
        return hit(Detector.CARD, start, run.end[count - 1]);
    }

    private @Nullable Detector international(int from, int skip) {
        boolean named = ((fieldContext | context()) & (ContextWords.PHONE | ContextWords.CALL)) != 0;
        int count = PhoneNumber.internationalGroups(run, skip, named);
        return count == 0 ? null : phone(from, count);
    }

    private Detector phone(int from, int count) {
        boolean bracket = from > floor && text[from - 1] == '(';
        return hit(Detector.PHONE, bracket ? from - 1 : from, run.end[count - 1]);
    }

    private @Nullable Detector national(int start) {
        if ((fieldContext & ContextWords.PHONE) == 0 && isReference(start)) {
            return null;
        }
        int said = fieldContext | context();
        boolean strong = (said & ContextWords.PHONE) != 0 || (after(run.end[run.groups - 1]) & ContextWords.PHONE) != 0;
        if (!strong && (said & ContextWords.CALL) == 0) {
            return null;
        }
        boolean bracket =
                start > floor && text[start - 1] == '(' && run.groups > 1 && run.separator[1] == NumberRun.MIXED;
        int count = PhoneNumber.nationalGroups(run, !strong, bracket);
        return count == 0 ? null : phone(start, count);
    }

    /** Identity numbers of digits. */
    private @Nullable Detector identity(int start, int end) {
        int length = end - start;
        if (length == 15 || length == 13) {
            return nir(start);
        }
        if (length == 11) {
            return elevenDigits(start, end);
        }
        if (run.groups > 1) {
            Detector found = grouped(start);
            if (found != null) {
                return found;
            }
        }
        if (length == 10) {
            boolean nhs = NationalIds.isNhsNumber(run.digits) && says(ContextWords.NHS, end);
            return nhs ? hit(Detector.UK_NHS, start, end) : null;
        }
        if (length == 9) {
            return nineDigits(start, end);
        }
        return letterBehind(start, end);
    }

    private @Nullable Detector nineDigits(int start, int end) {
        if (NationalIds.isDutchBsn(run.digits, 9) && says(ContextWords.BSN, end)) {
            return hit(Detector.NL_BSN, start, end);
        }
        boolean ssn = NationalIds.isUsSsn(run.digits) && says(ContextWords.SSN, end);
        return ssn ? hit(Detector.US_SSN, start, end) : null;
    }

    private @Nullable Detector elevenDigits(int start, int end) {
        byte[] d = run.digits;
        boolean tax = NationalIds.isGermanTaxId(d);
        boolean pesel = NationalIds.isPolishPesel(d);
        boolean kimlik = NationalIds.isTurkishKimlik(d);
        if (!tax && !pesel && !kimlik) {
            return null;
        }
        if (tax && says(ContextWords.TAX, end)) {
            return hit(Detector.DE_TAX_ID, start, end);
        }
        if (pesel && says(ContextWords.PESEL, end)) {
            return hit(Detector.PL_PESEL, start, end);
        }
        if (kimlik && says(ContextWords.KIMLIK, end)) {
            return hit(Detector.TR_KIMLIK, start, end);
        }
        boolean phone = ((fieldContext | context()) & ContextWords.PHONE) != 0;
        if (phone || isOther(start)) {
            return null;
        }
        Detector strongest = tax ? Detector.DE_TAX_ID : kimlik ? Detector.TR_KIMLIK : Detector.PL_PESEL;
        return hit(strongest, start, end);
    }

    /** Numbers in the groups that people write them in. */
    private @Nullable Detector grouped(int start) {
        if (run.shaped(3, 2, 4) && (run.separatedBy((byte) '-', 3) || run.separatedBy((byte) ' ', 3))) {
            int end = run.end[2];
            boolean goesOn = run.groups > 3 && run.separator[3] == run.separator[1] && run.separator[3] == '-';
            boolean dashed = run.separator[1] == '-' && !isReference(start) && !isOther(start);
            if (!goesOn && NationalIds.isUsSsn(run.digits) && (dashed || says(ContextWords.SSN, end))) {
                return hit(Detector.US_SSN, start, end);
            }
        }
        if (run.shaped(2, 3, 3, 3) && run.separatedBy((byte) ' ', 4) && NationalIds.isGermanTaxId(run.digits)) {
            return hit(Detector.DE_TAX_ID, start, run.end[3]);
        }
        if (run.shaped(3, 3, 4) && NationalIds.isNhsNumber(run.digits)) {
            boolean spaced = run.separatedBy((byte) ' ', 3);
            boolean phone = ((fieldContext | context()) & (ContextWords.PHONE | ContextWords.CALL)) != 0;
            if (says(ContextWords.NHS, run.end[2]) || (spaced && !phone && !isOther(start))) {
                return hit(Detector.UK_NHS, start, run.end[2]);
            }
        }
        return groupedByName(start);
    }

    private @Nullable Detector groupedByName(int start) {
        if (run.digitCount(run.groups) >= 9) {
            for (int count = 2; count <= run.groups; count++) {
                int digits = run.digitCount(count);
                int end = run.end[count - 1];
                if (digits == 9 && NationalIds.isDutchBsn(run.digits, 9) && says(ContextWords.BSN, end)) {
                    return hit(Detector.NL_BSN, start, end);
                }
                if (digits == 11 && says(ContextWords.TAX | ContextWords.PESEL | ContextWords.KIMLIK, end)) {
                    return elevenDigits(start, end);
                }
            }
        }
        return run.shaped(2, 3, 3) ? letterBehind(start, run.end[2]) : null;
    }

    /** {@code 12345678-Z}, {@code 12.345.678-Z}, {@code X-1234567-L}. */
    private @Nullable Detector letterBehind(int start, int end) {
        boolean dash = end + 1 < to && (text[end] == '-' || text[end] == ' ') && Chars.letter(text[end + 1]);
        if (!dash || (end + 2 < to && Chars.alnum(text[end + 2]))) {
            return null;
        }
        int digits = end - start == 7 ? 7 : 8;
        int number = run.value(0, Math.min(digits, run.digitCount(run.groups)));
        byte letter = text[end + 1];
        boolean named = says(ContextWords.DNI | ContextWords.IDENTITY, end + 2);
        boolean clear = text[end] == '-' && Chars.upper(letter) && !isOther(start);
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
    private @Nullable Detector nir(int start) {
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
            return isReference(start) && !says(ContextWords.NIR, p) ? null : hit(Detector.FR_NIR, start, p);
        }
        boolean bare = thirteen > 0 && (thirteen == to || !Chars.alnum(text[thirteen]));
        boolean named = bare && NationalIds.isFrenchNir(nir, 13) && says(ContextWords.NIR, thirteen);
        return named ? hit(Detector.FR_NIR, start, thirteen) : null;
    }
}
