package dev.throughline.contract.compat;

import dev.throughline.telemetry.JsonStrings;
import dev.throughline.telemetry.JsonTape;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JSON value, made to be tried on a schema. Immutable. */
sealed interface Value {
    /** {@code null}, {@code true}, {@code false}, or a number as it is written. */
    record Word(String json) implements Value {
        static final Word NULL = new Word("null");
        static final Word TRUE = new Word("true");
        static final Word FALSE = new Word("false");
    }

    record Text(String text) implements Value {}

    record Items(List<Value> items) implements Value {
        public Items {
            items = List.copyOf(items);
        }
    }

    record Members(Map<String, Value> members) implements Value {
        public Members {
            members = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        Members with(String name, Value value) {
            Map<String, Value> more = new LinkedHashMap<>(members);
            more.put(name, value);
            return new Members(more);
        }

        Members without(String name) {
            Map<String, Value> fewer = new LinkedHashMap<>(members);
            fewer.remove(name);
            return new Members(fewer);
        }
    }

    static Value number(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        boolean isShort = Math.abs((long) plain.scale()) < 40;
        return new Word(
                isShort
                        ? plain.toPlainString()
                        : plain.toString().replace("E+", "e").replace('E', 'e'));
    }

    /** The value at a node. */
    static Value of(JsonTape tape, int node) {
        return switch (tape.kind(node)) {
            case JsonTape.STRING, JsonTape.KEY -> new Text(tape.text(node));
            case JsonTape.ARRAY -> {
                List<Value> items = new ArrayList<>();
                for (int item = node + 1; item < tape.next(node); item = tape.next(item)) {
                    items.add(of(tape, item));
                }
                yield new Items(items);
            }
            case JsonTape.OBJECT -> {
                Map<String, Value> members = new LinkedHashMap<>();
                for (int key = node + 1; key < tape.next(node); key = tape.next(key + 1)) {
                    members.put(tape.text(key), of(tape, key + 1));
                }
                yield new Members(members);
            }
            default -> new Word(tape.text(node));
        };
    }

    /** The kinds it may be: two for a number too far out to be looked at. */
    default Set<Kind> kinds() {
        return switch (this) {
            case Text _ -> Set.of(Kind.STRING);
            case Items _ -> Set.of(Kind.ARRAY);
            case Members _ -> Set.of(Kind.OBJECT);
            case Word(String json) ->
                switch (json.charAt(0)) {
                    case 'n' -> Set.of(Kind.NULL);
                    case 't', 'f' -> Set.of(Kind.BOOLEAN);
                    default -> Numbers.kinds(Numbers.read(json));
                };
        };
    }

    default String json() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.toString();
    }

    private void write(StringBuilder out) {
        switch (this) {
            case Word(String json) -> out.append(json);
            case Text(String text) -> quote(text, out);
            case Items(List<Value> items) -> {
                String separator = "[";
                for (Value item : items) {
                    out.append(separator);
                    item.write(out);
                    separator = ",";
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case Members(Map<String, Value> members) -> {
                String separator = "{";
                for (Map.Entry<String, Value> member : members.entrySet()) {
                    quote(member.getKey(), out.append(separator));
                    member.getValue().write(out.append(':'));
                    separator = ",";
                }
                out.append(members.isEmpty() ? "{}" : "}");
            }
        }
    }

    private static void quote(String text, StringBuilder out) {
        String quoted = new String(JsonStrings.quote(text), StandardCharsets.UTF_8);
        out.append(text.chars().anyMatch(c -> Character.isSurrogate((char) c)) ? escaped(text) : quoted);
    }

    /** Surrogates written as escapes: alone they are no UTF-8. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                String quoted = new String(JsonStrings.quote(String.valueOf(c)), StandardCharsets.UTF_8);
                out.append(quoted, 1, quoted.length() - 1);
            }
        }
        return out.append('"').toString();
    }
}
