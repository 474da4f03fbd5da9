package dev.throughline.ingest;

/**
 * Finds where a JSON value ends that cannot be put on a tape, by its brackets and quotes alone: in constant memory, however many tokens it
 * has and however deep they are. A value that is JSON is passed over exactly.
 */
final class ValueEnd {
    private ValueEnd() {}

    /** The offset after the value at {@code from}; -1 where it does not end before {@code to}, or cannot be JSON. */
    static int of(byte[] body, int from, int to) {
        int depth = 0;
        int at = from;
        while (at < to) {
            byte b = body[at];
            if (b == '"') {
                at = afterString(body, at + 1, to);
                if (at < 0) {
                    return -1;
                }
            } else if (b == '{' || b == '[') {
                depth++;
                at++;
            } else if (b == '}' || b == ']') {
                depth--;
                at++;
            } else {
                at++;
                if (depth > 0 || (at < to && !isAfterScalar(body[at]))) {
                    continue;
                }
            }
            if (depth <= 0) {
                return depth < 0 ? -1 : at;
            }
        }
        return -1;
    }

    private static boolean isAfterScalar(byte b) {
        return b <= ' ' || b == ',' || b == ']' || b == '}';
    }

    private static int afterString(byte[] body, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = body[at];
            if (b == '"') {
                return at + 1;
            }
            if (b == '\\') {
                at++;
            } else if (b >= 0 && b < ' ') {
                return -1; // A string without an end: the rest of the line is not it.
            }
        }
        return -1;
    }
}
