package dev.throughline.telemetry.otlp;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Compact documents to the OTLP protobuf wire: a span to {@code TracesData}, a metric to {@code MetricsData}, each with one
 * resource and one scope. Documents are appended: protobuf joins what is concatenated, so the spans of a trace become one
 * message. A span without a correlation attribute, whose document has a {@code correlation_id} of its own, gets it as the
 * attribute {@code throughline.correlation_id}.
 *
 * <p>Reused by one thread. The bytes are borrowed until the next {@link #reset}.
 */
public final class OtlpProtobufWriter {
    private static final byte[] RESOURCE = ascii("resource");
    private static final byte[] SCOPE = ascii("scope");
    private static final byte[] SPAN = ascii("span");
    private static final byte[] METRIC = ascii("metric");
    private static final byte[] SCHEMA_URL = ascii("schemaUrl");
    private static final byte[] ATTRIBUTES = ascii("attributes");
    private static final byte[] CORRELATION_ID = ascii("correlation_id");
    private static final byte[] PREFIXED_CORRELATION_ID = ascii("throughline.correlation_id");
    private static final int SPAN_ATTRIBUTES =
            OtlpShapes.SPAN.byName("attributes").number();

    private final JsonTape tape;
    private final ProtobufOutput out = new ProtobufOutput();
    private final NumberReader numbers = new NumberReader();
    private final AnyValueWriter values = new AnyValueWriter(out);

    public OtlpProtobufWriter(JsonTape.Limits limits) {
        tape = new JsonTape(limits);
    }

    public OtlpProtobufWriter() {
        this(JsonTape.Limits.DEFAULT);
    }

    public byte[] bytes() {
        return out.bytes();
    }

    public int length() {
        return out.length();
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(out.bytes(), out.length());
    }

    /** Empties it; what grew beyond {@code keepBytes} is let go. */
    public void reset(int keepBytes) {
        out.reset(keepBytes);
    }

    /**
     * Appends one document.
     *
     * @return false, and nothing is appended, where it is not a compact document of that signal
     */
    public boolean append(Signal signal, byte[] document, int from, int to) {
        try {
            tape.parseWhole(document, from, to);
        } catch (JsonSyntaxException notJson) {
            return false;
        }
        int record = tape.member(0, signal == Signal.SPAN ? SPAN : METRIC);
        boolean hasForm = signal == Signal.SPAN || signal == Signal.METRIC;
        if (!hasForm || record < 0 || tape.kind(record) != JsonTape.OBJECT) {
            return false;
        }
        append(signal, record);
        return true;
    }

    private void append(Signal signal, int record) {
        int resource = tape.member(0, RESOURCE);
        int scope = tape.member(0, SCOPE);
        int resourceEnvelope = out.open(OtlpShapes.REQUEST_ITEMS);
        head(resource, OtlpShapes.RESOURCE);
        int scopeEnvelope = out.open(OtlpShapes.ENVELOPE_ITEMS);
        head(scope, OtlpShapes.SCOPE);
        int content = out.open(OtlpShapes.ENVELOPE_ITEMS);
        message(record, signal == Signal.SPAN ? OtlpShapes.SPAN : OtlpShapes.METRIC);
        if (signal == Signal.SPAN) {
            correlation(record, resource, scope);
        }
        out.close(content);
        schemaUrl(scope);
        out.close(scopeEnvelope);
        schemaUrl(resource);
        out.close(resourceEnvelope);
    }

    private void head(int node, MessageShape shape) {
        boolean onlySchemaUrl = node >= 0 && tape.childCount(node) == 1 && tape.member(node, SCHEMA_URL) >= 0;
        if (node >= 0 && tape.kind(node) == JsonTape.OBJECT && !onlySchemaUrl) {
            int content = out.open(OtlpShapes.ENVELOPE_HEAD);
            message(node, shape);
            out.close(content);
        }
    }

    private void schemaUrl(int node) {
        int url = node < 0 ? -1 : tape.member(node, SCHEMA_URL);
        if (url >= 0 && tape.kind(url) == JsonTape.STRING) {
            values.string(tape, OtlpShapes.ENVELOPE_SCHEMA_URL, url);
        }
    }

    private void correlation(int span, int resource, int scope) {
        int id = tape.member(0, CORRELATION_ID);
        boolean carried = hasCorrelation(span) || hasCorrelation(scope) || hasCorrelation(resource);
        if (id < 0 || tape.kind(id) != JsonTape.STRING || carried) {
            return;
        }
        int entry = out.open(SPAN_ATTRIBUTES);
        out.bytesField(AnyValueWriter.KEY, PREFIXED_CORRELATION_ID, 0, PREFIXED_CORRELATION_ID.length);
        values.keyed(tape, id);
        out.close(entry);
    }

    private boolean hasCorrelation(int holder) {
        int attributes = holder < 0 ? -1 : tape.member(holder, ATTRIBUTES);
        return attributes >= 0
                && (tape.member(attributes, CORRELATION_ID) >= 0
                        || tape.member(attributes, PREFIXED_CORRELATION_ID) >= 0);
    }

    private void message(int object, MessageShape shape) {
        for (int key = tape.firstChild(object); key < tape.next(object); key = tape.next(tape.value(key))) {
            MessageField field = shape.byKey(tape, key);
            if (field != null) {
                field(field, tape.value(key));
            }
        }
    }

    private void field(MessageField field, int value) {
        if (field.type() == FieldType.ATTRIBUTES) {
            values.entries(tape, field.number(), value, false);
        } else if (!field.isRepeated()) {
            element(field, value);
        } else if (tape.kind(value) == JsonTape.ARRAY) {
            if (field.type().isPackable()) {
                packed(field, value);
            } else {
                for (int item = tape.firstChild(value); item < tape.next(value); item = tape.next(item)) {
                    element(field, item);
                }
            }
        }
    }

    private void packed(MessageField field, int array) {
        int content = out.open(field.number());
        for (int item = tape.firstChild(array); item < tape.next(array); item = tape.next(item)) {
            if (readScalar(field.type(), item)) {
                scalar(field.type());
            }
        }
        out.close(content);
    }

    private void element(MessageField field, int node) {
        switch (field.type()) {
            case STRING -> {
                if (tape.kind(node) == JsonTape.STRING) {
                    values.string(tape, field.number(), node);
                }
            }
            case ID -> id(field.number(), node);
            case MESSAGE -> {
                if (tape.kind(node) == JsonTape.OBJECT) {
                    int content = out.open(field.number());
                    message(node, field.message());
                    out.close(content);
                }
            }
            case ATTRIBUTES, ANY_VALUE -> {}
            case BOOL, ENUM, UINT32, SINT32, FIXED32, UINT64, FIXED64, SFIXED64, DOUBLE -> {
                if (readScalar(field.type(), node)) {
                    out.tag(field.number(), field.type().wireType());
                    scalar(field.type());
                }
            }
        }
    }

    private void id(int number, int node) {
        byte[] source = tape.bytes();
        int from = tape.start(node);
        int to = tape.end(node);
        if (tape.kind(node) != JsonTape.STRING || (to - from) % 2 != 0) {
            return;
        }
        for (int at = from; at < to; at++) {
            if (Character.digit(source[at], 16) < 0) {
                return;
            }
        }
        out.tag(number, ProtobufOutput.LENGTH_DELIMITED);
        out.varint((to - from) / 2);
        for (int at = from; at < to; at += 2) {
            out.raw((byte) (Character.digit(source[at], 16) << 4 | Character.digit(source[at + 1], 16)));
        }
    }

    private boolean readScalar(FieldType type, int node) {
        return switch (type) {
            case BOOL -> numbers.readBoolean(tape, node);
            case DOUBLE -> numbers.readDouble(tape, node);
            case UINT64, FIXED64 -> numbers.readUnsigned(tape, node);
            case ENUM, UINT32, SINT32, FIXED32, SFIXED64 -> numbers.readSigned(tape, node);
            case STRING, ID, MESSAGE, ATTRIBUTES, ANY_VALUE -> false;
        };
    }

    private void scalar(FieldType type) {
        long value = numbers.integer();
        switch (type) {
            case DOUBLE -> out.fixed64(Double.doubleToRawLongBits(numbers.real()));
            case FIXED64, SFIXED64 -> out.fixed64(value);
            case FIXED32 -> out.fixed32((int) value);
            case SINT32 -> out.varint(((int) value << 1 ^ (int) value >> 31) & 0xFFFF_FFFFL);
            case BOOL, ENUM, UINT32, UINT64 -> out.varint(value);
            case STRING, ID, MESSAGE, ATTRIBUTES, ANY_VALUE -> throw new IllegalStateException(type.name());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "OtlpProtobufWriter[" + out.length() + " bytes]";
    }
}
