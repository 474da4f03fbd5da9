package dev.throughline.contract.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Tries values on schemas with the validator that records are checked by. Not thread-safe. */
final class Trials {
    private static final JsonTape.Limits LIMITS = new JsonTape.Limits(512, 1 << 20, 1 << 20);
    /** Answers kept of one schema. */
    private static final int KEPT_MAX = 20_000;

    private static final int KEPT_LENGTH_MAX = 128;

    private final Budget budget;
    private final JsonTape tape = new JsonTape(LIMITS);
    private final Violations violations = new Violations();

    Trials(Budget budget) {
        this.budget = budget;
    }

    Predicate<Value> of(JsonSchema schema) {
        Map<Value, Boolean> known = new HashMap<>();
        return value -> {
            Boolean answer = known.get(value);
            if (answer == null) {
                answer = conforms(schema, value.json());
                if (known.size() < KEPT_MAX && isShort(value)) {
                    known.put(value, answer);
                }
            }
            return answer;
        };
    }

    private static boolean isShort(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text.length() <= KEPT_LENGTH_MAX;
            case Value.Word(String json) -> json.length() <= KEPT_LENGTH_MAX;
            case Value.Items _, Value.Members _ -> false;
        };
    }

    boolean conforms(JsonSchema schema, String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        budget.spendTrial(utf8.length);
        try {
            tape.parseWhole(utf8);
        } catch (JsonSyntaxException overBound) {
            throw new Budget.Exhausted();
        }
        boolean conforms = schema.validate(tape, 0, violations);
        budget.spendSteps(violations.steps());
        return conforms;
    }

    /** What the last trial that failed broke. */
    Violations violations() {
        return violations;
    }
}
