package dev.throughline.masking;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;

/** Decodes the escapes of a well-formed JSON string to UTF-8. */
final class DecodedText {
    private DecodedText() {}

    /** A surrogate without its other half becomes U+FFFD. */
    static void decode(byte[] source, int from, int to, JsonWriter out) {
        out.reset();
        int plain = from;
        int p = from;
        while (p < to) {
            if (source[p] != '\\') {
                p++;
                continue;
            }
            out.raw(source, plain, p);
            byte e = source[p + 1];
            if (e == 'u') {
                p = unicode(source, p, to, out);
            } else {
                out.raw(simple(e));
                p += 2;
            }
            plain = p;
        }
        out.raw(source, plain, to);
    }

    private static byte simple(byte escape) {
        return switch (escape) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escape;
        };
    }

    private static int unicode(byte[] source, int at, int to, JsonWriter out) {
        int unit = hex4(source, at + 2);
        int after = at + 6;
        int point = unit;
        if (unit >= 0xD800 && unit < 0xE000) {
            point = 0xFFFD;
            boolean pair = unit < 0xDC00 && to - after >= 6 && source[after] == '\\' && source[after + 1] == 'u';
            int low = pair ? hex4(source, after + 2) : 0;
            if (low >= 0xDC00 && low < 0xE000) {
                point = Character.toCodePoint((char) unit, (char) low);
                after += 6;
            }
        }
        utf8(point, out);
        return after;
    }

    private static void utf8(int point, JsonWriter out) {
        if (point < 0x80) {
            out.raw((byte) point);
        } else if (point < 0x800) {
            out.raw((byte) (0xC0 | (point >> 6))).raw((byte) (0x80 | (point & 0x3F)));
        } else if (point < 0x10000) {
            out.raw((byte) (0xE0 | (point >> 12)))
                    .raw((byte) (0x80 | ((point >> 6) & 0x3F)))
                    .raw((byte) (0x80 | (point & 0x3F)));
        } else {
            out.raw((byte) (0xF0 | (point >> 18))).raw((byte) (0x80 | ((point >> 12) & 0x3F)));
            out.raw((byte) (0x80 | ((point >> 6) & 0x3F))).raw((byte) (0x80 | (point & 0x3F)));
        }
    }

    private static int hex4(byte[] source, int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = (value << 4) | Character.digit(source[at + i], 16);
        }
        return value;
    }

    /** Whether a text begins as a JSON object or array does. */
    static boolean mayBeJson(byte[] source, int from, int to) {
        int first = JsonTape.skipBlanks(source, from, to);
        return to - first > 3 && (source[first] == '{' || source[first] == '[');
    }
}
