package dev.throughline.ingest;

import dev.throughline.contract.schema.SchemaPlan;
import dev.throughline.masking.MaskingPlan;
import dev.throughline.policy.RecordRules;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.RecordShape;
import org.jspecify.annotations.Nullable;

/**
 * What one worker knows of the shapes that its senders write records in: a connector writes the same members in the same order again and
 * again. A small table; a shape takes another's place only after it was missed several times in a row. Belongs to one policy.
 */
final class Shapes {
    private static final int SLOTS = 64;
    private static final int MISSES_MIN = 4;
    /** Of one shape; more begin anew. */
    private static final int RULES_MAX = 8;

    private final @Nullable Known[] table = new Known[SLOTS];
    private final byte[] misses = new byte[SLOTS];
    private int asked;

    /** A shape, whose rules it was learned under, the nodes of its fields, and what is left to do for a conforming record that has it and these rules; a null plan: everything. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(
            RecordShape shape,
            RecordRules rules,
            int[] fields,
            @Nullable SchemaPlan contract,
            @Nullable MaskingPlan masking,
            @Nullable Known next) {
        Known(
                RecordShape shape,
                RecordRules rules,
                int[] fields,
                @Nullable SchemaPlan contract,
                @Nullable MaskingPlan masking) {
            this(shape, rules, fields, contract, masking, null);
        }

        private Known before(@Nullable Known others) {
            return new Known(shape, rules, fields, contract, masking, others);
        }
    }

    /** The shape of the record on the tape, or null where it is not known. */
    @Nullable
    Known find(JsonTape tape) {
        int hash = tape.namesHash() * 31 + tape.size();
        asked = (hash ^ hash >>> 16 ^ hash >>> 8) & (SLOTS - 1);
        Known known = table[asked];
        return known != null && known.shape.isOf(tape) ? known : null;
    }

    /** What was learned of a shape that was found under these rules, or null. */
    @SuppressWarnings("ReferenceEquality") // one object for all that are treated alike
    @Nullable
    Known under(@Nullable Known found, RecordRules rules) {
        for (Known known = found; known != null; known = known.next) {
            if (known.rules == rules) {
                misses[asked] = 0;
                return known;
            }
        }
        return null;
    }

    /** Whether the shape that was asked for last, and not found, is worth learning now. */
    boolean isDue() {
        return ++misses[asked] >= MISSES_MIN;
    }

    /** Puts the shape that was asked for last: before what is known of it under other rules, or in place of another shape. */
    void learn(Known known, JsonTape tape) {
        Known there = table[asked];
        boolean same = there != null && there.shape.isOf(tape) && count(there) < RULES_MAX;
        table[asked] = same ? known.before(there) : known;
        misses[asked] = 0;
    }

    private static int count(Known first) {
        int count = 0;
        for (Known known = first; known != null; known = known.next) {
            count++;
        }
        return count;
    }

    /** Forgets that the last one was missed: it has no shape to be known by. */
    void pass() {
        misses[asked] = 0;
    }
}
