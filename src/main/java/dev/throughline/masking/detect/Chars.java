package dev.throughline.masking.detect;

/** Classes of ASCII bytes; a byte of a multi-byte character is in none. */
final class Chars {
    private static final byte DIGIT = 1;
    private static final byte UPPER = 2;
    private static final byte LOWER = 4;
    private static final byte HEX = 8;
    private static final byte SYMBOL = 16;
    private static final byte LOCAL = 32;
    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = '0'; c <= '9'; c++) {
            CLASS[c] = DIGIT | HEX | LOCAL;
        }
        for (int c = 'A'; c <= 'Z'; c++) {
            CLASS[c] = UPPER | LOCAL;
            CLASS[c + 32] = LOWER | LOCAL;
        }
        for (int c = 'A'; c <= 'F'; c++) {
            CLASS[c] |= HEX;
            CLASS[c + 32] |= HEX;
        }
        for (char c : "-_".toCharArray()) {
            CLASS[c] = SYMBOL | LOCAL;
        }
        for (char c : ".+%".toCharArray()) {
            CLASS[c] = LOCAL;
        }
    }

    private Chars() {}

    static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean letter(byte b) {
        return (CLASS[b & 0xFF] & (UPPER | LOWER)) != 0;
    }

    static boolean upper(byte b) {
        return (CLASS[b & 0xFF] & UPPER) != 0;
    }

    static boolean lower(byte b) {
        return (CLASS[b & 0xFF] & LOWER) != 0;
    }

    static boolean alnum(byte b) {
        return (CLASS[b & 0xFF] & (UPPER | LOWER | DIGIT)) != 0;
    }

    static boolean hex(byte b) {
        return (CLASS[b & 0xFF] & HEX) != 0;
    }

    /** Of a base64url text: letters, digits, {@code -} and {@code _}. */
    static boolean base64Url(byte b) {
        return (CLASS[b & 0xFF] & (UPPER | LOWER | DIGIT | SYMBOL)) != 0;
    }

    /** Of an e-mail's local part, as it is met in practice. */
    static boolean emailLocal(byte b) {
        return (CLASS[b & 0xFF] & LOCAL) != 0;
    }

    static byte toUpper(byte b) {
        return lower(b) ? (byte) (b - 32) : b;
    }

    static byte toLower(byte b) {
        return upper(b) ? (byte) (b + 32) : b;
    }

    static int hexValue(byte b) {
        return digit(b) ? b - '0' : (b | 0x20) - 'a' + 10;
    }

    /** Whether the text at {@code at} is this ASCII word, letters in either case; the word is lower case. */
    static boolean matchesIgnoringCase(byte[] text, int at, int to, byte[] word) {
        if (at < 0 || to - at < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (toLower(text[at + i]) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text at {@code at} is exactly this. */
    static boolean matches(byte[] text, int at, int to, byte[] word) {
        if (at < 0 || to - at < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (text[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }
}
