package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.otlp.NameTable;
import dev.throughline.telemetry.otlp.NumberReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** {@code AnyValue}, {@code KeyValue} and texts in OTLP/JSON. A reference is a node of the tape. */
final class JsonValues implements ValueSource {
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int VALUES = 3;
    private static final NameTable ENTRY_NAMES = new NameTable(4);

    private static final int STRING = 1;
    private static final int BOOL = 2;
    private static final int INT = 3;
    private static final int DOUBLE = 4;
    private static final int ARRAY = 5;
    private static final int ENTRIES = 6;
    private static final int BYTES = 7;
    private static final NameTable VALUE_NAMES = new NameTable(14);

    static {
        ENTRY_NAMES.put("key", KEY);
        ENTRY_NAMES.put("value", VALUE);
        ENTRY_NAMES.put("values", VALUES);
        String[] names = {"string", "bool", "int", "double", "array", "kvlist", "bytes"};
        for (int i = 0; i < names.length; i++) {
            VALUE_NAMES.put(names[i] + "Value", i + 1);
            VALUE_NAMES.put(names[i] + "_value", i + 1);
        }
    }

    private final CompactValues compact;
    private final NumberReader numbers = new NumberReader();
    private final int depthMax;
    private JsonTape tape;
    private int depth;

    private byte[] keyBytes = new byte[0];
    private int keyFrom;
    private int keyTo;
    private int valueNode;
    private int valueKind;

    JsonValues(CompactValues compact, JsonTape tape, int depthMax) {
        this.compact = compact;
        this.tape = tape;
        this.depthMax = depthMax;
    }

    void begin(JsonTape parsed) {
        tape = parsed;
        reset();
    }

    /** Forgets what an error left open. */
    void reset() {
        depth = 0;
        compact.reset();
    }

    OtlpSyntaxException malformed(int node) {
        return new OtlpSyntaxException(OtlpProblem.MALFORMED_VALUE, tape.start(node));
    }

    void require(int node, int kind) throws OtlpSyntaxException {
        if (tape.kind(node) != kind) {
            throw malformed(node);
        }
    }

    @Override
    public boolean isUnset(int ref) throws OtlpSyntaxException {
        return find(ref) == NONE;
    }

    @Override
    public void text(int ref, JsonWriter out) throws OtlpSyntaxException {
        require(ref, JsonTape.STRING);
        if (tape.isEscaped(ref)) {
            out.string(tape.text(ref));
        } else {
            out.raw(tape.bytes(), tape.start(ref) - 1, tape.end(ref) + 1);
        }
    }

    @Override
    public boolean id(int ref, JsonWriter out) throws OtlpSyntaxException {
        require(ref, JsonTape.STRING);
        byte[] source = tape.bytes();
        int at = tape.start(ref);
        while (at < tape.end(ref) && source[at] == '0') {
            at++;
        }
        if (at == tape.end(ref)) {
            return false;
        }
        hexId(ref, out);
        return true;
    }

    /** Writes an id in lower case; what is no hex is kept as it is, for the contract to refuse. */
    void hexId(int node, JsonWriter out) throws OtlpSyntaxException {
        require(node, JsonTape.STRING);
        byte[] source = tape.bytes();
        int start = out.length();
        out.raw((byte) '"');
        for (int at = tape.start(node); at < tape.end(node); at++) {
            byte b = source[at];
            if (Character.digit(b, 16) < 0) {
                out.truncate(start);
                text(node, out);
                return;
            }
            out.raw(b >= 'A' && b <= 'F' ? (byte) (b + ('a' - 'A')) : b);
        }
        out.raw((byte) '"');
    }

    /** The node of the value that an {@code AnyValue} has, with its kind in {@link #valueKind}; NONE for no value. */
    private int find(int node) throws OtlpSyntaxException {
        if (node == NONE || tape.kind(node) == JsonTape.NULL) {
            return NONE;
        }
        require(node, JsonTape.OBJECT);
        for (int key = tape.firstChild(node); key < tape.next(node); key = tape.next(tape.value(key))) {
            int kind = number(VALUE_NAMES, key);
            if (kind > 0 && tape.kind(tape.value(key)) != JsonTape.NULL) {
                valueKind = kind;
                return tape.value(key);
            }
        }
        return NONE;
    }

    private int number(NameTable names, int key) {
        if (tape.isEscaped(key)) {
            byte[] text = tape.text(key).getBytes(StandardCharsets.UTF_8);
            return names.get(text, 0, text.length, JsonTape.hash(text, 0, text.length));
        }
        return names.get(tape, key);
    }

    @Override
    public void value(int ref, JsonWriter out) throws OtlpSyntaxException {
        int value = find(ref);
        if (value == NONE) {
            out.raw(CompactValues.NULL);
            return;
        }
        switch (valueKind) {
            case STRING -> text(value, out);
            case BOOL -> bool(value, out);
            case INT -> {
                if (!numbers.readSigned(tape, value)) {
                    throw malformed(value);
                }
                out.number(numbers.integer());
            }
            case DOUBLE -> CompactValues.attributeDouble(out, real(value));
            case BYTES -> CompactValues.bytes(out, base64(value));
            case ARRAY, ENTRIES -> nested(valueKind, value, out);
            default -> throw new IllegalStateException("kind " + valueKind);
        }
    }

    private void bool(int node, JsonWriter out) throws OtlpSyntaxException {
        if (!numbers.readBoolean(tape, node)) {
            throw malformed(node);
        }
        out.raw(numbers.integer() == 1 ? CompactValues.TRUE : CompactValues.FALSE);
    }

    private double real(int node) throws OtlpSyntaxException {
        if (!numbers.readDouble(tape, node)) {
            throw malformed(node);
        }
        return numbers.real();
    }

    private byte[] base64(int node) throws OtlpSyntaxException {
        require(node, JsonTape.STRING);
        try {
            return Base64.getDecoder().decode(tape.text(node).replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException notBase64) {
            throw malformed(node);
        }
    }

    private void nested(int kind, int holder, JsonWriter out) throws OtlpSyntaxException {
        if (++depth > depthMax) {
            throw new OtlpSyntaxException(OtlpProblem.TOO_DEEP, tape.start(holder));
        }
        require(holder, JsonTape.OBJECT);
        int list = listOf(holder);
        if (kind == ARRAY) {
            array(list, out);
        } else {
            compact.openObject(out);
            if (list != NONE) {
                entries(list, true, out);
            }
            compact.closeObject(out);
        }
        depth--;
    }

    private int listOf(int holder) throws OtlpSyntaxException {
        for (int key = tape.firstChild(holder); key < tape.next(holder); key = tape.next(tape.value(key))) {
            if (number(ENTRY_NAMES, key) == VALUES && tape.kind(tape.value(key)) != JsonTape.NULL) {
                require(tape.value(key), JsonTape.ARRAY);
                return tape.value(key);
            }
        }
        return NONE;
    }

    private void array(int list, JsonWriter out) throws OtlpSyntaxException {
        out.raw((byte) '[');
        if (list != NONE) {
            for (int item = tape.firstChild(list); item < tape.next(list); item = tape.next(item)) {
                if (item != tape.firstChild(list)) {
                    out.raw((byte) ',');
                }
                value(item, out);
            }
        }
        out.raw((byte) ']');
    }

    /** The {@code KeyValue}s of an array as members of the open object. */
    void entries(int list, boolean dollarDoubled, JsonWriter out) throws OtlpSyntaxException {
        require(list, JsonTape.ARRAY);
        for (int item = tape.firstChild(list); item < tape.next(list); item = tape.next(item)) {
            readEntry(item);
            int value = valueNode;
            if (compact.member(out, keyBytes, keyFrom, keyTo, dollarDoubled, tape.start(item))) {
                value(value, out);
            }
        }
    }

    /** The {@code KeyValue}s of an array as attributes of a log. */
    void attributes(int list, LogAttributes attributes) throws OtlpSyntaxException {
        require(list, JsonTape.ARRAY);
        for (int item = tape.firstChild(list); item < tape.next(list); item = tape.next(item)) {
            readEntry(item);
            attributes.add(keyBytes, keyFrom, keyTo, this, valueNode, tape.start(item));
        }
    }

    private void readEntry(int item) throws OtlpSyntaxException {
        require(item, JsonTape.OBJECT);
        keyFrom = 0;
        keyTo = 0;
        valueNode = NONE;
        for (int key = tape.firstChild(item); key < tape.next(item); key = tape.next(tape.value(key))) {
            int name = number(ENTRY_NAMES, key);
            int value = tape.value(key);
            if (name == VALUE) {
                valueNode = value;
            } else if (name == KEY && tape.kind(value) != JsonTape.NULL) {
                require(value, JsonTape.STRING);
                readKey(value);
            }
        }
    }

    private void readKey(int node) {
        if (tape.isEscaped(node)) {
            keyBytes = tape.text(node).getBytes(StandardCharsets.UTF_8);
            keyFrom = 0;
            keyTo = keyBytes.length;
        } else {
            keyBytes = tape.bytes();
            keyFrom = tape.start(node);
            keyTo = tape.end(node);
        }
    }

    @Override
    public String toString() {
        return "JsonValues";
    }
}
