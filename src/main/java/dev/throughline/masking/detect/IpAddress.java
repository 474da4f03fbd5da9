package dev.throughline.masking.detect;

/** IPv4 in dotted decimals and IPv6 in the forms of RFC 4291, section 2.2. Loopback and unspecified addresses are nobody's. */
final class IpAddress {
    private IpAddress() {}

    /** The end of the dotted IPv4 address that starts at {@code at}, or -1 where there is none or it goes on. */
    static int v4End(byte[] text, int at, int to) {
        int end = v4Octets(text, at, to);
        if (end < 0) {
            return -1;
        }
        boolean goesOn = end < to
                && (Chars.alnum(text[end])
                        || text[end] == '_'
                        || ((text[end] == '.' || text[end] == '-') && end + 1 < to && Chars.alnum(text[end + 1])));
        return goesOn ? -1 : end;
    }

    private static int v4Octets(byte[] text, int at, int to) {
        int p = at;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0) {
                if (p >= to || text[p] != '.') {
                    return -1;
                }
                p++;
            }
            int from = p;
            int value = 0;
            while (p < to && p - from < 4 && Chars.digit(text[p])) {
                value = value * 10 + text[p++] - '0';
            }
            boolean leadingZero = p - from > 1 && text[from] == '0';
            if (p == from || p - from > 3 || value > 255 || leadingZero) {
                return -1;
            }
        }
        return p;
    }

    /** Whether an IPv4 address names a host or network of somebody: not loopback, unspecified, or a mask. */
    static boolean v4IsSomebody(byte[] text, int at) {
        int first = 0;
        for (int p = at; Chars.digit(text[p]); p++) {
            first = first * 10 + text[p] - '0';
        }
        return first != 0 && first != 127 && first != 255;
    }

    /** The end of the IPv6 address that starts at {@code at} (a hex digit or a colon), or -1. */
    static int v6End(byte[] text, int at, int to) {
        int groups = 0;
        boolean gap = false;
        boolean digit = false;
        int p = at;
        int good = -1;
        while (p < to && groups < 8) {
            if (text[p] == ':' && p + 1 < to && text[p + 1] == ':') {
                if (gap) {
                    return -1;
                }
                gap = true;
                p += 2;
                good = p;
                continue;
            }
            if (groups > 0 && text[p - 1] != ':') {
                if (text[p] != ':') {
                    break;
                }
                p++;
            }
            int from = p;
            while (p < to && p - from < 5 && Chars.hex(text[p])) {
                digit |= Chars.digit(text[p]);
                p++;
            }
            if (p == from) {
                p = good;
                break;
            }
            if (p < to && text[p] == '.' && groups <= 6) {
                int end = v4Octets(text, from, to);
                if (end > 0) {
                    p = end;
                    groups += 2;
                    good = p;
                    break;
                }
            }
            if (p - from > 4) {
                return -1;
            }
            groups++;
            good = p;
        }
        boolean whole = gap ? groups >= 1 && groups < 8 : groups == 8;
        if (!whole || good < 0 || goesOn(text, good, to) || (!digit && groups < 3) || isLoopback(text, at, good)) {
            return -1;
        }
        return zoneEnd(text, good, to);
    }

    private static boolean goesOn(byte[] text, int end, int to) {
        return end < to
                && (Chars.alnum(text[end])
                        || text[end] == '_'
                        || (text[end] == ':' && end + 1 < to && Chars.alnum(text[end + 1])));
    }

    private static boolean isLoopback(byte[] text, int at, int end) {
        return end - at == 3 && text[at] == ':' && text[at + 2] == '1';
    }

    private static int zoneEnd(byte[] text, int end, int to) {
        if (end + 1 >= to || text[end] != '%' || !Chars.alnum(text[end + 1])) {
            return end;
        }
        int p = end + 1;
        while (p < to && Chars.alnum(text[p])) {
            p++;
        }
        return p;
    }
}
