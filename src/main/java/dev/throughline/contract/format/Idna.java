package dev.throughline.contract.format;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;

/** IDNA 2008: the derived property of RFC 5892, its contextual rules, and the bidi rule of RFC 5893. */
final class Idna {
    private enum Derived {
        PVALID,
        CONTEXT,
        DISALLOWED
    }

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int DOTLESS_I = 0x131;

    private Idna() {}

    /** Whether a label (not its A-label) may be registered: RFC 5891, 4.2. */
    static boolean isValidULabel(int[] label) {
        int n = label.length;
        if (n == 0 || label[0] == '-' || label[n - 1] == '-' || (n >= 4 && label[2] == '-' && label[3] == '-')) {
            return false;
        }
        String text = new String(label, 0, n);
        boolean beyondAscii = false;
        for (int i = 0; i < n; i++) {
            beyondAscii |= label[i] >= 0x80;
            Derived derived = derived(label[i]);
            if (derived == Derived.DISALLOWED || (derived == Derived.CONTEXT && !isInContext(label, i))) {
                return false;
            }
        }
        return beyondAscii
                && !isMark(label[0])
                && Normalizer.isNormalized(text, Normalizer.Form.NFC)
                && obeysBidi(label);
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static Derived derived(int c) {
        return switch (c) {
            case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007, '-' -> Derived.PVALID;
            case 0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER -> Derived.CONTEXT;
            case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B -> Derived.DISALLOWED;
            default -> {
                if (isArabicIndic(c) || isExtendedArabicIndic(c)) {
                    yield Derived.CONTEXT;
                }
                boolean valid = isLetterOrDigit(c) && !isIgnorable(c) && !isOldHangulJamo(c) && isStable(c);
                yield valid ? Derived.PVALID : Derived.DISALLOWED;
            }
        };
    }

    private static boolean isArabicIndic(int c) {
        return c >= 0x660 && c <= 0x669;
    }

    private static boolean isExtendedArabicIndic(int c) {
        return c >= 0x6F0 && c <= 0x6F9;
    }

    private static boolean isLetterOrDigit(int c) {
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER,
                    Character.UPPERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.MODIFIER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    /** IgnorableBlocks, and those of Default_Ignorable_Code_Point that are letters or marks. */
    private static boolean isIgnorable(int c) {
        return (c >= 0x20D0 && c <= 0x20FF)
                || (c >= 0x1D100 && c <= 0x1D24F)
                || c == 0x34F
                || c == 0x17B4
                || c == 0x17B5
                || (c >= 0x180B && c <= 0x180F)
                || c == 0x3164
                || c == 0xFFA0
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0100 && c <= 0xE01EF);
    }

    private static boolean isOldHangulJamo(int c) {
        return (c >= 0x1100 && c <= 0x11FF)
                || (c >= 0xA960 && c <= 0xA97C)
                || (c >= 0xD7B0 && c <= 0xD7C6)
                || (c >= 0xD7CB && c <= 0xD7FB);
    }

    /** Whether a character is its own NFKC(casefold(NFKC)). */
    private static boolean isStable(int c) {
        String text = Character.toString(c);
        String folded = fold(Normalizer.normalize(text, Normalizer.Form.NFKC));
        return Normalizer.normalize(folded, Normalizer.Form.NFKC).equals(text);
    }

    /** Case folding (CaseFolding.txt, C and F): Cherokee folds to upper case, the dotless i not at all. */
    private static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String one = Character.toString(c);
            if (c == DOTLESS_I) {
                folded.append(one);
            } else if (UnicodeScript.of(c) == UnicodeScript.CHEROKEE) {
                folded.append(one.toUpperCase(Locale.ROOT));
            } else {
                folded.append(one.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
            }
        });
        return folded.toString();
    }

    /** The rules of RFC 5892, appendix A. */
    private static boolean isInContext(int[] label, int i) {
        int c = label[i];
        int before = i > 0 ? label[i - 1] : -1;
        int after = i + 1 < label.length ? label[i + 1] : -1;
        return switch (c) {
            case ZERO_WIDTH_NON_JOINER -> isVirama(before) || joinsAround(label, i);
            case ZERO_WIDTH_JOINER -> isVirama(before);
            case 0xB7 -> before == 'l' && after == 'l';
            case 0x375 -> after >= 0 && UnicodeScript.of(after) == UnicodeScript.GREEK;
            case 0x5F3, 0x5F4 -> before >= 0 && UnicodeScript.of(before) == UnicodeScript.HEBREW;
            case 0x30FB -> hasJapanese(label);
            default -> !mixesDigits(label);
        };
    }

    private static boolean hasJapanese(int[] label) {
        for (int c : label) {
            UnicodeScript script = UnicodeScript.of(c);
            if (script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA || script == UnicodeScript.HAN) {
                return true;
            }
        }
        return false;
    }

    private static boolean mixesDigits(int[] label) {
        boolean arabic = false;
        boolean extended = false;
        for (int c : label) {
            arabic |= isArabicIndic(c);
            extended |= isExtendedArabicIndic(c);
        }
        return arabic && extended;
    }

    /** Canonical_Combining_Class=Virama (DerivedCombiningClass.txt, class 9). */
    private static boolean isVirama(int c) {
        return switch (c) {
            case 0x94D, 0x9CD, 0xA4D, 0xACD, 0xB4D, 0xBCD, 0xC4D, 0xCCD, 0xD3B, 0xD3C, 0xD4D, 0xDCA, 0xE3A, 0xEBA ->
                true;
            case 0xF84, 0x1039, 0x103A, 0x1714, 0x1715, 0x1734, 0x17D2, 0x1A60, 0x1B44, 0x1BAA, 0x1BAB, 0x1BF2 -> true;
            case 0x1BF3, 0x2D7F, 0xA806, 0xA82C, 0xA8C4, 0xA953, 0xA9C0, 0xAAF6, 0xABED, 0x10A3F, 0x11046 -> true;
            case 0x11070, 0x1107F, 0x110B9, 0x11133, 0x11134, 0x111C0, 0x11235, 0x112EA, 0x1134D, 0x11442 -> true;
            case 0x114C2, 0x115BF, 0x1163F, 0x116B6, 0x1172B, 0x11839, 0x1193D, 0x1193E, 0x119E0, 0x11A34 -> true;
            case 0x11A47, 0x11A99, 0x11C3F, 0x11D44, 0x11D45, 0x11D97, 0x11F41, 0x11F42 -> true;
            default -> false;
        };
    }

    /** {@code (L|D) T* ZWNJ T* (R|D)} of appendix A.1, for the joining scripts. */
    private static boolean joinsAround(int[] label, int i) {
        int left = i - 1;
        while (left >= 0 && isTransparent(label[left])) {
            left--;
        }
        int right = i + 1;
        while (right < label.length && isTransparent(label[right])) {
            right++;
        }
        return left >= 0 && right < label.length && joinsNext(label[left]) && isJoining(label[right]);
    }

    private static boolean isTransparent(int c) {
        return Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static boolean isJoining(int c) {
        UnicodeScript script = UnicodeScript.of(c);
        boolean scriptJoins = script == UnicodeScript.ARABIC
                || script == UnicodeScript.SYRIAC
                || script == UnicodeScript.NKO
                || script == UnicodeScript.MANDAIC
                || script == UnicodeScript.MONGOLIAN
                || script == UnicodeScript.PHAGS_PA
                || script == UnicodeScript.ADLAM;
        return scriptJoins && Character.isLetter(c) && !isNonJoining(c);
    }

    private static boolean isNonJoining(int c) {
        return c == 0x621 || c == 0x674 || (c >= 0x6DD && c <= 0x6DE);
    }

    /** Whether a letter of a joining script is dual-joining, that is not one of the right-joining (ArabicShaping.txt). */
    private static boolean joinsNext(int c) {
        if (!isJoining(c)) {
            return false;
        }
        return switch (c) {
            case 0x622, 0x623, 0x624, 0x625, 0x627, 0x629, 0x62F, 0x630, 0x631, 0x632, 0x648, 0x671, 0x672, 0x673 ->
                false;
            case 0x675, 0x676, 0x677, 0x6C0, 0x6C3, 0x6CD, 0x6CF, 0x6D2, 0x6D3, 0x6D5, 0x6EE, 0x6EF -> false;
            case 0x710, 0x715, 0x716, 0x717, 0x718, 0x719, 0x71E, 0x728, 0x72A, 0x72C, 0x72F, 0x74D -> false;
            case 0x759, 0x75A, 0x75B, 0x76B, 0x76C, 0x771, 0x773, 0x774, 0x778, 0x779 -> false;
            default -> !((c >= 0x688 && c <= 0x699) || (c >= 0x6C4 && c <= 0x6CB));
        };
    }

    /** RFC 5893, section 2, where a label has a right-to-left character. */
    private static boolean obeysBidi(int[] label) {
        boolean rightToLeft = false;
        for (int c : label) {
            rightToLeft |= isStrongRight(c) || Character.getDirectionality(c) == Character.DIRECTIONALITY_ARABIC_NUMBER;
        }
        if (!rightToLeft) {
            return true;
        }
        int last = label.length - 1;
        while (last > 0 && Character.getDirectionality(label[last]) == Character.DIRECTIONALITY_NONSPACING_MARK) {
            last--;
        }
        if (!isStrongRight(label[0]) || (!isStrongRight(label[last]) && !isNumber(label[last]))) {
            return false;
        }
        boolean arabic = false;
        boolean european = false;
        for (int c : label) {
            byte direction = Character.getDirectionality(c);
            arabic |= direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
            european |= direction == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
            if (direction == Character.DIRECTIONALITY_LEFT_TO_RIGHT) {
                return false;
            }
        }
        return !(arabic && european);
    }

    private static boolean isStrongRight(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    private static boolean isNumber(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_EUROPEAN_NUMBER
                || direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
    }
}
