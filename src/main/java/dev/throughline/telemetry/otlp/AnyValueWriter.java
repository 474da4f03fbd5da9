package dev.throughline.telemetry.otlp;

import dev.throughline.telemetry.JsonTape;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The compact form of {@code KeyValue} and {@code AnyValue} to protobuf. */
final class AnyValueWriter {
    static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int ITEMS = 1;

    private static final int STRING = 1;
    private static final int BOOL = 2;
    private static final int INT = 3;
    private static final int DOUBLE = 4;
    private static final int ARRAY = 5;
    private static final int ENTRIES = 6;
    private static final int BYTES = 7;

    private static final byte[] DOUBLE_FORM = "$double".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTES_FORM = "$bytes".getBytes(StandardCharsets.US_ASCII);

    private final ProtobufOutput out;
    private final NumberReader numbers = new NumberReader();

    AnyValueWriter(ProtobufOutput out) {
        this.out = out;
    }

    /** A string field with the text of a string node. */
    void string(JsonTape tape, int number, int node) {
        text(tape, number, node, 0);
    }

    private void text(JsonTape tape, int number, int node, int skip) {
        if (tape.isEscaped(node)) {
            byte[] text = tape.text(node).getBytes(StandardCharsets.UTF_8);
            out.bytesField(number, text, skip, text.length);
        } else {
            out.bytesField(number, tape.bytes(), tape.start(node) + skip, tape.end(node));
        }
    }

    /**
     * The members of an object as {@code repeated KeyValue}; of anything else, nothing.
     *
     * @param escaped whether a leading {@code $} of a key was doubled
     */
    void entries(JsonTape tape, int number, int object, boolean escaped) {
        if (tape.kind(object) != JsonTape.OBJECT) {
            return;
        }
        for (int key = tape.firstChild(object); key < tape.next(object); key = tape.next(tape.value(key))) {
            int entry = out.open(number);
            boolean doubled = escaped && tape.end(key) > tape.start(key) && tape.bytes()[tape.start(key)] == '$';
            text(tape, KEY, key, doubled ? 1 : 0);
            keyed(tape, tape.value(key));
            out.close(entry);
        }
    }

    /** The value of an entry that is open. */
    void keyed(JsonTape tape, int node) {
        int content = out.open(VALUE);
        value(tape, node);
        out.close(content);
    }

    private void value(JsonTape tape, int node) {
        switch (tape.kind(node)) {
            case JsonTape.STRING -> text(tape, STRING, node, 0);
            case JsonTape.TRUE, JsonTape.FALSE -> {
                out.tag(BOOL, ProtobufOutput.VARINT);
                out.varint(tape.kind(node) == JsonTape.TRUE ? 1 : 0);
            }
            case JsonTape.NUMBER -> number(tape, node);
            case JsonTape.ARRAY -> array(tape, node);
            case JsonTape.OBJECT -> object(tape, node);
            default -> {} // null: an AnyValue without a value
        }
    }

    private void number(JsonTape tape, int node) {
        if (tape.isIntegerLiteral(node) && numbers.readSigned(tape, node)) {
            out.tag(INT, ProtobufOutput.VARINT);
            out.varint(numbers.integer());
        } else {
            real(tape, node);
        }
    }

    private void real(JsonTape tape, int node) {
        if (numbers.readDouble(tape, node)) {
            out.tag(DOUBLE, ProtobufOutput.EIGHT_BYTES);
            out.fixed64(Double.doubleToRawLongBits(numbers.real()));
        }
    }

    private void array(JsonTape tape, int node) {
        int content = out.open(ARRAY);
        for (int item = tape.firstChild(node); item < tape.next(node); item = tape.next(item)) {
            int element = out.open(ITEMS);
            value(tape, item);
            out.close(element);
        }
        out.close(content);
    }

    private void object(JsonTape tape, int node) {
        int only = tape.childCount(node) == 1 ? tape.value(tape.firstChild(node)) : -1;
        if (only >= 0 && tape.member(node, DOUBLE_FORM) == only) {
            real(tape, only);
        } else if (only >= 0 && tape.member(node, BYTES_FORM) == only && tape.kind(only) == JsonTape.STRING) {
            bytes(tape, only);
        } else {
            int content = out.open(ENTRIES);
            entries(tape, ITEMS, node, true);
            out.close(content);
        }
    }

    /** Base64 that masking replaced with other text is kept as that text. */
    private void bytes(JsonTape tape, int node) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(tape.text(node));
        } catch (IllegalArgumentException notBase64) {
            text(tape, STRING, node, 0);
            return;
        }
        out.bytesField(BYTES, decoded, 0, decoded.length);
    }
}
