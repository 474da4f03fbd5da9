package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import org.jspecify.annotations.Nullable;

/** The assertions on an array and its items; set once by the compiler. */
final class ArrayRules {
    int minItems;
    int maxItems = Integer.MAX_VALUE;
    boolean uniqueItems;
    CompiledSchema[] prefix = {};

    @Nullable
    CompiledSchema items;

    @Nullable
    CompiledSchema contains;

    int minContains = 1;
    int maxContains = Integer.MAX_VALUE;
    /** Whether the bound was written, so that it is the one to be named. */
    boolean minContainsGiven;

    boolean holds(Evaluation run, int node, int track) {
        int count = run.tape.childCount(node);
        boolean ok = true;
        if (count < minItems) {
            ok = run.fail(node, Rule.MIN_ITEMS);
        }
        if (count > maxItems) {
            ok = run.fail(node, Rule.MAX_ITEMS);
        }
        if ((ok || run.collecting) && (prefix.length > 0 || items != null)) {
            ok &= holdsItems(run, node, track);
        }
        if ((ok || run.collecting) && contains != null) {
            ok &= holdsContains(run, node, track, contains);
        }
        if ((ok || run.collecting) && uniqueItems && !Equality.hasUniqueItems(run, node)) {
            ok = run.fail(node, Rule.UNIQUE_ITEMS);
        }
        return ok;
    }

    private boolean holdsItems(Evaluation run, int node, int track) {
        JsonTape tape = run.tape;
        int end = tape.next(node);
        boolean ok = true;
        int index = 0;
        for (int item = node + 1; item < end; item = tape.next(item)) {
            CompiledSchema schema = index < prefix.length ? prefix[index] : items;
            if (schema == null) {
                break;
            }
            ok &= (schema.never && schema == items) ? run.fail(item, Rule.ITEMS) : schema.holds(run, item);
            if (!ok && !run.collecting) {
                return false;
            }
            if (track != Evaluation.UNTRACKED) {
                run.mark(track, index);
            }
            index++;
        }
        return ok;
    }

    private boolean holdsContains(Evaluation run, int node, int track, CompiledSchema wanted) {
        JsonTape tape = run.tape;
        boolean collecting = run.collecting;
        run.collecting = false;
        int found = 0;
        int index = 0;
        for (int item = node + 1; item < tape.next(node); item = tape.next(item)) {
            if (wanted.holds(run, item)) {
                found++;
                if (track != Evaluation.UNTRACKED) {
                    run.mark(track, index);
                }
            }
            index++;
        }
        run.collecting = collecting;
        if (found > maxContains) {
            return run.fail(node, Rule.MAX_CONTAINS);
        }
        return found >= minContains || run.fail(node, minContainsGiven ? Rule.MIN_CONTAINS : Rule.CONTAINS);
    }
}
