package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The assertions on a number: on longs where both sides are short integers, otherwise digit by digit. */
final class NumberRules {
    private static final int LONG_DIGITS_MAX = 18;

    private final @Nullable Bound[] bounds;
    private final @Nullable Divisor divisor;

    NumberRules(@Nullable Bound[] bounds, @Nullable Divisor divisor) {
        this.bounds = bounds;
        this.divisor = divisor;
    }

    /** One of the four limits. */
    static final class Bound {
        private final Rule rule;
        private final byte[] literal;
        private final boolean isLong;
        private final long value;

        Bound(Rule rule, JsonTape schema, int node) {
            this.rule = rule;
            literal = java.util.Arrays.copyOfRange(schema.bytes(), schema.start(node), schema.end(node));
            isLong = isLong(schema, node);
            value = schema.longValue(node, 0);
        }

        private boolean admits(int order) {
            return switch (rule) {
                case MINIMUM -> order >= 0;
                case MAXIMUM -> order <= 0;
                case EXCLUSIVE_MINIMUM -> order > 0;
                default -> order < 0;
            };
        }
    }

    /** {@code digits · 10^scale}. */
    record Divisor(BigInteger digits, long scale, boolean isLong, long value) {}

    static boolean isLong(JsonTape tape, int node) {
        return tape.isIntegerLiteral(node) && tape.end(node) - tape.start(node) <= LONG_DIGITS_MAX;
    }

    boolean holds(Evaluation run, int node) {
        JsonTape tape = run.tape;
        boolean isLong = isLong(tape, node);
        long value = isLong ? tape.longValue(node, 0) : 0;
        boolean ok = true;
        for (Bound bound : bounds) {
            if (bound != null) {
                int order =
                        isLong && bound.isLong ? Long.compare(value, bound.value) : compare(run, node, bound.literal);
                if (!bound.admits(order)) {
                    ok = run.fail(node, bound.rule);
                }
            }
        }
        if (divisor != null && !isMultiple(run, node, divisor, isLong, value)) {
            ok = run.fail(node, Rule.MULTIPLE_OF);
        }
        return ok;
    }

    private static boolean isMultiple(Evaluation run, int node, Divisor divisor, boolean isLong, long value) {
        if (isLong && divisor.isLong) {
            return value % divisor.value == 0;
        }
        JsonTape tape = run.tape;
        Decimal number = run.left.read(tape.bytes(), tape.start(node), tape.end(node));
        return run.spend(node, number.digits()) && number.isMultipleOf(divisor.digits, divisor.scale);
    }

    private static int compare(Evaluation run, int node, byte[] literal) {
        JsonTape tape = run.tape;
        return run.left
                .read(tape.bytes(), tape.start(node), tape.end(node))
                .compareTo(run.right.read(literal, 0, literal.length));
    }
}
