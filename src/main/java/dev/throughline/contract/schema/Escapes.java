package dev.throughline.contract.schema;

/** Decodes JSON escapes to UTF-8; a lone surrogate becomes three bytes, so that no two texts become one. */
final class Escapes {
    private Escapes() {}

    /** Decodes well-formed string content; returns the length. The text is never longer than the source. */
    static int decode(byte[] source, int from, int to, byte[] target) {
        int out = 0;
        for (int at = from; at < to; ) {
            byte b = source[at];
            if (b != '\\') {
                target[out++] = b;
                at++;
                continue;
            }
            byte kind = source[at + 1];
            at += 2;
            if (kind != 'u') {
                target[out++] = simple(kind);
                continue;
            }
            int c = hex4(source, at);
            at += 4;
            if (c >= 0xD800 && c < 0xDC00 && to - at >= 6 && source[at] == '\\' && source[at + 1] == 'u') {
                int low = hex4(source, at + 2);
                if (low >= 0xDC00 && low < 0xE000) {
                    c = Character.toCodePoint((char) c, (char) low);
                    at += 6;
                }
            }
            out = encode(c, target, out);
        }
        return out;
    }

    private static byte simple(byte kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }

    private static int hex4(byte[] source, int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 4 | Character.digit(source[at + i], 16);
        }
        return value;
    }

    private static int encode(int c, byte[] target, int at) {
        int out = at;
        if (c < 0x80) {
            target[out++] = (byte) c;
        } else if (c < 0x800) {
            target[out++] = (byte) (0xC0 | c >> 6);
            target[out++] = (byte) (0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            target[out++] = (byte) (0xE0 | c >> 12);
            target[out++] = (byte) (0x80 | (c >> 6 & 0x3F));
            target[out++] = (byte) (0x80 | (c & 0x3F));
        } else {
            target[out++] = (byte) (0xF0 | c >> 18);
            target[out++] = (byte) (0x80 | (c >> 12 & 0x3F));
            target[out++] = (byte) (0x80 | (c >> 6 & 0x3F));
            target[out++] = (byte) (0x80 | (c & 0x3F));
        }
        return out;
    }
}
