package dev.throughline.contract.format;

/** RFC 3986 (RFC 3987 with {@code international}): URI and URI-reference. */
final class UriSyntax {
    private static final String SUB_DELIMITERS = "!$&'()*+,;=";

    private final byte[] utf8;
    private final int from;
    private final int to;
    private final boolean international;

    UriSyntax(byte[] utf8, int from, int to, boolean international) {
        this.utf8 = utf8;
        this.from = from;
        this.to = to;
        this.international = international;
    }

    boolean isUri() {
        int colon = scheme();
        return colon > 0 && isRest(colon + 1, true);
    }

    boolean isReference() {
        return isUri() || isRest(from, false);
    }

    /** The offset of the colon after a scheme, or -1. */
    private int scheme() {
        int at = from;
        if (at == to || !StringFormat.isLetter(utf8[at])) {
            return -1;
        }
        while (at < to && isSchemeByte(utf8[at])) {
            at++;
        }
        return at < to && utf8[at] == ':' ? at : -1;
    }

    private static boolean isSchemeByte(byte b) {
        return StringFormat.isLetter(b) || StringFormat.isDigit(b) || b == '+' || b == '-' || b == '.';
    }

    private int indexOf(char c, int start, int stop) {
        int at = start;
        while (at < stop && utf8[at] != c) {
            at++;
        }
        return at;
    }

    private boolean isRest(int start, boolean afterScheme) {
        int fragment = indexOf('#', start, to);
        int query = indexOf('?', start, fragment);
        if ((fragment < to && !isText(fragment + 1, to, ":@/?", false))
                || (query < fragment && !isText(query + 1, fragment, ":@/?", true))) {
            return false;
        }
        if (query - start >= 2 && utf8[start] == '/' && utf8[start + 1] == '/') {
            int path = indexOf('/', start + 2, query);
            return isAuthority(start + 2, path) && isText(path, query, ":@/", false);
        }
        if (!afterScheme && indexOf(':', start, query) < indexOf('/', start, query)) {
            return false;
        }
        return isText(start, query, ":@/", false);
    }

    private boolean isAuthority(int start, int stop) {
        int at = indexOf('@', start, stop);
        int host = start;
        if (at < stop) {
            if (!isText(start, at, ":", false)) {
                return false;
            }
            host = at + 1;
        }
        int port = stop;
        if (host < stop && utf8[host] == '[') {
            int close = indexOf(']', host, stop);
            if (close == stop || !isIpLiteral(host + 1, close)) {
                return false;
            }
            port = close + 1;
            if (port < stop && utf8[port] != ':') {
                return false;
            }
        } else {
            port = indexOf(':', host, stop);
            if (!isText(host, port, "", false)) {
                return false;
            }
        }
        for (int i = port + 1; i < stop; i++) {
            if (!StringFormat.isDigit(utf8[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean isIpLiteral(int start, int stop) {
        if (start < stop && (utf8[start] | 0x20) == 'v') {
            int dot = indexOf('.', start, stop);
            for (int i = start + 1; i < dot; i++) {
                if (!StringFormat.isHex(utf8[i])) {
                    return false;
                }
            }
            return dot > start + 1 && dot + 1 < stop && isPlain(dot + 1, stop, ":");
        }
        return IpAddresses.isIpv6(utf8, start, stop);
    }

    private boolean isPlain(int start, int stop, String extra) {
        for (int at = start; at < stop; at++) {
            if (!isUnreserved(utf8[at]) && SUB_DELIMITERS.indexOf(utf8[at]) < 0 && extra.indexOf(utf8[at]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(byte b) {
        return StringFormat.isLetter(b) || StringFormat.isDigit(b) || b == '-' || b == '.' || b == '_' || b == '~';
    }

    private boolean isText(int start, int stop, String extra, boolean privateUse) {
        for (int at = start; at < stop; at++) {
            byte b = utf8[at];
            if (b == '%') {
                if (stop - at < 3 || !StringFormat.isHex(utf8[at + 1]) || !StringFormat.isHex(utf8[at + 2])) {
                    return false;
                }
                at += 2;
            } else if (b < 0) {
                int length = international ? ucsLength(utf8, at, stop, privateUse) : -1;
                if (length < 0) {
                    return false;
                }
                at += length - 1;
            } else if (!isUnreserved(b) && SUB_DELIMITERS.indexOf(b) < 0 && extra.indexOf(b) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The length of a ucschar (with {@code privateUse}, an iprivate too), or -1 where it is none. */
    static int ucsLength(byte[] utf8, int at, int stop, boolean privateUse) {
        int lead = utf8[at] & 0xFF;
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (stop - at < length) {
            return -1;
        }
        int c = lead & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            c = c << 6 | (utf8[at + i] & 0x3F);
        }
        boolean ucs = (c >= 0xA0 && c <= 0xD7FF)
                || (c >= 0xF900 && c <= 0xFDCF)
                || (c >= 0xFDF0 && c <= 0xFFEF)
                || (c >= 0x10000 && c <= 0xEFFFD && (c & 0xFFFF) <= 0xFFFD && (c >> 16 != 0xE || c >= 0xE1000));
        boolean isPrivate = (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xF0000 && (c & 0xFFFF) <= 0xFFFD);
        return ucs || (privateUse && isPrivate) ? length : -1;
    }
}
