package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import org.jspecify.annotations.Nullable;

/** The applicators in place: schemas that apply to the value itself. */
final class Applicators {
    private Applicators() {}

    /** Applies a branch without recording, its marks kept only if it holds. */
    private static boolean tries(CompiledSchema branch, Evaluation run, int node, int track) {
        boolean collecting = run.collecting;
        run.collecting = false;
        boolean ok;
        if (track == Evaluation.UNTRACKED) {
            ok = branch.holds(run, node);
        } else {
            int own = run.open(node);
            ok = branch.holds(run, node, own);
            run.close(node, own, track, ok);
        }
        run.collecting = collecting;
        return ok;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record AllOf(CompiledSchema[] branches) implements Check {
        @Override
        public boolean holds(Evaluation run, int node, int track) {
            boolean ok = true;
            for (CompiledSchema branch : branches) {
                ok &= branch.holds(run, node, track);
                if (!ok && !run.collecting) {
                    return false;
                }
            }
            return ok;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record AnyOf(CompiledSchema[] branches) implements Check {
        @Override
        public boolean holds(Evaluation run, int node, int track) {
            boolean ok = false;
            for (CompiledSchema branch : branches) {
                ok |= tries(branch, run, node, track);
                if (ok && track == Evaluation.UNTRACKED) {
                    return true;
                }
            }
            return ok || run.fail(node, Rule.ANY_OF);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OneOf(CompiledSchema[] branches) implements Check {
        @Override
        public boolean holds(Evaluation run, int node, int track) {
            int matching = 0;
            for (CompiledSchema branch : branches) {
                if (tries(branch, run, node, track) && ++matching > 1) {
                    return run.fail(node, Rule.ONE_OF_SEVERAL);
                }
            }
            return matching == 1 || run.fail(node, Rule.ONE_OF);
        }
    }

    record Not(CompiledSchema schema) implements Check {
        @Override
        public boolean holds(Evaluation run, int node, int track) {
            return !tries(schema, run, node, Evaluation.UNTRACKED) || run.fail(node, Rule.NOT);
        }
    }

    record If(
            CompiledSchema condition,
            @Nullable CompiledSchema then,
            @Nullable CompiledSchema otherwise) implements Check {
        @Override
        public boolean holds(Evaluation run, int node, int track) {
            CompiledSchema next = tries(condition, run, node, track) ? then : otherwise;
            return next == null || next.holds(run, node, track);
        }
    }

    record Ref(CompiledSchema target) implements Check {
        @Override
        public boolean holds(Evaluation run, int node, int track) {
            return target.holds(run, node, track);
        }
    }

    /** {@code $dynamicRef} to a dynamic anchor; the table is filled when all resources are known. */
    static final class DynamicRef implements Check {
        final String anchor;
        private final CompiledSchema initial;

        @Nullable
        CompiledSchema[] byResource = {};

        DynamicRef(String anchor, CompiledSchema initial) {
            this.anchor = anchor;
            this.initial = initial;
        }

        @Override
        public boolean holds(Evaluation run, int node, int track) {
            return run.outermost(byResource, initial).holds(run, node, track);
        }
    }

    /** The schema of each member that is present applies to the whole object. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record DependentSchemas(Names names, CompiledSchema[] schemas) implements Check {
        @Override
        public boolean holds(Evaluation run, int node, int track) {
            JsonTape tape = run.tape;
            if (tape.kind(node) != JsonTape.OBJECT) {
                return true;
            }
            boolean ok = true;
            for (int key = node + 1; key < tape.next(node); key = tape.next(key + 1)) {
                int slot = names.slot(run, key);
                if (slot >= 0) {
                    ok &= schemas[slot].holds(run, node, track);
                    if (!ok && !run.collecting) {
                        return false;
                    }
                }
            }
            return ok;
        }
    }
}
