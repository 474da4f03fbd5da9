package dev.throughline.ingest;

import dev.throughline.contract.schema.SchemaPlan;
import dev.throughline.masking.MaskingPlan;
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

    private final @Nullable Known[] table = new Known[SLOTS];
    private final byte[] misses = new byte[SLOTS];
    private int asked;

    /** A shape, the nodes of its fields, and what is left to do for a conforming record that has it; a null plan: everything. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(
            RecordShape shape,
            int[] fields,
            @Nullable SchemaPlan contract,
            @Nullable MaskingPlan masking) {}

    /** The shape of the record on the tape, or null where it is not known. */
    @Nullable
    Known find(JsonTape tape) {
        int hash = tape.namesHash() * 31 + tape.size();
        asked = (hash ^ hash >>> 16 ^ hash >>> 8) & (SLOTS - 1);
        Known known = table[asked];
        if (known != null && known.shape.isOf(tape)) {
            misses[asked] = 0;
            return known;
        }
        return null;
    }

    /** Whether the shape that was asked for last, and not found, is worth learning now. */
    boolean isDue() {
        return ++misses[asked] >= MISSES_MIN;
    }

    /** Puts the shape that was asked for last. */
    void learn(Known known) {
        table[asked] = known;
        misses[asked] = 0;
    }

    /** Forgets that the last one was missed: it has no shape to be known by. */
    void pass() {
        misses[asked] = 0;
    }
}
