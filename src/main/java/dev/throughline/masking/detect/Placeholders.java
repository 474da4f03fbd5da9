package dev.throughline.masking.detect;

/**
 * What stands for a secret and is none: {@code ${VAR}}, {@code $VAR}, {@code $(cmd)}, {@code {{x}}}, {@code %VAR%}, {@code [LABEL]},
 * {@code <your-password>}. Only a complete one counts: a password may begin with any of these signs.
 */
final class Placeholders {
    private static final int BYTES_MAX = 80;

    private Placeholders() {}

    /** The end of the placeholders in a row that start at {@code from}, or {@code from}. */
    static int end(byte[] text, int from, int to) {
        int p = from;
        for (int next = one(text, p, to); next > p; next = one(text, p, to)) {
            p = next;
        }
        return p;
    }

    /** Whether a value is nothing but placeholders, or nothing but stars. */
    static boolean isWhole(byte[] text, int from, int to) {
        return end(text, from, to) == to || isStars(text, from, to);
    }

    private static boolean isStars(byte[] text, int from, int to) {
        for (int p = from; p < to; p++) {
            if (text[p] != '*') {
                return false;
            }
        }
        return true;
    }

    private static int one(byte[] text, int from, int to) {
        if (to - from < 2) {
            return -1;
        }
        byte second = text[from + 1];
        return switch (text[from]) {
            case '$' ->
                switch (second) {
                    case '{' -> braces(text, from + 1, to);
                    case '(' -> closed(text, from + 2, to, (byte) ')');
                    default -> variable(text, from + 1, to);
                };
            case '{' -> second == '{' ? braces(text, from, to) : slot(text, from, to);
            case '%' -> {
                int end = variable(text, from + 1, to);
                yield end > 0 && end < to && text[end] == '%' ? end + 1 : -1;
            }
            case '[' -> label(text, from, to);
            case '<' -> tag(text, from, to);
            default -> -1;
        };
    }

    /** {@code {x}} or {@code {{x}}}, from the first brace. */
    private static int braces(byte[] text, int from, int to) {
        if (from + 1 >= to || text[from + 1] != '{') {
            return closed(text, from + 1, to, (byte) '}');
        }
        int end = closed(text, from + 2, to, (byte) '}');
        return end > 0 && end < to && text[end] == '}' ? end + 1 : -1;
    }

    /** A name and what closes it. */
    private static int closed(byte[] text, int from, int to, byte close) {
        int stop = Math.min(to, from + BYTES_MAX);
        int p = from;
        while (p < stop && (Chars.base64Url(text[p]) || " .:/".indexOf(text[p]) >= 0)) {
            // A default behind the name is a value: ${PW:-secret}.
            if (text[p] == '-' && text[p - 1] == ':') {
                return -1;
            }
            p++;
        }
        return p > from && p < stop && text[p] == close ? p + 1 : -1;
    }

    /** {@code {}} and {@code {0}}, which loggers and formats fill. */
    private static int slot(byte[] text, int from, int to) {
        int p = from + 1;
        p += Chars.digit(text[p]) ? 1 : 0;
        return p < to && text[p] == '}' ? p + 1 : -1;
    }

    private static int variable(byte[] text, int from, int to) {
        int p = from;
        while (p < to && (Chars.upper(text[p]) || text[p] == '_' || (p > from && Chars.digit(text[p])))) {
            p++;
        }
        return p > from && (p == to || !Chars.alnum(text[p])) ? p : -1;
    }

    private static int label(byte[] text, int from, int to) {
        int end = variable(text, from + 1, to);
        return end > 0 && end < to && text[end] == ']' ? end + 1 : -1;
    }

    private static int tag(byte[] text, int from, int to) {
        int stop = Math.min(to, from + BYTES_MAX);
        int p = from + 1;
        while (p < stop && (Chars.letter(text[p]) || text[p] == '_' || text[p] == '-' || text[p] == ' ')) {
            p++;
        }
        return p > from + 1 && p < stop && text[p] == '>' ? p + 1 : -1;
    }
}
