package dev.throughline.telemetry.otlp;

import dev.throughline.telemetry.JsonTape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of one message, found by number and by either name. Immutable. */
public final class MessageShape {
    /** Field numbers above it are not in use by OTLP; a field seen is a bit in a {@code long}. */
    public static final int NUMBER_MAX = 63;

    private final List<MessageField> fields;
    private final @Nullable MessageField[] byNumber;
    private final NameTable names;
    private final boolean dataPoint;

    MessageShape(MessageField... fields) {
        this(false, fields);
    }

    /** @param dataPoint whether it is one point of a metric, which OTLP counts refusals in */
    MessageShape(boolean dataPoint, MessageField... fields) {
        this.dataPoint = dataPoint;
        this.fields = List.of(fields);
        int max = 0;
        NameTable table = new NameTable(fields.length * 2);
        for (int i = 0; i < fields.length; i++) {
            max = Math.max(max, fields[i].number());
            table.put(fields[i].name(), i);
            table.put(fields[i].originalName(), i);
        }
        if (max > NUMBER_MAX) {
            throw new IllegalArgumentException("field number " + max);
        }
        names = table;
        byNumber = new @Nullable MessageField[max + 1];
        for (MessageField field : fields) {
            byNumber[field.number()] = field;
        }
    }

    public List<MessageField> fields() {
        return fields;
    }

    public boolean isDataPoint() {
        return dataPoint;
    }

    public @Nullable MessageField byNumber(int number) {
        return number >= 0 && number < byNumber.length ? byNumber[number] : null;
    }

    /** The field that a key of the tape names, in lowerCamelCase or as in the {@code .proto} file. */
    public @Nullable MessageField byKey(JsonTape tape, int key) {
        int index;
        if (tape.isEscaped(key)) {
            byte[] text = tape.text(key).getBytes(StandardCharsets.UTF_8);
            index = names.get(text, 0, text.length, JsonTape.hash(text, 0, text.length));
        } else {
            index = names.get(tape, key);
        }
        return index < 0 ? null : fields.get(index);
    }

    /** The field of this lowerCamelCase name. */
    public MessageField byName(String name) {
        for (MessageField field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException(name);
    }

    @Override
    public String toString() {
        return Arrays.toString(fields.toArray());
    }
}
