package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code enum} and {@code const}: texts by their bytes, all else by value. */
final class Literals {
    /** Up to so many texts are compared one by one. */
    private static final int LINEAR_MAX = 8;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Rule rule;
    private final byte[][] texts;
    /** The first eight bytes of each text, or all of them. */
    private final long[] heads;

    private final @Nullable Names table;
    private final JsonTape schema;
    /** Nodes in the schema that are not strings. */
    private final int[] others;

    Literals(Rule rule, JsonTape schema, List<String> texts, int[] others) {
        this.rule = rule;
        this.schema = schema;
        this.others = others;
        this.texts = texts.stream().map(Names::utf8).toArray(byte[][]::new);
        this.heads = new long[this.texts.length];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = (long) LONGS.get(Arrays.copyOf(this.texts[i], Math.max(8, this.texts[i].length)), 0);
        }
        this.table = texts.size() > LINEAR_MAX ? new Names(List.copyOf(texts)) : null;
    }

    boolean holds(Evaluation run, int node) {
        return contains(run, node) || run.fail(node, rule);
    }

    boolean contains(Evaluation run, int node) {
        JsonTape tape = run.tape;
        int kind = tape.kind(node);
        if (kind == JsonTape.STRING || kind == JsonTape.KEY) {
            if (tape.isEscaped(node)) {
                run.readText(node);
                return hasText(run.text, run.textFrom, run.textTo);
            }
            return hasText(tape.bytes(), tape.start(node), tape.end(node));
        }
        for (int other : others) {
            if (Equality.equal(run, tape, node, schema, other)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasText(byte[] text, int from, int to) {
        if (table != null) {
            return table.slot(text, from, to, JsonTape.hash(text, from, to)) >= 0;
        }
        int length = to - from;
        long head = length >= 8 ? (long) LONGS.get(text, from) : Names.shortWord(text, from, length);
        for (int i = 0; i < texts.length; i++) {
            if (heads[i] == head
                    && texts[i].length == length
                    && (length <= 8 || Arrays.equals(texts[i], 8, length, text, from + 8, to))) {
                return true;
            }
        }
        return false;
    }
}
