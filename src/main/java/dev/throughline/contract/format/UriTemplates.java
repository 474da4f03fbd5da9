package dev.throughline.contract.format;

/** RFC 6570: literals and expressions of every level, reserved operators included. */
final class UriTemplates {
    private static final String OPERATORS = "+#./;?&=,!@|";
    private static final String FORBIDDEN_LITERALS = "\"'<>\\^`{|}";
    private static final int PREFIX_DIGITS_MAX = 4;

    private UriTemplates() {}

    static boolean isTemplate(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to) {
            at = utf8[at] == '{' ? expression(utf8, at + 1, to) : literal(utf8, at, to);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    private static int literal(byte[] utf8, int at, int to) {
        byte b = utf8[at];
        if (b == '%') {
            return isEncoded(utf8, at, to) ? at + 3 : -1;
        }
        if (b < 0) {
            int length = UriSyntax.ucsLength(utf8, at, to, true);
            return length < 0 ? -1 : at + length;
        }
        return b <= ' ' || b == 0x7F || FORBIDDEN_LITERALS.indexOf(b) >= 0 ? -1 : at + 1;
    }

    private static boolean isEncoded(byte[] utf8, int at, int to) {
        return to - at >= 3 && StringFormat.isHex(utf8[at + 1]) && StringFormat.isHex(utf8[at + 2]);
    }

    private static int expression(byte[] utf8, int from, int to) {
        int at = from < to && OPERATORS.indexOf(utf8[from]) >= 0 ? from + 1 : from;
        while (true) {
            at = variable(utf8, at, to);
            if (at < 0 || at >= to) {
                return -1;
            }
            if (utf8[at] == '}') {
                return at + 1;
            }
            if (utf8[at++] != ',') {
                return -1;
            }
        }
    }

    private static int variable(byte[] utf8, int from, int to) {
        int at = from;
        boolean due = true;
        while (at < to) {
            byte b = utf8[at];
            if (StringFormat.isLetter(b) || StringFormat.isDigit(b) || b == '_') {
                at++;
                due = false;
            } else if (b == '%' && isEncoded(utf8, at, to)) {
                at += 3;
                due = false;
            } else if (b == '.' && !due) {
                at++;
                due = true;
            } else {
                break;
            }
        }
        if (due) {
            return -1;
        }
        if (at < to && utf8[at] == '*') {
            return at + 1;
        }
        return at < to && utf8[at] == ':' ? prefix(utf8, at + 1, to) : at;
    }

    private static int prefix(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && StringFormat.isDigit(utf8[at])) {
            at++;
        }
        return at == from || at - from > PREFIX_DIGITS_MAX || utf8[from] == '0' ? -1 : at;
    }
}
