package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One (sub)schema. Filled by the compiler after it is made, since schemas refer to each other; never changed afterwards. */
final class CompiledSchema {
    /** One bit a node kind; a key counts as a string. */
    static final int ALL_TYPES = 0x1FE;

    private static final Check[] NO_CHECKS = {};

    int types = ALL_TYPES;
    boolean integersOnly;
    /** A schema that is {@code false}: its own rule says so, whatever the kind. */
    boolean never;

    @Nullable
    Literals literals;
    /** {@code not} over nothing but literals. */
    @Nullable
    Literals forbidden;

    @Nullable
    StringRules strings;

    @Nullable
    NumberRules numbers;

    @Nullable
    ObjectRules objects;

    @Nullable
    ArrayRules arrays;

    Check[] checks = NO_CHECKS;
    /** Kinds of which nothing is asked but {@link #strings} or nothing at all. */
    int plainKinds;

    @Nullable
    CompiledSchema unevaluatedProperties;

    @Nullable
    CompiledSchema unevaluatedItems;
    /** The resource to enter, or -1 where no reference is dynamic. */
    int resource = -1;
    /** Schemas applied to the same value, by references that are known at compile time. */
    final List<CompiledSchema> inPlace = new ArrayList<>();

    /** Finds the kinds that take the short way; after this, nothing is changed. */
    void seal() {
        boolean bare = literals == null && forbidden == null && checks.length == 0;
        int scalars = ALL_TYPES & ~(1 << JsonTape.OBJECT | 1 << JsonTape.ARRAY | 1 << JsonTape.KEY);
        int numeric = numbers == null && !integersOnly ? 0 : 1 << JsonTape.NUMBER;
        plainKinds = bare ? types & scalars & ~numeric : 0;
    }

    boolean holds(Evaluation run, int node) {
        return holds(run, node, Evaluation.UNTRACKED);
    }

    boolean holds(Evaluation run, int node, int track) {
        if (--run.steps < 0 || run.depth >= Evaluation.DEPTH_MAX) {
            return run.abort(node, Rule.EVALUATION_BUDGET);
        }
        JsonTape tape = run.tape;
        int kind = tape.kind(node);
        if (((plainKinds >>> kind) & 1) != 0) {
            return strings == null || kind != JsonTape.STRING || strings.holds(run, node);
        }
        if ((types >>> kind & 1) == 0
                || (integersOnly && kind == JsonTape.NUMBER && !tape.isIntegerLiteral(node) && !run.isInteger(node))) {
            return run.fail(node, never ? Rule.FALSE : Rule.TYPE);
        }
        boolean ok = literals == null || literals.holds(run, node);
        if (forbidden != null && forbidden.contains(run, node)) {
            ok = run.fail(node, Rule.NOT);
        }
        if (!ok && !run.collecting) {
            return false;
        }
        switch (kind) {
            case JsonTape.STRING, JsonTape.KEY -> ok &= strings == null || strings.holds(run, node);
            case JsonTape.NUMBER -> ok &= numbers == null || numbers.holds(run, node);
            default -> {}
        }
        if (!ok && !run.collecting) {
            return false;
        }
        boolean container = kind == JsonTape.OBJECT || kind == JsonTape.ARRAY;
        if (!container && checks.length == 0) {
            return ok;
        }
        ok &= applies(run, node, kind, track);
        return ok;
    }

    private boolean applies(Evaluation run, int node, int kind, int track) {
        boolean entered = resource >= 0 && run.enter(resource);
        run.depth++;
        CompiledSchema rest = switch (kind) {
            case JsonTape.OBJECT -> unevaluatedProperties;
            case JsonTape.ARRAY -> unevaluatedItems;
            default -> null;
        };
        boolean ok;
        if (rest == null) {
            ok = applyAll(run, node, kind, track);
        } else {
            int own = run.open(node);
            ok = applyAll(run, node, kind, own);
            if (ok || run.collecting) {
                ok &= holdsUnevaluated(run, node, kind, own, rest);
            }
            run.close(node, own, track, ok);
        }
        run.depth--;
        if (entered) {
            run.leave();
        }
        return ok;
    }

    private boolean applyAll(Evaluation run, int node, int kind, int track) {
        boolean ok = true;
        if (kind == JsonTape.OBJECT) {
            ok = objects == null || objects.holds(run, node, track);
        } else if (kind == JsonTape.ARRAY) {
            ok = arrays == null || arrays.holds(run, node, track);
        }
        for (Check check : checks) {
            if (!ok && !run.collecting) {
                return false;
            }
            ok &= check.holds(run, node, track);
        }
        return ok;
    }

    private static boolean holdsUnevaluated(Evaluation run, int node, int kind, int track, CompiledSchema rest) {
        JsonTape tape = run.tape;
        boolean object = kind == JsonTape.OBJECT;
        Rule rule = object ? Rule.UNEVALUATED_PROPERTIES : Rule.UNEVALUATED_ITEMS;
        boolean ok = true;
        int index = 0;
        for (int child = node + 1; child < tape.next(node); index++) {
            int value = object ? child + 1 : child;
            if (!run.isMarked(track, index)) {
                ok &= rest.never ? run.fail(value, rule) : rest.holds(run, value);
                if (!ok && !run.collecting) {
                    return false;
                }
                run.mark(track, index);
            }
            child = tape.next(value);
        }
        return ok;
    }
}
