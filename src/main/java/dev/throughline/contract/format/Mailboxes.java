package dev.throughline.contract.format;

/** Mailbox of RFC 5321, 4.1.2; with letters beyond ASCII, of RFC 6531. */
final class Mailboxes {
    private static final int LOCAL_PART_BYTES_MAX = 64;
    private static final String ATOM_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private Mailboxes() {}

    static boolean isMailbox(byte[] utf8, int from, int to, boolean international) {
        int at = from < to && utf8[from] == '"'
                ? quoted(utf8, from, to, international)
                : atoms(utf8, from, to, international);
        if (at <= from || at >= to - 1 || utf8[at] != '@' || at - from > LOCAL_PART_BYTES_MAX) {
            return false;
        }
        int domain = at + 1;
        if (utf8[domain] == '[') {
            return utf8[to - 1] == ']' && isLiteral(utf8, domain + 1, to - 1);
        }
        return international ? Hostnames.isIdnHostname(utf8, domain, to) : Hostnames.isHostname(utf8, domain, to);
    }

    private static int atoms(byte[] utf8, int from, int to, boolean international) {
        int at = from;
        while (true) {
            int first = at;
            while (at < to && isAtom(utf8[at], international)) {
                at++;
            }
            if (at == first) {
                return -1;
            }
            if (at == to || utf8[at] != '.') {
                return at;
            }
            at++;
        }
    }

    private static boolean isAtom(byte b, boolean international) {
        return b < 0
                ? international
                : StringFormat.isLetter(b) || StringFormat.isDigit(b) || ATOM_SPECIALS.indexOf(b) >= 0;
    }

    private static int quoted(byte[] utf8, int from, int to, boolean international) {
        for (int at = from + 1; at < to; at++) {
            byte b = utf8[at];
            if (b == '"') {
                return at + 1;
            }
            if (b == '\\') {
                at++;
                if (at == to || utf8[at] < 0x20 || utf8[at] == 0x7F) {
                    return -1;
                }
            } else if (b < 0 ? !international : b < 0x20 || b == 0x7F) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isLiteral(byte[] utf8, int from, int to) {
        boolean tagged = to - from > 5
                && (utf8[from] | 0x20) == 'i'
                && (utf8[from + 1] | 0x20) == 'p'
                && (utf8[from + 2] | 0x20) == 'v'
                && utf8[from + 3] == '6'
                && utf8[from + 4] == ':';
        return tagged ? IpAddresses.isIpv6(utf8, from + 5, to) : IpAddresses.isIpv4(utf8, from, to);
    }
}
