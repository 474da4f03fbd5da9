package dev.throughline.contract.schema;

import dev.throughline.contract.pattern.TextPattern;
import dev.throughline.telemetry.JsonTape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The assertions on an object and its members: one walk over the keys, dispatched by hash; set once by the compiler. */
final class ObjectRules {
    /** Members whose presence is kept in one long; others are looked for. */
    private static final int MASKED_SLOTS = 64;

    /** Every name the keywords mention; the required ones first. */
    Names names = new Names(List.of());

    /** The schema of a member by slot; null where the name is only required. */
    @Nullable
    CompiledSchema[] properties = {};

    /** By slot: the kinds of which nothing is asked but {@link #texts} of a string, and those. */
    int[] plainKinds = {};

    @Nullable
    StringRules[] texts = {};

    long required;
    /** Required slots beyond {@link #MASKED_SLOTS}. */
    int[] requiredLate = {};

    TextPattern[] patterns = {};
    CompiledSchema[] patternSchemas = {};

    @Nullable
    CompiledSchema additional;

    @Nullable
    CompiledSchema propertyNames;

    int minProperties;
    int maxProperties = Integer.MAX_VALUE;
    Dependency[] dependencies = {};
    /** Slots below {@link #MASKED_SLOTS} whose names {@link #propertyNames} admits. */
    long admittedNames;
    /** Conditions on members of this object, and where among the remembered ones a slot is; -1 for most. */
    MemberCondition[] conditions = {};

    byte[] remembered = {};
    int rememberedCount;

    /** Where the member in {@code slot} is present, the others must be. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Dependency(int slot, int[] required) {}

    boolean holds(Evaluation run, int node, int track) {
        int base = rememberedCount == 0 ? 0 : run.openMembers(rememberedCount);
        boolean ok = holdsMembers(run, node, track, base);
        for (MemberCondition condition : conditions) {
            if (ok || run.collecting) {
                ok &= condition.holds(run, node, base);
            }
        }
        if (rememberedCount > 0) {
            run.closeMembers(base);
        }
        return ok;
    }

    private boolean holdsMembers(Evaluation run, int node, int track, int base) {
        JsonTape tape = run.tape;
        // Members by name of which nothing else is to be asked.
        long plain = patterns.length > 0 || track != Evaluation.UNTRACKED ? 0 : admittedNames;
        boolean ok = true;
        long seen = 0;
        int end = tape.next(node);
        int index = 0;
        for (int key = node + 1; key < end; key = tape.next(key + 1), index++) {
            int slot = names.slot(run, key);
            CompiledSchema schema = null;
            long bit = 0;
            if (slot >= 0) {
                bit = slot < MASKED_SLOTS ? 1L << slot : 0;
                seen |= bit;
                if (rememberedCount > 0 && remembered[slot] >= 0) {
                    run.setMember(base + remembered[slot], key + 1);
                }
                schema = properties[slot];
                int kind = tape.kind(key + 1);
                if ((plainKinds[slot] >>> kind & 1) != 0) {
                    StringRules text = texts[slot];
                    ok &= kind != JsonTape.STRING || text == null || text.holds(run, key + 1);
                } else {
                    ok &= schema == null || schema.holds(run, key + 1);
                }
            }
            if ((plain & bit) == 0) {
                ok &= holdsMember(run, key, schema != null, track, index);
            }
            if (!ok && !run.collecting) {
                return false;
            }
        }
        boolean allPresent = isSmall() && (required & ~seen) == 0;
        ok &= allPresent ? withinCounts(run, node) : holdsWhole(run, node, seen);
        return ok;
    }

    /** Takes from the members' schemas, which are sealed, what a scalar is asked. */
    void seal() {
        plainKinds = new int[properties.length];
        texts = new StringRules[properties.length];
        for (int slot = 0; slot < properties.length; slot++) {
            CompiledSchema schema = properties[slot];
            plainKinds[slot] = schema == null ? 0 : schema.plainKinds;
            texts[slot] = schema == null ? null : schema.strings;
        }
    }

    private boolean isSmall() {
        return requiredLate.length == 0 && dependencies.length == 0;
    }

    private boolean withinCounts(Evaluation run, int node) {
        int count = run.tape.childCount(node);
        if (count < minProperties) {
            return run.fail(node, Rule.MIN_PROPERTIES);
        }
        return count <= maxProperties || run.fail(node, Rule.MAX_PROPERTIES);
    }

    /** Patterns, names and additional members: what is not by name. */
    private boolean holdsMember(Evaluation run, int key, boolean named, int track, int index) {
        boolean ok = true;
        boolean evaluated = named;
        for (int i = 0; i < patterns.length; i++) {
            run.readText(key);
            int found = patterns[i].search(run.text, run.textFrom, run.textTo);
            if (found == TextPattern.BUDGET_EXCEEDED) {
                return run.abort(key, Rule.PATTERN_BUDGET);
            }
            if (found == TextPattern.MATCH) {
                evaluated = true;
                ok &= patternSchemas[i].holds(run, key + 1);
            }
        }
        if (!evaluated && additional != null) {
            evaluated = true;
            ok &= additional.never ? run.fail(key + 1, Rule.ADDITIONAL_PROPERTIES) : additional.holds(run, key + 1);
        }
        if (propertyNames != null) {
            ok &= holdsName(run, key, propertyNames);
        }
        if (evaluated && track != Evaluation.UNTRACKED) {
            run.mark(track, index);
        }
        return ok;
    }

    private static boolean holdsName(Evaluation run, int key, CompiledSchema schema) {
        boolean collecting = run.collecting;
        run.collecting = false;
        boolean ok = schema.holds(run, key);
        run.collecting = collecting;
        return ok || run.fail(key, Rule.PROPERTY_NAMES);
    }

    private boolean holdsWhole(Evaluation run, int node, long seen) {
        boolean ok = withinCounts(run, node);
        long missing = required & ~seen;
        for (; missing != 0; missing &= missing - 1) {
            ok = run.failMember(node, Rule.REQUIRED, names.text(Long.numberOfTrailingZeros(missing)));
        }
        for (int slot : requiredLate) {
            ok &= has(run, node, seen, slot) || run.failMember(node, Rule.REQUIRED, names.text(slot));
        }
        for (Dependency dependency : dependencies) {
            if (has(run, node, seen, dependency.slot)) {
                for (int slot : dependency.required) {
                    ok &= has(run, node, seen, slot) || run.failMember(node, Rule.DEPENDENT_REQUIRED, names.text(slot));
                }
            }
        }
        return ok;
    }

    private boolean has(Evaluation run, int node, long seen, int slot) {
        if (slot < MASKED_SLOTS) {
            return (seen & 1L << slot) != 0;
        }
        JsonTape tape = run.tape;
        for (int key = node + 1; key < tape.next(node); key = tape.next(key + 1)) {
            if (!run.spend(node, 1)) {
                return false;
            }
            if (names.slot(run, key) == slot) {
                return true;
            }
        }
        return false;
    }
}
