package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;

/** Numbers that senders put into string attributes, for the fields that are numbers in the schema. */
final class NumberText {
    private static final int DIGITS_MAX = 15;

    private NumberText() {}

    /**
     * Where the JSON at {@code from} … end is a string that is a plain decimal number (no sign but minus, no leading zero, no
     * exponent, at most fifteen digits), takes the quotes away and is true.
     */
    static boolean unquote(JsonWriter out, int from, boolean integer) {
        byte[] bytes = out.bytes();
        int to = out.length();
        if (bytes[from] != '"' || !isPlain(bytes, from + 1, to - 1, integer)) {
            return false;
        }
        System.arraycopy(bytes, from + 1, bytes, from, to - from - 2);
        out.truncate(to - 2);
        return true;
    }

    private static boolean isPlain(byte[] text, int from, int to, boolean integer) {
        int at = from < to && text[from] == '-' ? from + 1 : from;
        int whole = digits(text, at, to);
        if (whole == at || to - at > DIGITS_MAX + 1 || (text[at] == '0' && whole > at + 1)) {
            return false;
        }
        if (whole == to) {
            return to - at <= DIGITS_MAX;
        }
        int fraction = digits(text, whole + 1, to);
        return !integer && text[whole] == '.' && fraction == to && fraction > whole + 1;
    }

    private static int digits(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }
}
