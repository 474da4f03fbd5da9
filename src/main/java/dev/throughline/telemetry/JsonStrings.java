package dev.throughline.telemetry;

import java.nio.charset.StandardCharsets;

/** The inside of JSON strings: escapes (RFC 8259, section 7) and UTF-8 (RFC 3629, section 4). */
public final class JsonStrings {
    private JsonStrings() {}

    /** The length of the escape at {@code at} (a backslash): 2, or 6 for {@code \\uXXXX}; -1 where it is malformed. */
    static int escapeLength(byte[] source, int at, int end) {
        if (end - at < 2) {
            return -1;
        }
        return switch (source[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
            case 'u' -> end - at >= 6 && hex4(source, at + 2) >= 0 ? 6 : -1;
            default -> -1;
        };
    }

    private static int hex4(byte[] source, int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(source[at + i], 16);
            if (digit < 0 || source[at + i] < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** The length of the multi-byte sequence at {@code at}, or -1 where it is not well-formed UTF-8. */
    static int utf8Length(byte[] source, int at, int end) {
        int lead = source[at] & 0xFF;
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || end - at < length) {
            return -1;
        }
        int second = source[at + 1] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return -1;
        }
        for (int i = 2; i < length; i++) {
            if ((source[at + i] & 0xC0) != 0x80) {
                return -1;
            }
        }
        return length;
    }

    /** Decodes the escapes of a well-formed string's content. A lone surrogate stays one. */
    public static String unescape(String written) {
        StringBuilder text = new StringBuilder(written.length());
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char e = written.charAt(++i);
            switch (e) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(written.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(e);
            }
        }
        return text.toString();
    }

    /** The text as a quoted JSON string, in UTF-8. */
    public static byte[] quote(String text) {
        JsonWriter out = new JsonWriter(text.length() + 16);
        out.string(text);
        return out.toByteArray();
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
