package dev.throughline.contract.format;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Host names of RFC 1123 whose A-labels are valid (RFC 5891), and internationalised ones (RFC 5890). */
final class Hostnames {
    private static final int NAME_MAX = 253;
    private static final int LABEL_MAX = 63;

    private Hostnames() {}

    static boolean isHostname(byte[] utf8, int from, int to) {
        if (from == to || to - from > NAME_MAX) {
            return false;
        }
        int label = from;
        for (int at = from; at <= to; at++) {
            if (at == to || utf8[at] == '.') {
                if (!isLabel(utf8, label, at)) {
                    return false;
                }
                label = at + 1;
            }
        }
        return true;
    }

    private static boolean isLabel(byte[] utf8, int from, int to) {
        if (from == to || to - from > LABEL_MAX || utf8[from] == '-' || utf8[to - 1] == '-') {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (!StringFormat.isLetter(utf8[at]) && !StringFormat.isDigit(utf8[at]) && utf8[at] != '-') {
                return false;
            }
        }
        return !isALabel(utf8, from, to) || isValidALabel(new String(utf8, from, to - from, StandardCharsets.US_ASCII));
    }

    private static boolean isALabel(byte[] utf8, int from, int to) {
        return to - from >= 4
                && (utf8[from] | 0x20) == 'x'
                && (utf8[from + 1] | 0x20) == 'n'
                && utf8[from + 2] == '-'
                && utf8[from + 3] == '-';
    }

    private static boolean isValidALabel(String label) {
        int[] decoded = Punycode.decode(label.substring(4));
        return decoded != null && Idna.isValidULabel(decoded);
    }

    static boolean isIdnHostname(byte[] utf8, int from, int to) {
        boolean ascii = true;
        for (int at = from; at < to; at++) {
            ascii &= utf8[at] >= 0;
        }
        if (ascii) {
            return isHostname(utf8, from, to) && !hasReservedHyphens(utf8, from, to);
        }
        String name = new String(utf8, from, to - from, StandardCharsets.UTF_8);
        int length = 0;
        // The separators that IDNA 2003 knew beside the full stop, as mappings of RFC 5895 still do.
        for (String label : name.split("[.\u3002\uFF0E\uFF61]", -1)) {
            int encoded = encodedLength(label);
            if (encoded < 0 || encoded > LABEL_MAX) {
                return false;
            }
            length += encoded + 1;
        }
        return length - 1 <= NAME_MAX;
    }

    /** The length of a label as an A-label, or -1 where it is not valid. */
    private static int encodedLength(String label) {
        byte[] ascii = label.getBytes(StandardCharsets.UTF_8);
        if (ascii.length == label.length()) {
            return isLabel(ascii, 0, ascii.length) && !hasReservedHyphens(ascii, 0, ascii.length) ? ascii.length : -1;
        }
        int[] codePoints = label.codePoints().toArray();
        if (codePoints.length > LABEL_MAX || !Idna.isValidULabel(codePoints)) {
            return -1;
        }
        @Nullable String encoded = Punycode.encode(codePoints);
        return encoded == null ? -1 : 4 + encoded.length();
    }

    /** Whether a label that is not an A-label has hyphens in its third and fourth place (RFC 5891, 4.2.3.1). */
    private static boolean hasReservedHyphens(byte[] utf8, int from, int to) {
        int label = from;
        for (int at = from; at <= to; at++) {
            if (at == to || utf8[at] == '.') {
                if (at - label >= 4 && utf8[label + 2] == '-' && utf8[label + 3] == '-' && !isALabel(utf8, label, at)) {
                    return true;
                }
                label = at + 1;
            }
        }
        return false;
    }
}
