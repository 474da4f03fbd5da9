package dev.throughline.masking.detect;

import java.nio.charset.StandardCharsets;

/** E-mail addresses as they are met in text (RFC 5321 without its rarities), internationalised ones included. */
final class EmailAddress {
    private static final int LOCAL_MAX = 64;
    private static final int DOMAIN_MAX = 253;
    /** Last labels that are files, units and Java classes, not top-level domains: {@code icon@2x.png}. */
    private static final byte[][] NOT_DOMAINS = bytes(
            "png jpg jpeg gif svg webp ico bmp css js mjs ts json html htm xml yaml yml log txt java class jar py conf cfg"
                    + " service socket timer target mount slice csv pdf tar gz");

    private EmailAddress() {}

    private static byte[][] bytes(String words) {
        String[] split = words.split(" ", -1);
        byte[][] all = new byte[split.length][];
        for (int i = 0; i < split.length; i++) {
            all[i] = split[i].getBytes(StandardCharsets.US_ASCII);
        }
        return all;
    }

    /** Where the local part before the {@code @} at {@code at} starts, or -1. */
    static int start(byte[] text, int at, int floor) {
        int low = Math.max(floor, at - LOCAL_MAX);
        if (at > low && text[at - 1] == '"') {
            return quotedStart(text, at - 2, low);
        }
        int p = at;
        while (p > low && isLocal(text, p - 1, low)) {
            p--;
        }
        while (p < at && (text[p] == '.' || text[p] == '-' || text[p] == '%' || (text[p] & 0xC0) == 0x80)) {
            p++;
        }
        return p < at && text[at - 1] != '.' ? p : -1;
    }

    private static boolean isLocal(byte[] text, int p, int low) {
        byte b = text[p];
        if (b >= 0) {
            return Chars.emailLocal(b) || (b == '\'' && p > low && Chars.alnum(text[p - 1]));
        }
        return isNationalLetter(text, p, low);
    }

    /** Whether the byte belongs to a two-byte letter (Latin, Greek, Cyrillic); a blank (U+00A0) or a guillemet does not. */
    private static boolean isNationalLetter(byte[] text, int p, int low) {
        int lead = (text[p] & 0xC0) == 0x80 && p > low ? text[p - 1] & 0xFF : text[p] & 0xFF;
        return lead >= 0xC3 && lead < 0xD5;
    }

    private static int quotedStart(byte[] text, int from, int low) {
        for (int p = from; p >= low && text[p] >= ' '; p--) {
            if (text[p] == '"') {
                return p < from ? p : -1;
            }
        }
        return -1;
    }

    /** The end of the domain after the {@code @} at {@code at}, or -1. */
    static int end(byte[] text, int at, int to) {
        if (at + 1 < to && text[at + 1] == '[') {
            return literalEnd(text, at + 2, to);
        }
        int stop = Math.min(to, at + 1 + DOMAIN_MAX);
        int p = at + 1;
        int labelStart = p;
        int labels = 0;
        int good = -1;
        while (p <= stop) {
            boolean inLabel = p < stop && (Chars.alnum(text[p]) || text[p] == '-' || isDomainLetter(text, p, at + 1));
            if (!inLabel) {
                if (p == labelStart || text[labelStart] == '-') {
                    break;
                }
                labels++;
                if (labels > 1 && isTopLevel(text, labelStart, p)) {
                    good = p;
                }
                if (p >= stop || text[p] != '.') {
                    break;
                }
                labelStart = p + 1;
            }
            p++;
        }
        return good < 0 || isVersion(text, at + 1, good) ? -1 : good;
    }

    private static boolean isDomainLetter(byte[] text, int p, int low) {
        return text[p] < 0 && isNationalLetter(text, p, low);
    }

    private static int literalEnd(byte[] text, int from, int to) {
        int p = from;
        while (p < to && p - from < 50 && (Chars.hex(text[p]) || text[p] == '.' || text[p] == ':')) {
            p++;
        }
        return p < to && text[p] == ']' && p - from >= 7 ? p + 1 : -1;
    }

    private static boolean isTopLevel(byte[] text, int from, int to) {
        if (to - from < 2 || Chars.digit(text[from])) {
            return false;
        }
        boolean punycode = to - from > 4 && text[from + 2] == '-' && text[from + 3] == '-';
        for (int p = from; p < to && !punycode; p++) {
            if (text[p] >= 0 && !Chars.letter(text[p])) {
                return false;
            }
        }
        for (byte[] word : NOT_DOMAINS) {
            if (word.length == to - from && Chars.matchesIgnoringCase(text, from, to, word)) {
                return false;
            }
        }
        return true;
    }

    /** {@code left-pad@1.3.0-beta.rc}: starts with two numeric labels. */
    private static boolean isVersion(byte[] text, int from, int to) {
        int p = from;
        while (p < to && Chars.digit(text[p])) {
            p++;
        }
        return p > from && p + 1 < to && text[p] == '.' && Chars.digit(text[p + 1]);
    }
}
