package dev.throughline.telemetry;

import java.util.Locale;

/** A text that is not JSON, or is over a bound: what is wrong and where, never the text. Has no stack trace. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong. The lower-case name is the stable code. */
    public enum Problem {
        UNEXPECTED_END,
        UNEXPECTED_CHARACTER,
        MALFORMED_NUMBER,
        MALFORMED_ESCAPE,
        CONTROL_CHARACTER,
        INVALID_UTF8,
        DUPLICATE_KEY,
        TRAILING_CHARACTERS,
        TOO_DEEP,
        TOO_MANY_TOKENS,
        STRING_TOO_LONG,
        NUMBER_TOO_LONG;

        private static final Problem[] VALUES = values();

        int code() {
            return ordinal() + 1;
        }

        static Problem ofCode(int code) {
            return VALUES[code - 1];
        }

        /** Whether a bound was exceeded, rather than the grammar broken. */
        public boolean isBound() {
            return switch (this) {
                case TOO_DEEP, TOO_MANY_TOKENS, STRING_TOO_LONG, NUMBER_TOO_LONG -> true;
                default -> false;
            };
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Problem problem;
    private final int offset;

    public JsonSyntaxException(Problem problem, int offset) {
        super(problem.label() + " at byte " + offset, null, false, false);
        this.problem = problem;
        this.offset = offset;
    }

    public Problem problem() {
        return problem;
    }

    /** Bytes from the start of the parsed range. */
    public int offset() {
        return offset;
    }
}
