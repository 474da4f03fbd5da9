package dev.throughline.masking.detect;

import org.jspecify.annotations.Nullable;

/** What begins at a digit: cards, phones, identity numbers, IBANs, addresses. Reused, not thread-safe. */
final class NumberScan {
    /** Fewer digits in a row of groups are nothing. */
    private static final int DIGITS_MIN = 6;

    private static final byte[] UUID_GROUPS = {8, 4, 4, 4, 12};

    private final NumberRun run = new NumberRun();
    private final byte[] fours = new byte[16];
    private final NumberContext context = new NumberContext();
    private final LetteredIds lettered = new LetteredIds(context, run);
    private byte[] text = new byte[0];
    private int to;
    private int floor;
    private boolean sure;
    private int hitFrom;
    private int hitTo;
    private int goOnAt;

    void begin(byte[] source, int end, int field, boolean sureOnly) {
        text = source;
        to = end;
        sure = sureOnly;
        context.begin(source, end, field);
        lettered.begin(source, end);
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
        context.number(start, floor);
        lettered.number(floor);
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

    private @Nullable Detector lettered(@Nullable Detector found) {
        hitFrom = lettered.hitFrom();
        hitTo = lettered.hitTo();
        return found;
    }

    private Detector hit(Detector detector, int from, int end) {
        hitFrom = from;
        hitTo = end;
        return detector;
    }

    /** A word of letters and digits. */
    private @Nullable Detector mixed(int start, int end) {
        boolean joined = start > floor && (text[start - 1] == '_' || text[start - 1] == '-');
        int iban = joined && sure ? -1 : Iban.end(text, start, to);
        if (iban > 0) {
            return hit(Detector.IBAN, start, iban);
        }
        if (end - start == 4 && end < to && text[end] == '.') {
            int token = SecretShapes.googleEnd(text, start, end, to);
            if (token > 0) {
                return hit(Detector.SECRET, start, token);
            }
        }
        if (sure) {
            boolean person = end - start == CodiceFiscale.LENGTH && !joined && CodiceFiscale.matches(text, start);
            return person ? hit(Detector.IT_CODICE_FISCALE, start, end) : null;
        }
        if (end - start > 15 && Chars.digit(text[end - 1])) {
            Detector card = namedCard(start, end);
            if (card != null) {
                return card;
            }
        }
        return switch (end - start) {
            case CodiceFiscale.LENGTH ->
                CodiceFiscale.matches(text, start) ? hit(Detector.IT_CODICE_FISCALE, start, end) : null;
            case 9 -> lettered(lettered.nineCharacters(start, end, joined));
            case 13, 15 -> lettered(lettered.nir(start));
            case 8 ->
                lettered.isNino(start, 8) && context.says(ContextWords.NINO, end)
                        ? hit(Detector.UK_NINO, start, end)
                        : null;
            default -> null;
        };
    }

    /** {@code card4111111111111111}. */
    private @Nullable Detector namedCard(int start, int end) {
        int digit = start;
        while (Chars.letter(text[digit])) {
            digit++;
        }
        if (digit == start || (ContextWords.of(text, start, digit) & ContextWords.CARD) == 0) {
            return null;
        }
        run.collect(text, digit, end);
        boolean card = run.groups == 1
                && run.digitCount(1) >= 13
                && run.digitCount(1) <= 19
                && PaymentCard.isCard(run.digits, run.digitCount(1), true);
        return card ? hit(Detector.CARD, digit, end) : null;
    }

    /** {@code 4111_1111_1111_1111}. */
    private @Nullable Detector underscored(int start) {
        int end = start + 19;
        if (end > to || (end < to && (Chars.alnum(text[end]) || text[end] == '_'))) {
            return null;
        }
        for (int i = 0; i < 19; i++) {
            byte b = text[start + i];
            if (i % 5 == 4 ? b != '_' : !Chars.digit(b)) {
                return null;
            }
            if (i % 5 != 4) {
                fours[i - i / 5] = (byte) (b - '0');
            }
        }
        boolean attached = start > floor && text[start - 1] == '_';
        return !attached && PaymentCard.isCard(fours, 16, false) ? hit(Detector.CARD, start, end) : null;
    }

    /** A number that is a word of its own, with what follows it. */
    private @Nullable Detector pure(int start, int end) {
        if (end - start == 4 && end < to && text[end] == '_' && !sure) {
            Detector card = underscored(start);
            if (card != null) {
                return card;
            }
        }
        if (end - start < DIGITS_MIN && !NumberRun.goesOn(text, end, to)) {
            return null;
        }
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
        // Some numbers with a country code pass for cards as well; none of more digits is a phone.
        boolean dialled = plus && run.digitCount(run.groups) <= PhoneNumber.INTERNATIONAL_MAX;
        Detector found = dialled ? international(start - 1, 0) : null;
        if (found == null) {
            found = card(start);
        }
        if (found != null || sure) {
            return found == null && run.groups == 3 ? sureSsn(start) : found;
        }
        found = plus ? international(start - 1, 0) : null;
        if (found == null
                && !plus
                && run.digits[0] == 0
                && run.length(0) > 1
                && run.digits[1] == 0
                && !context.isOther(start)) {
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

    /** {@code 536-90-4399} and nothing attached to it: no business number is grouped so. */
    private @Nullable Detector sureSsn(int start) {
        int end = run.end[2];
        boolean attached =
                start > floor && (text[start - 1] == '-' || text[start - 1] == '_' || text[start - 1] == '#');
        boolean goesOn = end < to && (text[end] == '-' || text[end] == '_');
        boolean dashed = run.shaped(3, 2, 4) && run.separatedBy((byte) '-', 3);
        return dashed && !attached && !goesOn && NationalIds.isUsSsn(run.digits)
                ? hit(Detector.US_SSN, start, end)
                : null;
    }

    /** The digits behind a decimal point, or of a version. */
    private boolean isFraction(int start) {
        return start - 2 >= floor && (text[start - 1] == '.' || text[start - 1] == ',') && Chars.digit(text[start - 2]);
    }

    /** What may begin with few digits: an address, a NIR in groups, a NINO in groups, a NIE with dashes. */
    private @Nullable Detector shortNumber(int start, int end) {
        int length = end - start;
        if (length <= 3 && end < to && text[end] == '.') {
            Detector address = ipv4(start);
            if (address != null || length > 1 || goOnAt != end) {
                return address;
            }
        }
        if (length == 1 && end < to && LetteredIds.isBlank(text[end])) {
            return lettered(lettered.nir(start));
        }
        if (length == 2 || length == 6) {
            return lettered(lettered.ninoSpaced(start));
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
        int said = context.context() & (ContextWords.VERSION | ContextWords.ADDRESS_OF_HOST);
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
        boolean named = (context.field() & ContextWords.CARD) != 0 && run.length(0) == 16;
        if (sure && !grouped && !named) {
            return null;
        }
        int count = PaymentCard.groups(run, (context.field() & ContextWords.CARD) != 0);
        if (count == 0) {
            count = context.says(ContextWords.CARD, run.end[0]) ? PaymentCard.groups(run, true) : 0;
        }
        boolean numbered = count > 0 && run.digitCount(count) == 16 && start > floor && text[start - 1] == '#';
        boolean doubtful =
                (context.isReference(start) && !numbered) || (run.digitCount(count) < 15 && context.isOther(start));
        if (count == 0 || (doubtful && !context.says(ContextWords.CARD, run.end[count - 1]))) {
            return null;
        }
        return hit(Detector.CARD, start, run.end[count - 1]);
    }

    private @Nullable Detector international(int from, int skip) {
        boolean named = ((context.field() | context.context()) & (ContextWords.PHONE | ContextWords.CALL)) != 0;
        int count = PhoneNumber.internationalGroups(run, skip, named);
        return count == 0 ? null : phone(from, count);
    }

    private Detector phone(int from, int count) {
        boolean bracket = from > floor && text[from - 1] == '(';
        return hit(Detector.PHONE, bracket ? from - 1 : from, run.end[count - 1]);
    }

    private @Nullable Detector national(int start) {
        if ((context.field() & ContextWords.PHONE) == 0 && context.isReference(start)) {
            return null;
        }
        int said = context.field() | context.context();
        boolean strong =
                (said & ContextWords.PHONE) != 0 || (context.after(run.end[run.groups - 1]) & ContextWords.PHONE) != 0;
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
            return lettered(lettered.nir(start));
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
            boolean nhs = NationalIds.isNhsNumber(run.digits) && context.says(ContextWords.NHS, end);
            return nhs ? hit(Detector.UK_NHS, start, end) : null;
        }
        if (length == 9) {
            return nineDigits(start, end);
        }
        return lettered(lettered.letterBehind(start, end));
    }

    private @Nullable Detector nineDigits(int start, int end) {
        if (NationalIds.isDutchBsn(run.digits, 9) && context.says(ContextWords.BSN, end)) {
            return hit(Detector.NL_BSN, start, end);
        }
        boolean ssn = NationalIds.isUsSsn(run.digits) && context.says(ContextWords.SSN, end);
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
        if (tax && context.says(ContextWords.TAX, end)) {
            return hit(Detector.DE_TAX_ID, start, end);
        }
        if (pesel && context.says(ContextWords.PESEL, end)) {
            return hit(Detector.PL_PESEL, start, end);
        }
        if (kimlik && context.says(ContextWords.KIMLIK, end)) {
            return hit(Detector.TR_KIMLIK, start, end);
        }
        boolean phone = ((context.field() | context.context()) & ContextWords.PHONE) != 0;
        if (phone || context.isOther(start)) {
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
            boolean dashed = run.separator[1] == '-' && !context.isReference(start) && !context.isOther(start);
            if (!goesOn && NationalIds.isUsSsn(run.digits) && (dashed || context.says(ContextWords.SSN, end))) {
                return hit(Detector.US_SSN, start, end);
            }
        }
        if (run.shaped(2, 3, 3, 3) && run.separatedBy((byte) ' ', 4) && NationalIds.isGermanTaxId(run.digits)) {
            return hit(Detector.DE_TAX_ID, start, run.end[3]);
        }
        if (run.shaped(3, 3, 4) && NationalIds.isNhsNumber(run.digits)) {
            boolean spaced = run.separatedBy((byte) ' ', 3);
            boolean phone = ((context.field() | context.context()) & (ContextWords.PHONE | ContextWords.CALL)) != 0;
            if (context.says(ContextWords.NHS, run.end[2]) || (spaced && !phone && !context.isOther(start))) {
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
                if (digits == 9 && NationalIds.isDutchBsn(run.digits, 9) && context.says(ContextWords.BSN, end)) {
                    return hit(Detector.NL_BSN, start, end);
                }
                if (digits == 11 && context.says(ContextWords.TAX | ContextWords.PESEL | ContextWords.KIMLIK, end)) {
                    return elevenDigits(start, end);
                }
            }
        }
        return run.shaped(2, 3, 3) ? lettered(lettered.letterBehind(start, run.end[2])) : null;
    }
}
