package dev.throughline.contract.pattern;

/** A text that is not a regular expression, or one that cannot be run. Names the position, never the text; has no stack trace. */
public final class PatternException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    PatternException(String problem, int position) {
        super(problem + " at character " + position, null, false, false);
        this.position = position;
    }

    /** UTF-16 index into the pattern. */
    public int position() {
        return position;
    }
}
