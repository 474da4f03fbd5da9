package dev.throughline.masking.detect;

/** The form of a pseudonym, {@code pii:v1:<type>:<kid>:<20 base32>}: narrow enough that nothing else hides in it. */
public final class Pseudonyms {
    public static final int TYPE_BYTES_MAX = 24;
    public static final int KID_BYTES_MAX = 8;
    public static final int CODE_BYTES = 20;

    private Pseudonyms() {}

    /** The end of the pseudonym that starts at {@code at}, or -1. */
    public static int end(byte[] text, int at, int to) {
        if (to - at < 30 || text[at] != 'p' || text[at + 1] != 'i' || text[at + 2] != 'i' || text[at + 3] != ':') {
            return -1;
        }
        if (text[at + 4] != 'v' || text[at + 5] != '1' || text[at + 6] != ':') {
            return -1;
        }
        int type = at + 7;
        int p = type;
        while (p < to && p - type < TYPE_BYTES_MAX && (Chars.lower(text[p]) || text[p] == '_')) {
            p++;
        }
        if (p == type || p >= to || text[p] != ':') {
            return -1;
        }
        int kid = ++p;
        while (p < to && p - kid < KID_BYTES_MAX && (Chars.lower(text[p]) || Chars.digit(text[p]))) {
            p++;
        }
        if (p == kid || to - p < 1 + CODE_BYTES || text[p] != ':') {
            return -1;
        }
        int code = ++p;
        while (p < code + CODE_BYTES && (Chars.lower(text[p]) || (text[p] >= '2' && text[p] <= '7'))) {
            p++;
        }
        return p == code + CODE_BYTES && (p == to || !Chars.alnum(text[p])) ? p : -1;
    }
}
