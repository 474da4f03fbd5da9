package dev.throughline.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A name, or a pattern of names in which {@code *} stands for any characters, none included: {@code crm_to_erp.*}, {@code *.approved}. Linear
 * in what it reads for each {@code *}: nothing can run away. Immutable.
 */
public final class NamePattern {
    private static final byte ANY = '*';

    private final String pattern;
    private final byte[] utf8;
    private final boolean literal;

    private NamePattern(String pattern) {
        this.pattern = pattern;
        this.utf8 = pattern.getBytes(StandardCharsets.UTF_8);
        this.literal = pattern.indexOf(ANY) < 0;
    }

    public static NamePattern of(String pattern) {
        return new NamePattern(pattern);
    }

    static List<NamePattern> all(List<String> patterns) {
        return patterns.stream().map(NamePattern::new).toList();
    }

    /** Whether any of them matches. */
    static boolean anyMatches(List<NamePattern> patterns, byte[] text, int from, int to) {
        for (NamePattern pattern : patterns) {
            if (pattern.matches(text, from, to)) {
                return true;
            }
        }
        return false;
    }

    /** Whether any of them matches. */
    public static boolean anyMatches(List<NamePattern> patterns, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return anyMatches(patterns, bytes, 0, bytes.length);
    }

    /** Whether it is a name and no pattern. */
    public boolean isLiteral() {
        return literal;
    }

    boolean matches(byte[] text, int from, int to) {
        int at = from;
        int p = 0;
        int star = -1;
        int mark = from;
        while (at < to) {
            if (p < utf8.length && utf8[p] == ANY) {
                star = p++;
                mark = at;
            } else if (p < utf8.length && utf8[p] == text[at]) {
                p++;
                at++;
            } else if (star >= 0) {
                p = star + 1;
                at = ++mark;
            } else {
                return false;
            }
        }
        while (p < utf8.length && utf8[p] == ANY) {
            p++;
        }
        return p == utf8.length;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
