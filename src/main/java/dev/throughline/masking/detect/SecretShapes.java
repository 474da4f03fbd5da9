package dev.throughline.masking.detect;

import java.nio.charset.StandardCharsets;

/** Credentials that their own form gives away. Each method answers the end of the credential, or -1. */
final class SecretShapes {
    private static final byte[] BEGIN = ascii("-----BEGIN ");
    private static final byte[] END = ascii("-----END ");
    private static final byte[] DASHES = ascii("-----");
    private static final byte[] PRIVATE_KEY = ascii("PRIVATE KEY");
    private static final byte[] EARER = ascii("earer");
    private static final byte[] ASIC = ascii("asic");
    private static final byte[] SERVICES = ascii("/services/");
    private static final byte[] YA29 = ascii("ya29.");
    private static final byte[] EYJ = ascii("eyJ");

    /** Prefixes that end in an underscore, and the least that follows (the providers' token formats). */
    private static final byte[][] UNDERSCORED = {
        ascii("ghp_"), ascii("gho_"), ascii("ghu_"), ascii("ghs_"), ascii("ghr_"), ascii("github_pat_"),
                ascii("sk_live_"),
        ascii("sk_test_"), ascii("rk_live_"), ascii("rk_test_"), ascii("whsec_"), ascii("npm_"), ascii("shpat_"),
                ascii("shpss_"),
        ascii("dop_v1_"), ascii("hf_"), ascii("pypi_")
    };

    private static final byte[][] DASHED = {
        ascii("xoxb-"),
        ascii("xoxp-"),
        ascii("xoxa-"),
        ascii("xoxr-"),
        ascii("xoxs-"),
        ascii("xoxe-"),
        ascii("xoxo-"),
        ascii("xapp-"),
        ascii("glpat-"),
        ascii("GOCSPX-"),
        ascii("sk-"),
        ascii("pypi-")
    };

    private static final int UNDERSCORED_REST_MIN = 16;
    private static final int DASHED_REST_MIN = 16;

    private SecretShapes() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A JSON web token whose {@code J} of {@code eyJ} stands at {@code at}; its start is {@code at - 2}. */
    static int jwtEnd(byte[] text, int at, int floor, int to) {
        int start = at - 2;
        if (start < floor
                || !Chars.matches(text, start, to, EYJ)
                || (start > floor && Chars.base64Url(text[start - 1]))) {
            return -1;
        }
        int p = segmentEnd(text, start, to);
        if (p - start < 10 || p >= to || text[p] != '.') {
            return -1;
        }
        int parts = 1;
        int good = -1;
        while (p < to && text[p] == '.' && parts < 5) {
            int from = p + 1;
            p = segmentEnd(text, from, to);
            parts++;
            boolean claims = parts == 2 && Chars.matches(text, from, to, EYJ);
            if (p - from >= 4 && (parts > 2 || claims)) {
                good = p;
            } else if (parts > 2) {
                break;
            }
        }
        return good;
    }

    private static int segmentEnd(byte[] text, int from, int to) {
        int p = from;
        while (p < to && Chars.base64Url(text[p])) {
            p++;
        }
        return p;
    }

    /** Where the token after {@code Bearer} or {@code Basic} at {@code at} starts, or -1. */
    static int schemeTokenStart(byte[] text, int at, int floor, int to) {
        if (at > floor && Chars.alnum(text[at - 1])) {
            return -1;
        }
        int p = Chars.matchesIgnoringCase(text, at + 1, to, EARER)
                ? at + 6
                : Chars.matchesIgnoringCase(text, at + 1, to, ASIC) ? at + 5 : to;
        int from = p;
        while (p < to && (text[p] == ' ' || text[p] == '\t' || text[p] == ':' || text[p] == '+') && p - from < 3) {
            p++;
        }
        return p > from && p < to ? p : -1;
    }

    /** The end of an opaque token (RFC 6750, {@code b64token}) that is no plain word. */
    static int tokenEnd(byte[] text, int from, int to) {
        int p = from;
        int digits = 0;
        int uppers = 0;
        int lowers = 0;
        while (p < to && (Chars.base64Url(text[p]) || "._~+/=%".indexOf(text[p]) >= 0)) {
            digits += Chars.digit(text[p]) ? 1 : 0;
            uppers += Chars.upper(text[p]) && p > from ? 1 : 0;
            lowers += Chars.lower(text[p]) ? 1 : 0;
            p++;
        }
        while (p > from && text[p - 1] == '.') {
            p--;
        }
        boolean word = digits == 0 && (uppers == 0 || lowers == 0) && p - from < 24;
        return p - from < 8 || word ? -1 : p;
    }

    /** AWS access key ids and Google API keys at an {@code A}. */
    static int upperAEnd(byte[] text, int at, int floor, int to) {
        if (to - at < 20 || (at > floor && Chars.alnum(text[at - 1]))) {
            return -1;
        }
        if (text[at + 1] == 'I' && text[at + 2] == 'z' && text[at + 3] == 'a') {
            int end = segmentEnd(text, at, to);
            return end - at >= 35 ? end : -1;
        }
        if (!isAwsPrefix(text, at)) {
            return -1;
        }
        int p = at + 4;
        while (p < to && (Chars.upper(text[p]) || Chars.digit(text[p]))) {
            p++;
        }
        return p - at == 20 && (p == to || !Chars.alnum(text[p])) ? p : -1;
    }

    /** AWS IAM, unique identifiers: the prefixes of keys and principals. */
    private static boolean isAwsPrefix(byte[] text, int at) {
        return switch (text[at + 1] << 16 | text[at + 2] << 8 | text[at + 3]) {
            case 'K' << 16 | 'I' << 8 | 'A', 'S' << 16 | 'I' << 8 | 'A', 'R' << 16 | 'O' << 8 | 'A' -> true;
            case 'I' << 16 | 'D' << 8 | 'A', 'G' << 16 | 'P' << 8 | 'A', 'N' << 16 | 'P' << 8 | 'A' -> true;
            case 'N' << 16 | 'V' << 8 | 'A', 'B' << 16 | 'I' << 8 | 'A', 'C' << 16 | 'C' << 8 | 'A' -> true;
            default -> false;
        };
    }

    /** SendGrid: {@code SG.} and two parts, at the {@code S}. */
    static int sendGridEnd(byte[] text, int at, int floor, int to) {
        if (to - at < 30 || text[at + 1] != 'G' || text[at + 2] != '.' || (at > floor && Chars.alnum(text[at - 1]))) {
            return -1;
        }
        int dot = segmentEnd(text, at + 3, to);
        int end = dot < to && text[dot] == '.' ? segmentEnd(text, dot + 1, to) : dot;
        return dot - at >= 16 && end - dot >= 16 ? end : -1;
    }

    /** Slack: {@code /services/T…/B…/…}, at the {@code B}; where the {@code T} stands, or -1. */
    static int webhookStart(byte[] text, int at, int floor) {
        int p = at - 1;
        while (p > floor && Chars.alnum(text[p - 1])) {
            p--;
        }
        int services = p - SERVICES.length;
        boolean team = at - 1 - p >= 6 && text[p] == 'T';
        return team && services >= floor && Chars.matches(text, services, p, SERVICES) ? p : -1;
    }

    static int webhookEnd(byte[] text, int at, int to) {
        int slash = segmentEnd(text, at, to);
        if (slash - at < 6 || slash >= to || text[slash] != '/') {
            return -1;
        }
        int end = segmentEnd(text, slash + 1, to);
        return end - slash > 8 ? end : -1;
    }

    /** Google's access tokens: {@code ya29.} and the token; {@code dot} is that of the prefix. */
    static int googleEnd(byte[] text, int start, int dot, int to) {
        if (dot >= to || !Chars.matches(text, start, to, YA29)) {
            return -1;
        }
        int p = segmentEnd(text, dot + 1, to);
        while (p + 1 < to && text[p] == '.' && Chars.base64Url(text[p + 1])) {
            p = segmentEnd(text, p + 1, to);
        }
        return p - dot > 8 ? p : -1;
    }

    /** Where a token with a known prefix that ends at the underscore or dash at {@code at} starts, or -1. */
    static int prefixedStart(byte[] text, int at, int floor, int to) {
        int low = Math.max(floor, at - 7);
        int start = at;
        while (start > low && Chars.alnum(text[start - 1])) {
            start--;
        }
        if (start == at || (start > floor && Chars.alnum(text[start - 1]))) {
            return -1;
        }
        boolean underscore = text[at] == '_';
        for (byte[] prefix : underscore ? UNDERSCORED : DASHED) {
            if (text[start] == prefix[0] && Chars.matches(text, start, to, prefix)) {
                int end = segmentEnd(text, start, to);
                int min = underscore ? UNDERSCORED_REST_MIN : DASHED_REST_MIN;
                return end - start - prefix.length >= min ? start : -1;
            }
        }
        return -1;
    }

    static int prefixedEnd(byte[] text, int start, int to) {
        return segmentEnd(text, start, to);
    }

    /** A PEM private key (RFC 7468) at its first dash; without an end line, all that follows is part of it. */
    static int privateKeyEnd(byte[] text, int at, int to) {
        if (!Chars.matches(text, at, to, BEGIN)) {
            return -1;
        }
        int header = indexOf(text, DASHES, at + BEGIN.length, Math.min(to, at + 80));
        int title = indexOf(text, PRIVATE_KEY, at, header < 0 ? at : header + DASHES.length);
        if (header < 0 || title < 0) {
            return -1;
        }
        int footer = indexOf(text, END, header, to);
        int close = footer < 0 ? -1 : indexOf(text, DASHES, footer + END.length, to);
        return close < 0 ? to : close + DASHES.length;
    }

    private static int indexOf(byte[] text, byte[] word, int from, int to) {
        for (int p = from; p + word.length <= to; p++) {
            if (text[p] == word[0] && Chars.matches(text, p, to, word)) {
                return p;
            }
        }
        return -1;
    }
}
