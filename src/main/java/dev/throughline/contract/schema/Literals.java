package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code enum} and {@code const}: texts by their bytes, all else by value. */
final class Literals {
    /** Up to so many texts are compared one by one. */
    private static final int LINEAR_MAX = 8;

    private final Rule rule;
    private final byte[][] texts;
    private final @Nullable Names table;
    private final JsonTape schema;
    /** Nodes in the schema that are not strings. */
    private final int[] others;

    Literals(Rule rule, JsonTape schema, List<String> texts, int[] others) {
        this.rule = rule;
        this.schema = schema;
        this.others = others;
        this.texts = texts.stream().map(Names::utf8).toArray(byte[][]::new);
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
        for (byte[] candidate : texts) {
            if (candidate.length == length && startsWith(text, from, candidate)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] text, int from, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (text[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
