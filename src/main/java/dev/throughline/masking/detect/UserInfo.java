package dev.throughline.masking.detect;

/** The user information of a URL (RFC 3986, 3.2.1): {@code scheme://user:password@host}. */
final class UserInfo {
    private static final int BYTES_MAX = 1_024;

    private UserInfo() {}

    /** The last {@code @} of the authority that starts at {@code from}, or -1. */
    static int at(byte[] text, int from, int to) {
        int stop = Math.min(to, from + BYTES_MAX);
        int found = -1;
        int p = from;
        while (p < stop && text[p] != '/' && text[p] != '?' && text[p] != '#' && !isEnd(text[p])) {
            if (text[p] == '@') {
                found = p;
            }
            p++;
        }
        return found >= 0 || p >= stop || isEnd(text[p]) ? found : afterSlash(text, from, p, stop);
    }

    /** A password may hold a slash that should have been encoded: then what follows the colon is no port. */
    private static int afterSlash(byte[] text, int from, int slash, int stop) {
        int colon = colon(text, from, slash);
        if (colon < 0) {
            return -1;
        }
        for (int p = colon + 1; p < slash; p++) {
            if (!Chars.digit(text[p])) {
                for (int q = slash; q < stop && !isEnd(text[q]); q++) {
                    if (text[q] == '@') {
                        return q;
                    }
                }
                return -1;
            }
        }
        return -1;
    }

    private static boolean isEnd(byte b) {
        return (b >= 0 && b <= ' ') || b == '"' || b == '\'' || b == '<' || b == '>' || b == '`';
    }

    /** The first colon in a range, or -1. */
    static int colon(byte[] text, int from, int to) {
        for (int p = from; p < to; p++) {
            if (text[p] == ':') {
                return p;
            }
        }
        return -1;
    }

    /** Whether there is a dot in a range. */
    static boolean isDotted(byte[] text, int from, int to) {
        for (int p = from; p < to; p++) {
            if (text[p] == '.') {
                return true;
            }
        }
        return false;
    }
}
