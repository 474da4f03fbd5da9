package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.otlp.FieldType;
import dev.throughline.telemetry.otlp.MessageField;
import dev.throughline.telemetry.otlp.MessageShape;
import org.jspecify.annotations.Nullable;

/**
 * A protobuf message to a compact JSON object, by its shape. Fields are written as they come; where a sender interleaves fields
 * or repeats one that is not a list, the message is written again field by field, the last of several counting, as protobuf
 * has it.
 */
final class ProtobufMessages {
    private final ProtobufReader reader;
    private final ProtobufValues values;
    private final CompactValues compact;
    private int points;

    ProtobufMessages(ProtobufReader reader, ProtobufValues values, CompactValues compact) {
        this.reader = reader;
        this.values = values;
        this.compact = compact;
    }

    /** Data points written since the last call. */
    int takePoints() {
        int taken = points;
        points = 0;
        return taken;
    }

    /** The message from the reader to {@code end}. */
    void message(MessageShape shape, int end, JsonWriter out) throws OtlpSyntaxException {
        int from = reader.at();
        int start = out.length();
        int pointsBefore = points;
        out.raw((byte) '{');
        if (!inOrder(shape, end, out)) {
            points = pointsBefore;
            out.truncate(start + 1);
            for (MessageField field : shape.fields()) {
                reader.seek(from);
                gathered(field, end, out);
            }
        }
        out.raw((byte) '}');
        points += shape.isDataPoint() ? 1 : 0;
    }

    /** False, with objects closed, where a field comes again after another one. */
    private boolean inOrder(MessageShape shape, int end, JsonWriter out) throws OtlpSyntaxException {
        long seen = 0;
        MessageField open = null;
        while (reader.at() < end) {
            int tag = reader.tag(end);
            MessageField field = shape.byNumber(tag >>> 3);
            if (field == null || !fits(field, tag & 7)) {
                reader.skip(tag, end);
                continue;
            }
            if (open != field) {
                closeList(open, out);
                open = null;
                if ((seen & 1L << field.number()) != 0) {
                    return false;
                }
                seen |= 1L << field.number();
                openField(field, out);
                open = field;
            } else if (!field.isRepeated()) {
                return false;
            }
            element(field, tag & 7, end, out);
        }
        closeList(open, out);
        return true;
    }

    private void gathered(MessageField field, int end, JsonWriter out) throws OtlpSyntaxException {
        int from = reader.at();
        int lastAt = -1;
        int lastWireType = 0;
        while (reader.at() < end) {
            int tag = reader.tag(end);
            int at = reader.at();
            reader.skip(tag, end);
            if (tag >>> 3 == field.number() && fits(field, tag & 7)) {
                boolean first = lastAt < 0;
                lastAt = at;
                lastWireType = tag & 7;
                if (field.isRepeated()) {
                    if (first) {
                        openField(field, out);
                    }
                    int after = reader.at();
                    reader.seek(at);
                    element(field, lastWireType, end, out);
                    reader.seek(after);
                }
            }
        }
        if (lastAt >= 0 && field.isRepeated()) {
            closeList(field, out);
        } else if (lastAt >= 0) {
            openField(field, out);
            reader.seek(lastAt);
            element(field, lastWireType, end, out);
        }
        reader.seek(from);
    }

    private static boolean fits(MessageField field, int wireType) {
        return field.type().wireType() == wireType
                || (wireType == ProtobufReader.LENGTH_DELIMITED
                        && field.isRepeated()
                        && field.type().isPackable());
    }

    private void openField(MessageField field, JsonWriter out) {
        if (out.bytes()[out.length() - 1] != '{') {
            out.raw((byte) ',');
        }
        out.raw(field.jsonPrefix());
        if (field.type() == FieldType.ATTRIBUTES) {
            compact.openObject(out);
        } else if (field.isRepeated()) {
            out.raw((byte) '[');
        }
    }

    private void closeList(@Nullable MessageField field, JsonWriter out) {
        if (field == null) {
            return;
        }
        if (field.type() == FieldType.ATTRIBUTES) {
            compact.closeObject(out);
        } else if (field.isRepeated()) {
            out.raw((byte) ']');
        }
    }

    private void element(MessageField field, int wireType, int end, JsonWriter out) throws OtlpSyntaxException {
        FieldType type = field.type();
        if (wireType != ProtobufReader.LENGTH_DELIMITED) {
            separate(field, out);
            scalar(type, end, out);
            return;
        }
        int to = reader.end(end);
        if (type == FieldType.ATTRIBUTES) {
            values.entry(to, false, out);
        } else if (type.isPackable()) {
            while (reader.at() < to) {
                separate(field, out);
                scalar(type, to, out);
            }
        } else {
            separate(field, out);
            if (type == FieldType.MESSAGE) {
                message(field.message(), to, out);
            } else if (type == FieldType.ID) {
                values.hex(reader.at(), to, out);
            } else {
                out.string(reader.bytes(), reader.at(), to);
            }
            reader.seek(to);
        }
    }

    private static void separate(MessageField field, JsonWriter out) {
        if (field.isRepeated() && out.bytes()[out.length() - 1] != '[') {
            out.raw((byte) ',');
        }
    }

    private void scalar(FieldType type, int end, JsonWriter out) throws OtlpSyntaxException {
        switch (type) {
            case BOOL -> out.raw(reader.varint(end) != 0 ? CompactValues.TRUE : CompactValues.FALSE);
            case ENUM -> {
                int number = (int) reader.varint(end);
                out.number(number);
            }
            case UINT32 -> out.number(reader.varint(end) & 0xFFFF_FFFFL);
            case SINT32 -> {
                int zigzag = (int) reader.varint(end);
                out.number(zigzag >>> 1 ^ -(zigzag & 1));
            }
            case FIXED32 -> out.number(reader.fixed32(end) & 0xFFFF_FFFFL);
            case UINT64 -> CompactValues.decimal(out, reader.varint(end), true);
            case FIXED64 -> CompactValues.decimal(out, reader.fixed64(end), true);
            case SFIXED64 -> CompactValues.decimal(out, reader.fixed64(end), false);
            case DOUBLE -> CompactValues.fieldDouble(out, Double.longBitsToDouble(reader.fixed64(end)));
            case STRING, ID, MESSAGE, ATTRIBUTES, ANY_VALUE -> throw new IllegalStateException(type.name());
        }
    }

    @Override
    public String toString() {
        return "ProtobufMessages";
    }
}
