package dev.throughline.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was found out lately about two texts of a record, such as its connector and tenant: direct-mapped, compared by bytes, so that what
 * a connector sends again and again costs two comparisons. Bounded in entries and in what one takes: texts come from senders, and not all of
 * them conform. Not thread-safe.
 */
public final class PairMemory<V> {
    private static final int TEXT_BYTES_MAX = 128;
    private static final byte[] NONE = new byte[0];

    private final BiFunction<String, String, V> finder;
    private final byte[][] texts;
    private final @Nullable Object[] values;

    /**
     * An empty memory.
     *
     * @param slots a power of two
     * @param finder finds out; asked for texts that are not remembered, an absent one being empty
     */
    public PairMemory(int slots, BiFunction<String, String, V> finder) {
        this.finder = finder;
        this.texts = new byte[2 * slots][];
        this.values = new Object[slots];
        clear();
    }

    /** Forgets all. */
    public void clear() {
        Arrays.fill(texts, NONE);
        Arrays.fill(values, null);
    }

    /** What is known of the texts at two nodes; -1 stands for none. */
    @SuppressWarnings("unchecked") // only what the finder gave is put there
    public V get(JsonTape tape, int first, int second) {
        int hash = 31 * hash(tape, first) + hash(tape, second);
        int slot = (hash ^ hash >>> 16) & (values.length - 1);
        Object known = values[slot];
        if (known != null && is(tape, first, texts[2 * slot]) && is(tape, second, texts[2 * slot + 1])) {
            return (V) known;
        }
        String one = text(tape, first);
        String other = text(tape, second);
        V found = finder.apply(one, other);
        if (isPlain(tape, first) && isPlain(tape, second)) {
            texts[2 * slot] = one.getBytes(StandardCharsets.UTF_8);
            texts[2 * slot + 1] = other.getBytes(StandardCharsets.UTF_8);
            values[slot] = found;
        }
        return found;
    }

    private static int hash(JsonTape tape, int node) {
        return node < 0 ? 0 : JsonTape.hash(tape.bytes(), tape.start(node), tape.end(node));
    }

    private static boolean is(JsonTape tape, int node, byte[] text) {
        return node < 0 ? text.length == 0 : tape.contentEquals(node, text);
    }

    private static String text(JsonTape tape, int node) {
        return node < 0 ? "" : tape.text(node);
    }

    private static boolean isPlain(JsonTape tape, int node) {
        return node < 0 || (!tape.isEscaped(node) && tape.end(node) - tape.start(node) <= TEXT_BYTES_MAX);
    }
}
