package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.otlp.FieldType;
import dev.throughline.telemetry.otlp.MessageField;
import dev.throughline.telemetry.otlp.MessageShape;
import dev.throughline.telemetry.otlp.NumberReader;

/**
 * An OTLP/JSON object to a compact one, by its shape: members that the shape does not name, {@code null}s and empty ids are left
 * out, enums become numbers, ids lower-case.
 */
final class JsonMessages {
    private static final long UINT32_MAX = 0xFFFF_FFFFL;

    private final JsonValues values;
    private final CompactValues compact;
    private final NumberReader numbers = new NumberReader();
    private JsonTape tape;
    private int points;

    JsonMessages(JsonValues values, CompactValues compact, JsonTape tape) {
        this.values = values;
        this.compact = compact;
        this.tape = tape;
    }

    void begin(JsonTape parsed) {
        tape = parsed;
        points = 0;
    }

    /** Data points written since the last call. */
    int takePoints() {
        int taken = points;
        points = 0;
        return taken;
    }

    void message(MessageShape shape, int node, JsonWriter out) throws OtlpSyntaxException {
        values.require(node, JsonTape.OBJECT);
        long seen = 0;
        out.raw((byte) '{');
        for (int key = tape.firstChild(node); key < tape.next(node); key = tape.next(tape.value(key))) {
            MessageField field = shape.byKey(tape, key);
            int value = tape.value(key);
            if (field != null && tape.kind(value) != JsonTape.NULL && (seen & 1L << field.number()) == 0) {
                seen |= 1L << field.number();
                field(field, value, out);
            }
        }
        out.raw((byte) '}');
        points += shape.isDataPoint() ? 1 : 0;
    }

    private void field(MessageField field, int value, JsonWriter out) throws OtlpSyntaxException {
        int start = out.length();
        if (out.bytes()[start - 1] != '{') {
            out.raw((byte) ',');
        }
        out.raw(field.jsonPrefix());
        if (field.type() == FieldType.ATTRIBUTES) {
            compact.openObject(out);
            values.entries(value, false, out);
            compact.closeObject(out);
        } else if (field.isRepeated()) {
            list(field, value, out);
        } else if (field.type() == FieldType.ID && tape.end(value) == tape.start(value)) {
            values.require(value, JsonTape.STRING);
            out.truncate(start);
        } else {
            element(field, value, out);
        }
    }

    private void list(MessageField field, int array, JsonWriter out) throws OtlpSyntaxException {
        values.require(array, JsonTape.ARRAY);
        out.raw((byte) '[');
        for (int item = tape.firstChild(array); item < tape.next(array); item = tape.next(item)) {
            if (item != tape.firstChild(array)) {
                out.raw((byte) ',');
            }
            element(field, item, out);
        }
        out.raw((byte) ']');
    }

    private void element(MessageField field, int node, JsonWriter out) throws OtlpSyntaxException {
        switch (field.type()) {
            case STRING -> values.text(node, out);
            case ID -> values.hexId(node, out);
            case MESSAGE -> message(field.message(), node, out);
            case BOOL -> {
                accept(numbers.readBoolean(tape, node), node);
                out.raw(numbers.integer() == 1 ? CompactValues.TRUE : CompactValues.FALSE);
            }
            case DOUBLE -> {
                accept(numbers.readDouble(tape, node), node);
                CompactValues.fieldDouble(out, numbers.real());
            }
            case UINT64, FIXED64 -> {
                accept(numbers.readUnsigned(tape, node), node);
                CompactValues.decimal(out, numbers.integer(), true);
            }
            case SFIXED64 -> {
                accept(numbers.readSigned(tape, node), node);
                CompactValues.decimal(out, numbers.integer(), false);
            }
            case UINT32, FIXED32 -> {
                long value = unsigned(node);
                accept(value >= 0 && value <= UINT32_MAX, node);
                out.number(value);
            }
            case SINT32, ENUM -> out.number(int32(field, node));
            case ATTRIBUTES, ANY_VALUE -> throw new IllegalStateException(field.name());
        }
    }

    /** An enum's number, given as number or name, or another 32-bit integer. */
    int int32(MessageField field, int node) throws OtlpSyntaxException {
        if (numbers.readSigned(tape, node)) {
            accept(numbers.integer() == (int) numbers.integer(), node);
            return (int) numbers.integer();
        }
        int named = tape.kind(node) == JsonTape.STRING ? field.enumNumber(tape.text(node)) : -1;
        accept(named >= 0, node);
        return named;
    }

    /** An unsigned 64-bit integer. */
    long unsigned(int node) throws OtlpSyntaxException {
        accept(numbers.readUnsigned(tape, node), node);
        return numbers.integer();
    }

    private void accept(boolean read, int node) throws OtlpSyntaxException {
        if (!read) {
            throw values.malformed(node);
        }
    }

    @Override
    public String toString() {
        return "JsonMessages";
    }
}
