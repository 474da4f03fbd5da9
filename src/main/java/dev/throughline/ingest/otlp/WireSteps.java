package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.otlp.FieldType;
import dev.throughline.telemetry.otlp.MessageField;
import dev.throughline.telemetry.otlp.MessageShape;
import dev.throughline.telemetry.otlp.OtlpShapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a record as {@link WireStep}s. What OTLP's own exporters do not write has none. Not thread-safe. */
final class WireSteps {
    private static final byte KEY = (byte) ProtobufReader.tag(1, ProtobufReader.LENGTH_DELIMITED);
    private static final byte ITEM = KEY;
    private static final byte ENTRY_VALUE = (byte) ProtobufReader.tag(2, ProtobufReader.LENGTH_DELIMITED);
    private static final byte STRING = (byte) ProtobufReader.tag(1, ProtobufReader.LENGTH_DELIMITED);
    private static final byte BOOL = (byte) ProtobufReader.tag(2, ProtobufReader.VARINT);
    private static final byte INT = (byte) ProtobufReader.tag(3, ProtobufReader.VARINT);
    private static final byte DOUBLE = (byte) ProtobufReader.tag(4, ProtobufReader.EIGHT_BYTES);
    private static final byte ARRAY = (byte) ProtobufReader.tag(5, ProtobufReader.LENGTH_DELIMITED);
    private static final byte ENTRIES = (byte) ProtobufReader.tag(6, ProtobufReader.LENGTH_DELIMITED);
    private static final int SEVERITY_TEXT = 3;

    private final ProtobufReader reader = new ProtobufReader();
    private final List<WireStep> steps = new ArrayList<>();

    /** The steps of the record of this shape in the range; null where it has something that no step is for. */
    @Nullable
    List<WireStep> read(MessageShape shape, byte[] body, int from, int to) {
        reader.wrap(body, from);
        steps.clear();
        try {
            return message(shape, to) ? List.copyOf(steps) : null;
        } catch (OtlpSyntaxException e) {
            return null;
        }
    }

    private boolean message(MessageShape shape, int end) throws OtlpSyntaxException {
        while (reader.at() < end) {
            int start = reader.at();
            int tag = reader.tag(end);
            int at = reader.at();
            reader.skip(tag, end);
            int after = reader.at();
            MessageField field = shape.byNumber(tag >>> 3);
            if (field == null || field.type().wireType() != (tag & 7)) {
                return false;
            }
            if (isLiteral(shape, field)) {
                steps.add(WireStep.literal(Arrays.copyOfRange(reader.bytes(), start, after)));
            } else {
                reader.seek(at);
                if (at != start + 1 || !field(shape, field, (byte) tag, start, after)) {
                    return false;
                }
                reader.seek(after);
            }
        }
        return true;
    }

    /** Values of a few kinds, and what a log's level is told by. */
    private static boolean isLiteral(MessageShape shape, MessageField field) {
        return switch (field.type()) {
            case BOOL, ENUM, UINT32, SINT32, FIXED32 -> !field.isRepeated();
            default -> shape == OtlpShapes.LOG_RECORD && field.number() == SEVERITY_TEXT;
        };
    }

    private boolean field(MessageShape shape, MessageField field, byte tag, int start, int after)
            throws OtlpSyntaxException {
        FieldType type = field.type();
        if (type == FieldType.ATTRIBUTES) {
            return entry(tag, start, after, shape == OtlpShapes.LOG_RECORD);
        }
        if (type == FieldType.MESSAGE) {
            int end = reader.end(after);
            return add(WireStep.FIELD, WireStep.NESTED, tag) && message(field.message(), end) && leave();
        }
        if (type == FieldType.ANY_VALUE) {
            int end = reader.end(after);
            return value(WireStep.VALUE, tag, new byte[0], start, end, false);
        }
        return switch (type) {
            case STRING -> !field.isRepeated() && add(WireStep.FIELD, WireStep.TEXT, tag);
            case ID -> add(WireStep.FIELD, WireStep.ID, tag);
            case FIXED64 -> !field.isRepeated() && add(WireStep.FIELD, WireStep.EIGHT_BYTES, tag);
            default -> false;
        };
    }

    private boolean add(int form, int holds, byte tag) {
        return steps.add(new WireStep(form, holds, tag, (byte) 0, new byte[0], false));
    }

    private boolean leave() {
        return steps.add(WireStep.leave());
    }

    /** A {@code KeyValue} whose field starts at {@code start}. */
    private boolean entry(byte tag, int start, int after, boolean ofLog) throws OtlpSyntaxException {
        int end = reader.end(after);
        int from = reader.at();
        if (reader.tag(end) != KEY) {
            return false;
        }
        int keyTo = reader.end(end);
        int keyFrom = reader.at();
        reader.seek(keyTo);
        if (keyTo == end || reader.tag(end) != ENTRY_VALUE) {
            return false;
        }
        byte[] label = Arrays.copyOfRange(reader.bytes(), from, reader.at());
        if (reader.end(end) != end) {
            return false;
        }
        boolean errorCode = false;
        if (ofLog) {
            int found = LogField.find(reader.bytes(), keyFrom, keyTo);
            boolean text = reader.at() < end && reader.bytes()[reader.at()] == STRING;
            if (found >= 0 && LogField.of(found).isNumber() && text) {
                return false; // A number or a string, by what it says.
            }
            errorCode = found >= 0 && LogField.isErrorType(found);
            if (errorCode && !text) {
                return false;
            }
        }
        return value(WireStep.ENTRY, tag, label, start, end, errorCode);
    }

    /** An {@code AnyValue} from the reader to {@code end}; the field that has it starts at {@code start}. */
    private boolean value(int form, byte tag, byte[] label, int start, int end, boolean errorCode)
            throws OtlpSyntaxException {
        byte kind = reader.at() < end ? reader.bytes()[reader.at()] : BOOL;
        if (kind == BOOL) {
            return steps.add(WireStep.literal(Arrays.copyOfRange(reader.bytes(), start, end)));
        }
        int holds = kind == STRING
                ? WireStep.TEXT
                : kind == INT ? WireStep.INTEGER : kind == DOUBLE ? WireStep.REAL : WireStep.NESTED;
        steps.add(new WireStep(form, holds, tag, kind, label, errorCode));
        if (holds != WireStep.NESTED) {
            return true;
        }
        reader.tag(end);
        return (kind == ARRAY || kind == ENTRIES) && items(kind, reader.end(end)) && leave();
    }

    private boolean items(byte kind, int end) throws OtlpSyntaxException {
        while (reader.at() < end) {
            int start = reader.at();
            if (reader.tag(end) != ITEM) {
                return false;
            }
            int at = reader.at();
            int itemEnd = reader.end(end);
            if (kind == ENTRIES) {
                reader.seek(at);
            }
            boolean read = kind == ENTRIES
                    ? entry(ITEM, start, itemEnd, false)
                    : value(WireStep.VALUE, ITEM, new byte[0], start, itemEnd, false);
            if (!read) {
                return false;
            }
            reader.seek(itemEnd);
        }
        return true;
    }

    @Override
    public String toString() {
        return "WireSteps[" + steps.size() + "]";
    }
}
