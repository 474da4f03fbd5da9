package dev.throughline.contract.schema;

import org.jspecify.annotations.Nullable;

/**
 * {@code if}, {@code then} and {@code else} that only look at members which the object's own rules find anyway: decided from their
 * remembered nodes, without another walk.
 */
record MemberCondition(
        Members condition, @Nullable Members then, @Nullable Members otherwise) {

    boolean holds(Evaluation run, int node, int base) {
        boolean collecting = run.collecting;
        run.collecting = false;
        boolean met = condition.holds(run, node, base);
        run.collecting = collecting;
        Members next = met ? then : otherwise;
        return next == null || next.holds(run, node, base);
    }

    /** {@code properties} and {@code required} of one branch, by place among the remembered members. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Members(int[] places, @Nullable CompiledSchema[] schemas, boolean[] required, String[] names) {

        boolean holds(Evaluation run, int node, int base) {
            boolean ok = true;
            for (int i = 0; i < places.length; i++) {
                int value = run.member(base + places[i]);
                CompiledSchema schema = schemas[i];
                if (value < 0) {
                    ok &= !required[i] || run.failMember(node, Rule.REQUIRED, names[i]);
                } else {
                    ok &= schema == null || schema.holds(run, value);
                }
                if (!ok && !run.collecting) {
                    return false;
                }
            }
            return ok;
        }
    }
}
