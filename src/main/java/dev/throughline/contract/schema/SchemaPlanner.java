package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link SchemaPlan} from a document that conforms: goes the way of validation, decides what its shape decides, and notes what
 * is left. Where an answer depends on texts in a way that the plan cannot say, or the shape alone does not conform, there is none.
 */
final class SchemaPlanner {
    private static final int STEPS_MAX = 4_096;
    private static final int DEPTH_MAX = 64;

    private final Evaluation run;
    private final JsonTape tape;
    private final List<SchemaPlan.Asked<StringRules>> texts = new ArrayList<>();
    private final List<SchemaPlan.Asked<NumberRules>> numbers = new ArrayList<>();
    private final List<SchemaPlan.Asked<Literals>> literals = new ArrayList<>();
    private final List<SchemaPlan.Asked<Literals>> forbidden = new ArrayList<>();
    private final List<SchemaPlan.Conditional> conditions = new ArrayList<>();
    private int steps = STEPS_MAX;

    private SchemaPlanner(JsonTape tape) {
        this.tape = tape;
        this.run = new Evaluation(new Violations());
        run.reset(tape, false);
    }

    static @Nullable SchemaPlan plan(CompiledSchema root, Set<String> declaredNames, JsonTape tape) {
        SchemaPlanner planner = new SchemaPlanner(tape);
        return planner.take(root, 0, 0)
                ? new SchemaPlan(
                        declaredNames,
                        planner.texts,
                        planner.numbers,
                        planner.literals,
                        planner.forbidden,
                        planner.conditions)
                : null;
    }

    /** False where there is no plan. */
    private boolean take(CompiledSchema schema, int node, int depth) {
        int kind = tape.kind(node);
        boolean beyond = schema.resource >= 0
                || schema.unevaluatedProperties != null
                || schema.unevaluatedItems != null
                || --steps < 0
                || depth > DEPTH_MAX;
        boolean integer = kind != JsonTape.NUMBER || tape.isIntegerLiteral(node);
        if (beyond || (schema.types >>> kind & 1) == 0 || (schema.integersOnly && !integer)) {
            return false;
        }
        if (schema.literals != null) {
            literals.add(new SchemaPlan.Asked<>(node, schema.literals));
        }
        if (schema.forbidden != null) {
            forbidden.add(new SchemaPlan.Asked<>(node, schema.forbidden));
        }
        boolean ok = switch (kind) {
            case JsonTape.OBJECT -> schema.objects == null || members(schema.objects, node, depth);
            case JsonTape.ARRAY -> schema.arrays == null || items(schema.arrays, node, depth);
            default -> true;
        };
        if (kind == JsonTape.STRING && schema.strings != null) {
            texts.add(new SchemaPlan.Asked<>(node, schema.strings));
        }
        if (kind == JsonTape.NUMBER && schema.numbers != null) {
            numbers.add(new SchemaPlan.Asked<>(node, schema.numbers));
        }
        for (Check check : schema.checks) {
            ok = ok && inPlace(check, node, depth + 1);
        }
        return ok;
    }

    private boolean inPlace(Check check, int node, int depth) {
        return switch (check) {
            case Applicators.Ref(CompiledSchema target) -> take(target, node, depth);
            case Applicators.AllOf(CompiledSchema[] branches) ->
                Arrays.stream(branches).allMatch(branch -> take(branch, node, depth));
            default -> false;
        };
    }

    private boolean members(ObjectRules rules, int node, int depth) {
        int count = tape.childCount(node);
        if (rules.patterns.length > 0
                || rules.dependencies.length > 0
                || rules.requiredLate.length > 0
                || count < rules.minProperties
                || count > rules.maxProperties) {
            return false;
        }
        int[] remembered = new int[rules.rememberedCount];
        Arrays.fill(remembered, -1);
        long seen = 0;
        for (int key = node + 1; key < tape.next(node); key = tape.next(key + 1)) {
            int slot = rules.names.slot(run, key);
            if (slot >= 0 && slot < Long.SIZE) {
                seen |= 1L << slot;
            }
            if (slot >= 0 && rules.rememberedCount > 0 && rules.remembered[slot] >= 0) {
                remembered[rules.remembered[slot]] = key + 1;
            }
            if (!member(rules, slot, key, depth)) {
                return false;
            }
        }
        for (MemberCondition condition : rules.conditions) {
            conditions.add(new SchemaPlan.Conditional(condition, node, remembered));
        }
        return (rules.required & ~seen) == 0;
    }

    private boolean member(ObjectRules rules, int slot, int key, int depth) {
        CompiledSchema named = slot < 0 ? null : rules.properties[slot];
        CompiledSchema schema = named == null ? rules.additional : named;
        if (rules.propertyNames != null && (!rules.propertyNames.holds(run, key) || run.isAborted())) {
            return false;
        }
        return schema == null || (!schema.never && take(schema, key + 1, depth + 1));
    }

    private boolean items(ArrayRules rules, int node, int depth) {
        int count = tape.childCount(node);
        if (rules.uniqueItems || rules.contains != null || count < rules.minItems || count > rules.maxItems) {
            return false;
        }
        int index = 0;
        for (int item = node + 1; item < tape.next(node); item = tape.next(item), index++) {
            CompiledSchema schema = index < rules.prefix.length ? rules.prefix[index] : rules.items;
            if (schema != null && !take(schema, item, depth + 1)) {
                return false;
            }
        }
        return true;
    }
}
