package dev.throughline.contract.pattern;

/** A compiled pattern: an unanchored search over UTF-8. Immutable, any thread. */
public abstract sealed class TextPattern permits ClassRuns, Dfa, Backtracking {
    public static final int NO_MATCH = 0;
    public static final int MATCH = 1;
    /** The search was given up: only a pattern outside the regular subset can end so. */
    public static final int BUDGET_EXCEEDED = 2;

    TextPattern() {}

    /**
     * Compiles an ECMA-262 pattern.
     *
     * @throws PatternException where it is not one, or uses what cannot be run (an unbounded look-behind)
     */
    public static TextPattern compile(String ecma) throws PatternException {
        PatternTree tree = new EcmaParser(ecma).parse();
        TextPattern runs = ClassRuns.of(tree);
        if (runs != null) {
            return runs;
        }
        TextPattern dfa = DfaBuilder.build(tree);
        return dfa != null ? dfa : Backtracking.of(tree);
    }

    /** Whether the text is an ECMA-262 pattern, without compiling it. */
    public static boolean isWellFormed(String ecma) {
        try {
            PatternTree tree = new EcmaParser(ecma).parse();
            return tree != null;
        } catch (PatternException malformed) {
            return false;
        }
    }

    /**
     * Searches UTF-8 (lone surrogates as three bytes, as CESU-8 writes them).
     *
     * @return {@link #MATCH}, {@link #NO_MATCH} or {@link #BUDGET_EXCEEDED}
     */
    public abstract int search(byte[] utf8, int from, int to);

    /** Whether a search is one pass without allocation. */
    public abstract boolean isLinear();

    /** About how many bytes of memory it takes. */
    public long weight() {
        return 1_024;
    }

    /** Whether bytes are checked many at a time, so that a search costs no more than a comparison. */
    public boolean isQuick() {
        return false;
    }
}
