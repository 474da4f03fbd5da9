package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keywords of one schema object, read with the types that the meta-schema asks for. */
final class SchemaObject {
    final SchemaDocument document;
    final JsonTape tape;
    final int node;
    /** Value nodes by keyword. */
    private final Map<String, Integer> keywords;

    SchemaObject(SchemaDocument document, int node) throws SchemaException {
        this.document = document;
        this.tape = document.tape;
        this.node = node;
        keywords = members(node);
    }

    SchemaException malformed(int at) {
        return document.failure("malformed_keyword", at);
    }

    boolean isEmpty() {
        return keywords.isEmpty();
    }

    /** The value of a keyword, or -1. */
    int find(String keyword) {
        Integer value = keywords.get(keyword);
        return value == null ? -1 : value;
    }

    /** Members of an object in order; a name written twice in two ways is refused. */
    Map<String, Integer> members(int object) throws SchemaException {
        if (tape.kind(object) != JsonTape.OBJECT) {
            throw malformed(object);
        }
        Map<String, Integer> members = LinkedHashMap.newLinkedHashMap(tape.childCount(object));
        for (int key = object + 1; key < tape.next(object); key = tape.next(key + 1)) {
            if (members.put(tape.text(key), key + 1) != null) {
                throw malformed(key);
            }
        }
        return members;
    }

    @Nullable
    String string(String keyword) throws SchemaException {
        int value = find(keyword);
        if (value < 0) {
            return null;
        }
        if (tape.kind(value) != JsonTape.STRING) {
            throw malformed(value);
        }
        return tape.text(value);
    }

    boolean flag(String keyword) throws SchemaException {
        int value = find(keyword);
        if (value >= 0 && tape.kind(value) != JsonTape.TRUE && tape.kind(value) != JsonTape.FALSE) {
            throw malformed(value);
        }
        return value >= 0 && tape.kind(value) == JsonTape.TRUE;
    }

    /** A count, {@code 2.0} included; what is over an int is the largest int. */
    int count(String keyword, int otherwise) throws SchemaException {
        int value = find(keyword);
        if (value < 0) {
            return otherwise;
        }
        if (tape.kind(value) != JsonTape.NUMBER) {
            throw malformed(value);
        }
        Decimal number = new Decimal().read(tape.bytes(), tape.start(value), tape.end(value));
        if (!number.isInteger() || number.isNegative()) {
            throw malformed(value);
        }
        if (number.isZero()) {
            return 0;
        }
        if (number.digits() + number.scale() > 10) {
            return Integer.MAX_VALUE;
        }
        long scaled = number.unscaled().longValue();
        for (long i = number.scale(); i > 0; i--) {
            scaled *= 10;
        }
        return (int) Math.min(scaled, Integer.MAX_VALUE);
    }

    int number(String keyword) throws SchemaException {
        int value = find(keyword);
        if (value >= 0 && tape.kind(value) != JsonTape.NUMBER) {
            throw malformed(value);
        }
        return value;
    }

    /** The items of an array keyword, or none where it is absent. */
    List<Integer> array(String keyword, boolean mayBeEmpty) throws SchemaException {
        int value = find(keyword);
        return value < 0 ? List.of() : items(value, mayBeEmpty);
    }

    List<Integer> items(int array, boolean mayBeEmpty) throws SchemaException {
        if (tape.kind(array) != JsonTape.ARRAY || (!mayBeEmpty && tape.childCount(array) == 0)) {
            throw malformed(array);
        }
        List<Integer> items = new ArrayList<>();
        for (int item = array + 1; item < tape.next(array); item = tape.next(item)) {
            items.add(item);
        }
        return items;
    }

    /** The distinct strings of an array. */
    List<String> strings(int array) throws SchemaException {
        List<String> texts = new ArrayList<>();
        for (int item : items(array, true)) {
            if (tape.kind(item) != JsonTape.STRING || texts.contains(tape.text(item))) {
                throw malformed(item);
            }
            texts.add(tape.text(item));
        }
        return texts;
    }

    /** The members of an object keyword, or none where it is absent. */
    Map<String, Integer> map(String keyword) throws SchemaException {
        int value = find(keyword);
        return value < 0 ? Map.of() : members(value);
    }
}
