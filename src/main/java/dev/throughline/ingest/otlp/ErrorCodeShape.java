package dev.throughline.ingest.otlp;

/** The shape of an error code (requirements, section L): {@code [A-Z][A-Z0-9_]{1,63}}. */
final class ErrorCodeShape {
    private static final int CHARACTERS_MAX = 64;

    private ErrorCodeShape() {}

    static boolean matches(byte[] text, int from, int to) {
        if (to - from < 2 || to - from > CHARACTERS_MAX || text[from] < 'A' || text[from] > 'Z') {
            return false;
        }
        for (int at = from + 1; at < to; at++) {
            byte b = text[at];
            if ((b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '_') {
                return false;
            }
        }
        return true;
    }
}
