package dev.throughline.masking.detect;

/**
 * A text as a reader would see it: percent-encoding and literal {@code \\uXXXX} decoded, full-width forms and foreign digits
 * made ASCII, special blanks and dashes plain, invisible characters gone; with the place of each byte in the original. Reused,
 * not thread-safe.
 */
final class Disguise {
    private static final int LAYERS_MAX = 3;

    private byte[] plain = new byte[256];
    private int[] origin = new int[257];
    private int length;

    byte[] text() {
        return plain;
    }

    int length() {
        return length;
    }

    /** Where in the original the byte at {@code p} starts; for the length, the end. */
    int origin(int p) {
        return origin[p];
    }

    /** Whether something at {@code p} is disguised. */
    static boolean isAt(byte[] text, int p, int to) {
        return unit(text, p, to) != 0;
    }

    /** Takes off up to three layers. */
    void uncover(byte[] text, int from, int to) {
        if (plain.length < to - from) {
            plain = new byte[(to - from) * 2];
            origin = new int[(to - from) * 2 + 1];
        }
        length = to - from;
        System.arraycopy(text, from, plain, 0, length);
        for (int i = 0; i <= length; i++) {
            origin[i] = from + i;
        }
        for (int layer = 0; layer < LAYERS_MAX && peel(); layer++) {}
    }

    private boolean peel() {
        int out = 0;
        int p = 0;
        boolean changed = false;
        while (p < length) {
            int unit = unit(plain, p, length);
            int taken = unit == 0 ? 1 : unit >>> 24;
            int start = origin[p];
            if (unit == 0) {
                plain[out] = plain[p];
                origin[out++] = start;
            } else {
                changed = true;
                out = put(unit & 0xFFFF, (unit & RAW) != 0, out, start);
            }
            p += taken;
        }
        origin[out] = origin[length];
        length = out;
        return changed;
    }

    private int put(int value, boolean raw, int at, int start) {
        int out = at;
        if (value == NOTHING) {
            return out;
        }
        if (value < 0x80 || raw) {
            plain[out] = (byte) value;
            origin[out++] = start;
        } else if (value < 0x800) {
            plain[out] = (byte) (0xC0 | (value >> 6));
            origin[out++] = start;
            plain[out] = (byte) (0x80 | (value & 0x3F));
            origin[out++] = start;
        } else {
            plain[out] = (byte) (0xE0 | (value >> 12));
            origin[out++] = start;
            plain[out] = (byte) (0x80 | ((value >> 6) & 0x3F));
            origin[out++] = start;
            plain[out] = (byte) (0x80 | (value & 0x3F));
            origin[out++] = start;
        }
        return out;
    }

    /** The character that stands for none. */
    private static final int NOTHING = 0xFFFF;

    /** The value is a byte of UTF-8, not a character. */
    private static final int RAW = 1 << 16;

    private static int unit(int taken, int value) {
        return taken << 24 | value;
    }

    /** Bytes taken (high byte) and the character they stand for; 0 where they stand for themselves. */
    private static int unit(byte[] text, int p, int to) {
        byte b = text[p];
        int left = to - p;
        return switch (b) {
            case '%' ->
                left > 2 && Chars.hex(text[p + 1]) && Chars.hex(text[p + 2])
                        ? unit(3, RAW | Chars.hexValue(text[p + 1]) << 4 | Chars.hexValue(text[p + 2]))
                        : 0;
            case '\\' -> left > 1 ? escape(text, p, left) : 0;
            case '+' -> left > 1 && p > 0 && isBlankOfQuery(text[p - 1], text[p + 1]) ? unit(1, ' ') : 0;
            default ->
                b < 0 ? special(b & 0xFF, left > 1 ? text[p + 1] & 0xFF : 0, left > 2 ? text[p + 2] & 0xFF : 0) : 0;
        };
    }

    /** A plus inside a number, as query strings write a blank. */
    private static boolean isBlankOfQuery(byte before, byte after) {
        return Chars.alnum(before) && Chars.alnum(after) && (Chars.digit(before) || Chars.digit(after));
    }

    private static int escape(byte[] text, int p, int left) {
        byte next = text[p + 1];
        if (next == 'u' && left > 5) {
            int value = 0;
            for (int i = 2; i < 6; i++) {
                if (!Chars.hex(text[p + i])) {
                    return 0;
                }
                value = value << 4 | Chars.hexValue(text[p + i]);
            }
            return unit(6, value == NOTHING || value == 0 ? ' ' : value);
        }
        return switch (next) {
            case 'n', 'r', 't' -> unit(2, ' ');
            case '"', '/', '\\', '\'' -> unit(2, next);
            default -> 0;
        };
    }

    private static int special(int a, int b, int c) {
        return switch (a) {
            case 0xC2 -> b == 0xA0 ? unit(2, ' ') : b == 0xAD ? unit(2, NOTHING) : 0;
            case 0xD9 -> b >= 0xA0 && b <= 0xA9 ? unit(2, '0' + b - 0xA0) : 0;
            case 0xDB -> b >= 0xB0 && b <= 0xB9 ? unit(2, '0' + b - 0xB0) : 0;
            case 0xE0 -> b == 0xA5 && c >= 0xA6 && c <= 0xAF ? unit(3, '0' + c - 0xA6) : 0;
            case 0xE2 -> punctuation(b, c);
            case 0xE3 -> b == 0x80 && c == 0x80 ? unit(3, ' ') : 0;
            case 0xEF -> fullWidth(b, c);
            default -> 0;
        };
    }

    private static int punctuation(int b, int c) {
        if (b == 0x80) {
            boolean blank = (c >= 0x80 && c <= 0x8A) || c == 0xAF;
            boolean invisible = c >= 0x8B && c <= 0x8F;
            boolean dash = c >= 0x90 && c <= 0x95;
            return blank ? unit(3, ' ') : invisible ? unit(3, NOTHING) : dash ? unit(3, '-') : 0;
        }
        return b == 0x81 && c >= 0xA0 && c <= 0xA4 ? unit(3, NOTHING) : b == 0x88 && c == 0x92 ? unit(3, '-') : 0;
    }

    private static int fullWidth(int b, int c) {
        if (b == 0xBC && c >= 0x81) {
            return unit(3, 0x21 + c - 0x81);
        }
        if (b == 0xBD && c <= 0x9E) {
            return unit(3, 0x60 + c - 0x80);
        }
        return b == 0xBB && c == 0xBF ? unit(3, NOTHING) : 0;
    }
}
