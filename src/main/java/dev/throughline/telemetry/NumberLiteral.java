package dev.throughline.telemetry;

import dev.throughline.telemetry.JsonSyntaxException.Problem;
import org.jspecify.annotations.Nullable;

/** A number as JSON writes it (RFC 8259, section 6). What was read is one long: where it ends, its marks, or what is wrong there. */
final class NumberLiteral {
    private static final long NOT_INTEGER = 1L << 32;
    private static final int PROBLEM_SHIFT = 40;

    /** What readers of JSON take by default (Jackson: 1,000 characters); no measured value is longer. */
    static final int BYTES_MAX = 1_000;

    private NumberLiteral() {}

    static long read(byte[] source, int from, int end) {
        byte first = source[from];
        if (first != '-' && (first < '0' || first > '9')) {
            return wrong(Problem.UNEXPECTED_CHARACTER, from);
        }
        int at = first == '-' ? from + 1 : from;
        int digits = at;
        at = at < end && source[at] == '0' ? at + 1 : digits(source, at, end);
        if (at == digits) {
            return wrong(Problem.MALFORMED_NUMBER, at);
        }
        long marks = 0;
        if (at < end && source[at] == '.') {
            marks = NOT_INTEGER;
            digits = at + 1;
            at = digits(source, digits, end);
            if (at == digits) {
                return wrong(Problem.MALFORMED_NUMBER, at);
            }
        }
        if (at < end && (source[at] | 0x20) == 'e') {
            marks = NOT_INTEGER;
            at++;
            if (at < end && (source[at] == '+' || source[at] == '-')) {
                at++;
            }
            digits = at;
            at = digits(source, at, end);
            if (at == digits) {
                return wrong(Problem.MALFORMED_NUMBER, at);
            }
        }
        return marks | at;
    }

    private static long wrong(Problem problem, int at) {
        return (long) problem.code() << PROBLEM_SHIFT | at;
    }

    private static int digits(byte[] source, int from, int end) {
        int at = from;
        while (at < end && source[at] >= '0' && source[at] <= '9') {
            at++;
        }
        return at;
    }

    /** After the last byte, or where it goes wrong. */
    static int end(long read) {
        return (int) read;
    }

    static boolean isInteger(long read) {
        return (read & NOT_INTEGER) == 0;
    }

    static @Nullable Problem problem(long read) {
        int code = (int) (read >>> PROBLEM_SHIFT);
        return code == 0 ? null : Problem.ofCode(code);
    }
}
