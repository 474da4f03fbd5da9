package dev.throughline.contract.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** RFC 3492. Labels are at most 63 characters, so plain quadratic work will do. */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 128;

    private Punycode() {}

    private static int adapt(int delta, int points, boolean first) {
        int d = first ? delta / DAMP : delta / 2;
        d += d / points;
        int k = 0;
        while (d > (BASE - T_MIN) * T_MAX / 2) {
            d /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * d / (d + SKEW);
    }

    private static int threshold(int k, int bias) {
        return Math.clamp(k - bias, T_MIN, T_MAX);
    }

    private static int digit(char c) {
        return c >= '0' && c <= '9' ? c - '0' + 26 : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (c | 0x20) - 'a' : -1;
    }

    /** The code points of a label without its {@code xn--}, or null where it is not the encoding of any. */
    static int @Nullable [] decode(String label) {
        int delimiter = label.lastIndexOf('-');
        int[] out = new int[label.length() + 1];
        int n = 0;
        for (int i = 0; i < delimiter; i++) {
            out[n++] = Character.toLowerCase(label.charAt(i));
        }
        int at = delimiter < 0 ? 0 : delimiter + 1;
        if (at == label.length()) {
            return null;
        }
        int codePoint = INITIAL_N;
        int bias = INITIAL_BIAS;
        long i = 0;
        while (at < label.length()) {
            long start = i;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                int digit = at < label.length() ? digit(label.charAt(at++)) : -1;
                i += digit * weight;
                if (digit < 0 || i > Integer.MAX_VALUE) {
                    return null;
                }
                int t = threshold(k, bias);
                if (digit < t) {
                    break;
                }
                weight *= BASE - t;
                if (weight > Integer.MAX_VALUE) {
                    return null;
                }
            }
            bias = adapt((int) (i - start), n + 1, start == 0);
            codePoint += (int) (i / (n + 1));
            i %= n + 1;
            if (codePoint < 0 || codePoint > Character.MAX_CODE_POINT) {
                return null;
            }
            System.arraycopy(out, (int) i, out, (int) i + 1, n - (int) i);
            out[(int) i++] = codePoint;
            n++;
        }
        return Arrays.copyOf(out, n);
    }

    /** The encoding without {@code xn--}, or null where a number would overflow. */
    static @Nullable String encode(int[] codePoints) {
        StringBuilder out = new StringBuilder();
        for (int c : codePoints) {
            if (c < INITIAL_N) {
                out.append((char) c);
            }
        }
        int basic = out.length();
        int handled = basic;
        if (basic > 0) {
            out.append('-');
        }
        int n = INITIAL_N;
        long delta = 0;
        int bias = INITIAL_BIAS;
        while (handled < codePoints.length) {
            int next = Integer.MAX_VALUE;
            for (int c : codePoints) {
                next = c >= n ? Math.min(next, c) : next;
            }
            delta += (long) (next - n) * (handled + 1);
            n = next;
            for (int c : codePoints) {
                delta += c < n ? 1 : 0;
                if (delta > Integer.MAX_VALUE) {
                    return null;
                }
                if (c == n) {
                    appendNumber(out, (int) delta, bias);
                    bias = adapt((int) delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return out.toString();
    }

    private static void appendNumber(StringBuilder out, int number, int bias) {
        int q = number;
        for (int k = BASE; ; k += BASE) {
            int t = threshold(k, bias);
            if (q < t) {
                break;
            }
            int digit = t + (q - t) % (BASE - t);
            out.append((char) (digit < 26 ? 'a' + digit : '0' + digit - 26));
            q = (q - t) / (BASE - t);
        }
        out.append((char) (q < 26 ? 'a' + q : '0' + q - 26));
    }
}
