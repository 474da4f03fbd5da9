package dev.throughline.access;

/**
 * Whether a request's target has its normal form (RFC 3986, section 6.2): an absolute path in which no two spellings mean one
 * resource. Servers and their libraries differ in what they make of matrix parameters, encoded slashes and dots, empty segments, dot segments,
 * backslashes and control characters; nobody needs them here, so such a target is refused and nothing has to agree on its meaning.
 * This is a second line: that nothing is answered without an identity does not rest on it.
 */
final class RequestTarget {
    private static final String EXTRA = "-_.~!$&'()*+,=:@/";

    private RequestTarget() {}

    static boolean isNormal(String target) {
        if (target.isEmpty() || target.charAt(0) != '/') {
            return false;
        }
        int segment = 1;
        int at = 1;
        for (; at < target.length() && target.charAt(at) != '?'; at++) {
            char c = target.charAt(at);
            if (c == '/') {
                if (isEmptyOrDots(target, segment, at)) {
                    return false;
                }
                segment = at + 1;
            } else if (c == '%') {
                if (!isHarmlessEscape(target, at)) {
                    return false;
                }
                at += 2;
            } else if (!isPlain(c)) {
                return false;
            }
        }
        return (segment == at || !isEmptyOrDots(target, segment, at)) && isReadableQuery(target, at);
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || EXTRA.indexOf(c) >= 0;
    }

    private static boolean isEmptyOrDots(String target, int from, int to) {
        return switch (to - from) {
            case 0 -> true;
            case 1 -> target.charAt(from) == '.';
            case 2 -> target.charAt(from) == '.' && target.charAt(from + 1) == '.';
            default -> false;
        };
    }

    /** An escape of neither a control character nor one that some decoder gives a meaning in a path. */
    private static boolean isHarmlessEscape(String target, int at) {
        int value = escaped(target, at);
        return value >= 0x20 && value != 0x7f && "/\\.;%?#".indexOf(value) < 0;
    }

    /** The byte; -1 where it is no escape. */
    private static int escaped(String target, int at) {
        if (at + 2 >= target.length()) {
            return -1;
        }
        int high = Character.digit(target.charAt(at + 1), 16);
        int low = Character.digit(target.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean isReadableQuery(String target, int from) {
        for (int at = from; at < target.length(); at++) {
            char c = target.charAt(at);
            if (c <= 0x20 || c >= 0x7f || (c == '%' && escaped(target, at) < 0)) {
                return false;
            }
        }
        return true;
    }
}
