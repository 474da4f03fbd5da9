package dev.throughline.query;

import dev.throughline.ProblemDetail.InvalidParameter;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Query parameters, checked: what is wrong is gathered, so that the caller hears of all of it at once. */
public final class QueryParameters {
    private static final int TEXT_LENGTH_MAX = 1_024;
    /** Stands for names that are not ours: they may be anything, an address too, and are not repeated. */
    private static final String UNKNOWN = "?";

    private final Map<String, List<String>> values;
    private final List<InvalidParameter> errors = new ArrayList<>();

    /** @param known names; any other is an error, lest a misspelt condition widens a search */
    public QueryParameters(Map<String, List<String>> values, String... known) {
        this.values = values;
        Set<String> names = Set.copyOf(Arrays.asList(known));
        if (!names.containsAll(values.keySet())) {
            errors.add(new InvalidParameter(UNKNOWN, "unknown_parameter"));
        }
    }

    /** What is wrong so far. */
    public List<InvalidParameter> errors() {
        return List.copyOf(errors);
    }

    /** The text, or null where it is absent. */
    public @Nullable String text(String name) {
        List<String> given = values.get(name);
        if (given == null || given.isEmpty()) {
            return null;
        }
        String code = given.size() > 1
                ? "repeated"
                : given.getFirst().isEmpty()
                        ? "empty"
                        : given.getFirst().length() > TEXT_LENGTH_MAX ? "too_long" : null;
        if (code != null) {
            errors.add(new InvalidParameter(name, code));
            return null;
        }
        return given.getFirst();
    }

    public int integer(String name, int min, int max, int otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
            errors.add(new InvalidParameter(name, "out_of_range"));
        } catch (NumberFormatException e) {
            errors.add(new InvalidParameter(name, "not_an_integer"));
        }
        return otherwise;
    }

    /** Microseconds since the epoch of an RFC 3339 date-time. */
    public long micros(String name, long otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            return Math.addExact(Math.multiplyExact(time.toEpochSecond(), 1_000_000L), time.getNano() / 1_000);
        } catch (DateTimeParseException | ArithmeticException e) {
            errors.add(new InvalidParameter(name, "not_a_date_time"));
            return otherwise;
        }
    }

    /** The value that a name stands for, or null where the parameter is absent or names none. */
    public <T> @Nullable T oneOf(String name, Function<String, @Nullable T> named) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        T value = named.apply(text);
        if (value == null) {
            errors.add(new InvalidParameter(name, "unknown_value"));
        }
        return value;
    }

    /** Notes what no single parameter shows. */
    public void reject(String name, String code) {
        errors.add(new InvalidParameter(name, code));
    }
}
