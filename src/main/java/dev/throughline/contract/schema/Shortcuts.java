package dev.throughline.contract.schema;

import dev.throughline.contract.schema.Applicators.If;
import dev.throughline.contract.schema.Applicators.Not;
import dev.throughline.contract.schema.MemberCondition.Members;
import dev.throughline.telemetry.JsonStrings;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rewrites compiled schemas to do the same with less; all of them are filled by now. */
final class Shortcuts {
    private static final int SLOTS_MAX = Long.SIZE;

    private Shortcuts() {}

    static void take(List<CompiledSchema> all) {
        boolean tracked = all.stream()
                .anyMatch(s -> s.unevaluatedProperties != null || s.unevaluatedItems != null || s.resource >= 0);
        for (CompiledSchema schema : all) {
            List<Check> kept = new ArrayList<>();
            for (Check check : schema.checks) {
                boolean taken = (check instanceof Not(CompiledSchema not) && forbid(schema, not))
                        || (!tracked && check instanceof If condition && remember(schema, condition));
                if (!taken) {
                    kept.add(check);
                }
            }
            schema.checks = kept.toArray(new Check[0]);
            if (schema.objects != null) {
                schema.objects.admittedNames = admittedNames(schema.objects);
            }
        }
        all.forEach(CompiledSchema::seal);
        for (CompiledSchema schema : all) {
            if (schema.objects != null) {
                schema.objects.seal();
            }
        }
    }

    private static boolean forbid(CompiledSchema schema, CompiledSchema not) {
        if (schema.forbidden != null || not.literals == null || !isOnly(not, true) || not.objects != null) {
            return false;
        }
        schema.forbidden = not.literals;
        return true;
    }

    /** Whether nothing is asserted but by object rules and, perhaps, literals. */
    private static boolean isOnly(CompiledSchema schema, boolean literals) {
        return schema.types == CompiledSchema.ALL_TYPES
                && !schema.integersOnly
                && (literals || schema.literals == null)
                && schema.forbidden == null
                && schema.strings == null
                && schema.numbers == null
                && schema.arrays == null
                && schema.checks.length == 0
                && schema.unevaluatedProperties == null
                && schema.unevaluatedItems == null;
    }

    /** The named slots that need no further look: their schema is known, and their name is admitted. */
    private static long admittedNames(ObjectRules rules) {
        long admitted = 0;
        for (int slot = 0; slot < Math.min(SLOTS_MAX, rules.names.size()); slot++) {
            boolean asked = rules.properties[slot] == null && rules.additional != null;
            if (!asked && (rules.propertyNames == null || admits(rules.propertyNames, rules.names.text(slot)))) {
                admitted |= 1L << slot;
            }
        }
        return admitted;
    }

    private static boolean admits(CompiledSchema names, String name) {
        JsonTape tape = new JsonTape();
        byte[] key = JsonStrings.quote(name);
        try {
            tape.parseWhole(("{" + new String(key, StandardCharsets.UTF_8) + ":0}").getBytes(StandardCharsets.UTF_8));
        } catch (JsonSyntaxException tooLong) {
            return false;
        }
        Evaluation run = new Evaluation(new Violations());
        run.reset(tape, false);
        return tape.text(1).equals(name) && names.holds(run, 1) && !run.isAborted();
    }

    private static boolean remember(CompiledSchema schema, If check) {
        ObjectRules rules = schema.objects;
        if (rules == null || !isMembersOnly(rules, check.condition())) {
            return false;
        }
        for (CompiledSchema branch : new CompiledSchema[] {check.then(), check.otherwise()}) {
            if (branch != null && !isMembersOnly(rules, branch)) {
                return false;
            }
        }
        if (rules.remembered.length == 0) {
            rules.remembered = new byte[rules.names.size()];
            Arrays.fill(rules.remembered, (byte) -1);
        }
        MemberCondition condition = new MemberCondition(
                members(rules, check.condition()),
                check.then() == null ? null : members(rules, check.then()),
                check.otherwise() == null ? null : members(rules, check.otherwise()));
        rules.conditions = Arrays.copyOf(rules.conditions, rules.conditions.length + 1);
        rules.conditions[rules.conditions.length - 1] = condition;
        return true;
    }

    private static boolean isMembersOnly(ObjectRules rules, CompiledSchema branch) {
        ObjectRules own = branch.objects;
        if (own == null
                || !isOnly(branch, false)
                || own.patterns.length > 0
                || own.additional != null
                || own.propertyNames != null
                || own.minProperties > 0
                || own.maxProperties < Integer.MAX_VALUE
                || own.dependencies.length > 0
                || own.requiredLate.length > 0
                || own.conditions.length > 0) {
            return false;
        }
        for (int slot = 0; slot < own.names.size(); slot++) {
            int outer = slotOf(rules, own.names.text(slot));
            if (outer < 0 || outer >= SLOTS_MAX || rules.rememberedCount + own.names.size() > Byte.MAX_VALUE / 4) {
                return false;
            }
        }
        return true;
    }

    private static int slotOf(ObjectRules rules, String name) {
        byte[] text = Names.utf8(name);
        return rules.names.slot(text, 0, text.length, JsonTape.hash(text, 0, text.length));
    }

    private static Members members(ObjectRules rules, CompiledSchema branch) {
        ObjectRules own = java.util.Objects.requireNonNull(branch.objects);
        int n = own.names.size();
        int[] places = new int[n];
        @Nullable CompiledSchema[] schemas = new CompiledSchema[n];
        boolean[] required = new boolean[n];
        String[] names = new String[n];
        for (int slot = 0; slot < n; slot++) {
            names[slot] = own.names.text(slot);
            schemas[slot] = own.properties[slot];
            required[slot] = (own.required >>> slot & 1) != 0;
            int outer = slotOf(rules, names[slot]);
            if (rules.remembered[outer] < 0) {
                rules.remembered[outer] = (byte) rules.rememberedCount++;
            }
            places[slot] = rules.remembered[outer];
        }
        return new Members(places, schemas, required, names);
    }
}
