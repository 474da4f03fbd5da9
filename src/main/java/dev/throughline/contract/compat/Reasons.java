package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.Limit;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was and what is, for people: short. */
final class Reasons {
    private static final int LENGTH_MAX = 80;
    private static final int VALUES_MAX = 6;

    private Reasons() {}

    /**
     * @param known of the schema whose records are checked
     * @param wanted of the schema that they are checked by
     */
    static String of(@Nullable Object known, @Nullable Object wanted, Direction direction) {
        if (known == null || wanted == null) {
            return wanted == null ? "" : text(wanted);
        }
        boolean backward = direction == Direction.BACKWARD;
        return text(backward ? known : wanted) + " → " + text(backward ? wanted : known);
    }

    /** Values that the one schema lists and the other refuses. */
    static String refused(List<Value> values, Direction direction) {
        return (direction == Direction.BACKWARD ? "no longer " : "now also ") + values(values);
    }

    static String values(List<Value> values) {
        String some = values.stream()
                .limit(VALUES_MAX)
                .map(value -> text(value.json()))
                .collect(Collectors.joining(", "));
        return values.size() > VALUES_MAX ? some + ", … (" + values.size() + ")" : some;
    }

    private static String text(Object bound) {
        String text = switch (bound) {
            case Limit(java.math.BigDecimal value, boolean exclusive, String keyword) ->
                (!exclusive ? "" : keyword.endsWith("inimum") ? "above " : "below ")
                        + Value.number(value).json();
            case java.math.BigDecimal number -> Value.number(number).json();
            default -> bound.toString();
        };
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "…";
    }
}
