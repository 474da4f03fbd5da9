package dev.throughline.masking;

import dev.throughline.masking.detect.ContextWords;
import dev.throughline.masking.detect.Detector;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** JSON numbers: a card anywhere, other identities where the field's name says so. The whole number is replaced, by a string. */
final class NumberText {
    /** Shorter literals are no identity. */
    private static final int LITERAL_BYTES_MIN = 7;

    private static final int CARD_DIGITS_MIN = 13;
    private static final int EXPONENT_LITERAL_BYTES_MAX = 40;
    private static final int IDENTITIES = ContextWords.PHONE
            | ContextWords.CARD
            | ContextWords.SSN
            | ContextWords.TAX
            | ContextWords.NIR
            | ContextWords.DNI
            | ContextWords.BSN
            | ContextWords.PESEL
            | ContextWords.NINO
            | ContextWords.NHS
            | ContextWords.KIMLIK;

    private final TextMask text;

    NumberText(TextMask text) {
        this.text = text;
    }

    /** Whether it must go; what takes its place is then in the text mask. */
    boolean mask(byte[] source, int from, int to, int context, boolean integer) {
        boolean named = (context & IDENTITIES) != 0;
        if (to - from < (named ? LITERAL_BYTES_MIN : CARD_DIGITS_MIN)) {
            return false;
        }
        if (!integer && hasExponent(source, from, to)) {
            return plain(source, from, to, context, named);
        }
        int start = source[from] == '-' ? from + 1 : from;
        return found(source, start, integer ? to : point(source, start, to), context, named);
    }

    private boolean found(byte[] source, int from, int to, int context, boolean named) {
        if (!text.finds(source, from, to, context) || (!named && !text.foundOneOf(Detector.CARD.bit()))) {
            return false;
        }
        return text.mask(source, from, to, context, false);
    }

    /** {@code 4.111111111111111E15} as it would be written without the exponent. */
    private boolean plain(byte[] source, int from, int to, int context, boolean named) {
        if (to - from > EXPONENT_LITERAL_BYTES_MAX) {
            return false;
        }
        BigDecimal number = new BigDecimal(new String(source, from, to - from, StandardCharsets.US_ASCII)).abs();
        if (number.precision() - (long) number.scale() > 20
                || number.stripTrailingZeros().scale() > 0) {
            return false;
        }
        byte[] digits = number.toBigInteger().toString().getBytes(StandardCharsets.US_ASCII);
        return found(digits, 0, digits.length, context, named);
    }

    private static boolean hasExponent(byte[] source, int from, int to) {
        for (int p = from; p < to; p++) {
            if ((source[p] | 0x20) == 'e') {
                return true;
            }
        }
        return false;
    }

    /** Where a fraction of nothing but zeros starts; the end where there is another. */
    private static int point(byte[] source, int from, int to) {
        int p = to;
        while (p > from && source[p - 1] == '0') {
            p--;
        }
        return p > from && source[p - 1] == '.' ? p - 1 : to;
    }
}
