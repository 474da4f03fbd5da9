package dev.throughline.contract.format;

/** IPv4 in dotted decimals without leading zeros (RFC 2673), IPv6 without zone (RFC 4291, 2.2). */
final class IpAddresses {
    private IpAddresses() {}

    static boolean isIpv4(byte[] utf8, int from, int to) {
        if (to - from > 15) {
            return false;
        }
        int at = from;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (at >= to || utf8[at++] != '.')) {
                return false;
            }
            int first = at;
            int value = 0;
            while (at < to && StringFormat.isDigit(utf8[at])) {
                value = value * 10 + (utf8[at++] - '0');
            }
            if (at == first || value > 255 || (at - first > 1 && utf8[first] == '0')) {
                return false;
            }
        }
        return at == to;
    }

    static boolean isIpv6(byte[] utf8, int from, int to) {
        if (to - from < 2 || to - from > 45) {
            return false;
        }
        int groups = 0;
        boolean gap = false;
        int at = from;
        if (utf8[at] == ':') {
            if (utf8[at + 1] != ':') {
                return false;
            }
            gap = true;
            at += 2;
        }
        while (at < to) {
            int first = at;
            while (at < to && StringFormat.isHex(utf8[at])) {
                at++;
            }
            if (at < to && utf8[at] == '.') {
                groups += 2;
                return isIpv4(utf8, first, to) && (gap ? groups <= 7 : groups == 8);
            }
            if (at == first || at - first > 4 || ++groups > 8) {
                return false;
            }
            if (at == to) {
                break;
            }
            if (utf8[at++] != ':' || at == to) {
                return false;
            }
            if (utf8[at] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                at++;
            }
        }
        return gap ? groups <= 7 : groups == 8;
    }
}
