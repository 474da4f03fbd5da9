package dev.throughline.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that each open object of a parse has already. A filter of hashes says for most names that they are new; for the others few members
 * are looked at one by one, and many are in a set, whose lookups take a logarithm of them even where all hashes are equal. Not thread-safe.
 */
final class OpenNames {
    /** Longs a nesting level of the filter. */
    private static final int FILTER_LONGS = 4;

    private static final int FEW = 64;

    private final long[] filter;
    private final @Nullable Many[] many;

    /** The names of one object as they are said, up to a node. */
    private static final class Many {
        final Set<String> names = new HashSet<>();
        int next;
    }

    OpenNames(int depthMax) {
        filter = new long[FILTER_LONGS * (depthMax + 1)];
        many = new Many[depthMax + 1];
    }

    /** An object begins. */
    void begin(int depth) {
        int at = depth * FILTER_LONGS;
        filter[at] = 0;
        filter[at + 1] = 0;
        filter[at + 2] = 0;
        filter[at + 3] = 0;
        many[depth] = null;
    }

    /** Whether the hash is of a name that the object at this depth cannot have yet; takes note of it. */
    boolean isSurelyNew(int depth, int hash) {
        long bit = 1L << hash;
        int at = depth * FILTER_LONGS + (hash >>> 6 & FILTER_LONGS - 1);
        long seen = filter[at];
        filter[at] = seen | bit;
        return (seen & bit) == 0;
    }

    /** Whether an earlier member of the open object has the name of the key at {@code node}. */
    boolean isDuplicate(int depth, int object, int node, int[] nodes, byte[] source) {
        Many known = many[depth];
        if (known != null || nodes[object] >>> JsonTape.COUNT_SHIFT > FEW) {
            return isAmongMany(depth, object, node, nodes, source);
        }
        int hash = nodes[node + 3];
        for (int other = object + JsonTape.STRIDE; other < node; other = nextMember(other, nodes)) {
            if (nodes[other + 3] == hash && isSameName(other, node, nodes, source)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAmongMany(int depth, int object, int node, int[] nodes, byte[] source) {
        Many known = many[depth];
        if (known == null) {
            known = new Many();
            known.next = object + JsonTape.STRIDE;
            many[depth] = known;
        }
        int other = known.next;
        while (other < node) {
            known.names.add(name(other, nodes, source));
            other = nextMember(other, nodes);
        }
        known.next = other;
        return known.names.contains(name(node, nodes, source));
    }

    private static int nextMember(int key, int[] nodes) {
        int value = key + JsonTape.STRIDE;
        int kind = nodes[value] & JsonTape.KIND_MASK;
        return kind == JsonTape.OBJECT || kind == JsonTape.ARRAY
                ? nodes[value + 3] * JsonTape.STRIDE
                : value + JsonTape.STRIDE;
    }

    private static boolean isSameName(int a, int b, int[] nodes, byte[] source) {
        boolean escaped = ((nodes[a] | nodes[b]) & JsonTape.ESCAPED) != 0;
        return escaped
                ? name(a, nodes, source).equals(name(b, nodes, source))
                : Arrays.equals(source, nodes[a + 1], nodes[a + 2], source, nodes[b + 1], nodes[b + 2]);
    }

    /** What it says, however it is written. */
    private static String name(int key, int[] nodes, byte[] source) {
        String written = new String(source, nodes[key + 1], nodes[key + 2] - nodes[key + 1], StandardCharsets.UTF_8);
        return (nodes[key] & JsonTape.ESCAPED) == 0 ? written : JsonStrings.unescape(written);
    }
}
