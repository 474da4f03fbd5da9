package dev.throughline.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a value on a tape is but for some of its texts: the nodes of its subtree, and the texts of all scalars that may not differ.
 * Immutable.
 */
public final class TapeRange {
    private static final int NODES_MAX = 1_024;

    private final int[] heads;
    /** Counted from the first node. */
    private final int[] literalNodes;

    private final byte[][] literals;

    private TapeRange(int[] heads, int[] literalNodes, byte[][] literals) {
        this.heads = heads;
        this.literalNodes = literalNodes;
        this.literals = literals;
    }

    /**
     * The subtree of a node; null where it is too large, or has a key whose name has no number.
     *
     * @param free by node, counted from this one: whether its text may differ
     */
    public static @Nullable TapeRange of(JsonTape tape, int node, boolean[] free) {
        int count = tape.next(node) - node;
        if (count > NODES_MAX) {
            return null;
        }
        int[] heads = new int[count];
        int[] nodes = new int[count];
        byte[][] texts = new byte[count][];
        int literals = 0;
        for (int i = 0; i < count; i++) {
            int kind = tape.kind(node + i);
            heads[i] = tape.head(node + i) & ~JsonTape.OF_TEXT;
            if (kind == JsonTape.KEY) {
                if (tape.keyNumber(node + i) == 0 || tape.isEscaped(node + i)) {
                    return null;
                }
            } else if ((kind == JsonTape.STRING || kind == JsonTape.NUMBER) && !free[i]) {
                nodes[literals] = i;
                texts[literals++] = Arrays.copyOfRange(tape.bytes(), tape.start(node + i), tape.end(node + i));
            }
        }
        return new TapeRange(heads, Arrays.copyOf(nodes, literals), Arrays.copyOf(texts, literals));
    }

    /** A number that is the same for all subtrees that are like the one of a node. */
    public static int hash(JsonTape tape, int node) {
        int hash = 0;
        int end = tape.next(node);
        for (int at = node; at < end; at++) {
            hash = hash * 31 + (tape.head(at) & ~JsonTape.OF_TEXT);
        }
        return hash;
    }

    /** Whether the subtree of a node is like this one. */
    public boolean isAt(JsonTape tape, int node) {
        if (tape.next(node) - node != heads.length) {
            return false;
        }
        for (int i = 0; i < heads.length; i++) {
            if (((tape.head(node + i) ^ heads[i]) & ~JsonTape.OF_TEXT) != 0) {
                return false;
            }
        }
        for (int i = 0; i < literals.length; i++) {
            if (!tape.isText(node + literalNodes[i], literals[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "TapeRange[" + heads.length + " nodes, " + literals.length + " literals]";
    }
}
