package dev.throughline.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a parsed document is but for its texts: the kind of every node, the name of every key, the number of a container's children.
 * Two documents of one shape have the same nodes under the same numbers, so that what follows from structure alone is found once for
 * all of them. Immutable.
 */
public final class RecordShape {
    /** Larger documents have none. */
    private static final int NODES_MAX = 512;

    private final int[] heads;

    private RecordShape(int[] heads) {
        this.heads = heads;
    }

    /** The shape of the document on the tape; null where it is too large, or has a key whose name has no number. */
    public static @Nullable RecordShape of(JsonTape tape) {
        int count = tape.size();
        if (count == 0 || count > NODES_MAX) {
            return null;
        }
        int[] heads = new int[count];
        for (int node = 0; node < count; node++) {
            if (tape.kind(node) == JsonTape.KEY && tape.keyNumber(node) == 0) {
                return null;
            }
            heads[node] = tape.head(node) & ~JsonTape.OF_TEXT;
        }
        return new RecordShape(heads);
    }

    /** Whether the document on the tape has this shape. */
    public boolean isOf(JsonTape tape) {
        if (tape.size() != heads.length) {
            return false;
        }
        int differences = 0;
        for (int node = 0; node < heads.length; node++) {
            differences |= tape.head(node) ^ heads[node];
        }
        return (differences & ~JsonTape.OF_TEXT) == 0;
    }

    public int size() {
        return heads.length;
    }

    @Override
    public String toString() {
        return "RecordShape[" + heads.length + " nodes, " + Integer.toHexString(Arrays.hashCode(heads)) + "]";
    }
}
