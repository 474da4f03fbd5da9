package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.otlp.FieldType;
import dev.throughline.telemetry.otlp.MessageField;
import dev.throughline.telemetry.otlp.MessageShape;
import dev.throughline.telemetry.otlp.OtlpShapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Which nodes of a record in OTLP/JSON hold values that differ from record to record, and of what kind; the others are told by their
 * text, or by their place. What OTLP's own exporters do not write has none. Not thread-safe.
 */
final class JsonRecord {
    /** A text that may be empty. */
    static final int TEXT = 0;
    /** A text of a field, which may treat an empty one as absent. */
    static final int OWN_TEXT = 1;

    static final int ERROR_CODE = 2;
    static final int ID = 3;
    /** Nanoseconds that are written as a timestamp. */
    static final int TIMESTAMP = 4;
    /** An unsigned integer that is written as a string of digits. */
    static final int DIGITS = 5;

    static final int INTEGER = 6;

    private static final int SEVERITY_TEXT = 3;

    /** A node that has a value, counted from the record's own. */
    record Item(int node, int kind) {}

    private final List<Item> items = new ArrayList<>();
    private JsonTape tape;
    private int root;

    JsonRecord(JsonTape tape) {
        this.tape = tape;
    }

    List<Item> items() {
        return items;
    }

    /** Reads the record at a node; false where it has something that the short way does not go. */
    boolean read(MessageShape shape, JsonTape source, int node) {
        tape = source;
        root = node;
        items.clear();
        return tape.kind(node) == JsonTape.OBJECT && message(shape, node);
    }

    private boolean item(int node, int kind, int... tokens) {
        for (int token : tokens) {
            if (tape.kind(node) == token) {
                items.add(new Item(node - root, kind));
                return true;
            }
        }
        return false;
    }

    private boolean message(MessageShape shape, int node) {
        for (int key = tape.firstChild(node); key < tape.next(node); key = tape.next(tape.value(key))) {
            MessageField field = tape.isEscaped(key) ? null : shape.byKey(tape, key);
            if (field == null || !field(shape, field, tape.value(key))) {
                return false;
            }
        }
        return true;
    }

    private boolean field(MessageShape shape, MessageField field, int value) {
        boolean ofLog = shape == OtlpShapes.LOG_RECORD;
        if (tape.kind(value) == JsonTape.NULL || (ofLog && field.number() == SEVERITY_TEXT)) {
            return true;
        }
        if (field.type() == FieldType.ATTRIBUTES) {
            return entries(value, ofLog);
        }
        if (field.isRepeated()) {
            return field.type() == FieldType.MESSAGE && messages(field.message(), value);
        }
        return switch (field.type()) {
            case STRING -> item(value, OWN_TEXT, JsonTape.STRING);
            case ID -> item(value, ID, JsonTape.STRING);
            case FIXED64 -> item(value, ofLog ? TIMESTAMP : DIGITS, JsonTape.STRING, JsonTape.NUMBER);
            case BOOL, ENUM, UINT32, SINT32, FIXED32 -> tape.isScalar(value);
            case MESSAGE -> tape.kind(value) == JsonTape.OBJECT && message(field.message(), value);
            case ANY_VALUE -> any(value, TEXT);
            case UINT64, SFIXED64, DOUBLE, ATTRIBUTES -> false;
        };
    }

    private boolean messages(MessageShape shape, int list) {
        if (tape.kind(list) != JsonTape.ARRAY) {
            return false;
        }
        for (int item = tape.firstChild(list); item < tape.next(list); item = tape.next(item)) {
            if (tape.kind(item) != JsonTape.OBJECT || !message(shape, item)) {
                return false;
            }
        }
        return true;
    }

    private boolean entries(int list, boolean ofLog) {
        if (tape.kind(list) != JsonTape.ARRAY) {
            return false;
        }
        for (int item = tape.firstChild(list); item < tape.next(list); item = tape.next(item)) {
            if (!entry(item, ofLog)) {
                return false;
            }
        }
        return true;
    }

    private boolean entry(int item, boolean ofLog) {
        int name = tape.member(item, ascii("key"));
        int value = tape.member(item, ascii("value"));
        if (name < 0 || value < 0 || tape.childCount(item) != 2 || tape.kind(name) != JsonTape.STRING) {
            return false;
        }
        int text = TEXT;
        if (ofLog) {
            byte[] key = tape.text(name).getBytes(StandardCharsets.UTF_8);
            int found = LogField.find(key, 0, key.length);
            boolean string = tape.member(value, ascii("stringValue")) >= 0;
            if (found >= 0 && LogField.of(found).isNumber() && string) {
                return false; // A number or a string, by what it says.
            }
            if (found >= 0 && LogField.isErrorType(found)) {
                if (!string) {
                    return false;
                }
                text = ERROR_CODE;
            }
        }
        return any(value, text);
    }

    private boolean any(int node, int text) {
        if (tape.kind(node) != JsonTape.OBJECT || tape.childCount(node) != 1) {
            return false;
        }
        int key = tape.firstChild(node);
        int value = tape.value(key);
        if (tape.isEscaped(key)) {
            return false;
        }
        return switch (tape.text(key)) {
            case "stringValue" -> item(value, text, JsonTape.STRING);
            case "intValue" -> item(value, INTEGER, JsonTape.STRING, JsonTape.NUMBER);
            case "boolValue" -> tape.isScalar(value);
            case "arrayValue" -> values(value, false);
            case "kvlistValue" -> values(value, true);
            default -> false;
        };
    }

    private boolean values(int holder, boolean entries) {
        int list = tape.kind(holder) == JsonTape.OBJECT ? tape.member(holder, ascii("values")) : -1;
        if (list < 0 || tape.childCount(holder) != 1 || tape.kind(list) != JsonTape.ARRAY) {
            return false;
        }
        if (entries) {
            return entries(list, false);
        }
        for (int item = tape.firstChild(list); item < tape.next(list); item = tape.next(item)) {
            if (!any(item, TEXT)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "JsonRecord[" + items.size() + " values]";
    }
}
