package dev.throughline.telemetry.otlp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One field of a message. Immutable. */
public final class MessageField {
    private final int number;
    private final String name;
    private final FieldType type;
    private final boolean repeated;
    private final @Nullable MessageShape message;
    private final List<String> enumNames;
    private final byte[] jsonPrefix;

    private MessageField(
            int number,
            String name,
            FieldType type,
            boolean repeated,
            @Nullable MessageShape message,
            List<String> enumNames) {
        this.number = number;
        this.name = name;
        this.type = type;
        this.repeated = repeated;
        this.message = message;
        this.enumNames = enumNames;
        this.jsonPrefix = ("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    static MessageField one(int number, String name, FieldType type) {
        return new MessageField(number, name, type, type == FieldType.ATTRIBUTES, null, List.of());
    }

    static MessageField many(int number, String name, FieldType type) {
        return new MessageField(number, name, type, true, null, List.of());
    }

    static MessageField one(int number, String name, MessageShape message) {
        return new MessageField(number, name, FieldType.MESSAGE, false, message, List.of());
    }

    static MessageField many(int number, String name, MessageShape message) {
        return new MessageField(number, name, FieldType.MESSAGE, true, message, List.of());
    }

    /** @param names in the order of their numbers, from 0 */
    static MessageField choice(int number, String name, String... names) {
        return new MessageField(number, name, FieldType.ENUM, false, null, List.of(names));
    }

    public int number() {
        return number;
    }

    /** The lowerCamelCase name. */
    public String name() {
        return name;
    }

    public FieldType type() {
        return type;
    }

    public boolean isRepeated() {
        return repeated;
    }

    /** The shape of a {@link FieldType#MESSAGE}. */
    public MessageShape message() {
        if (message == null) {
            throw new IllegalStateException(name + " is not a message");
        }
        return message;
    }

    /** The number of an enum's name, or -1. */
    public int enumNumber(String enumName) {
        return enumNames.indexOf(enumName);
    }

    /** The name in quotes and a colon; not to be changed. */
    public byte[] jsonPrefix() {
        return jsonPrefix;
    }

    /** The name as the {@code .proto} file has it. */
    String originalName() {
        StringBuilder original = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                original.append('_');
            }
            original.append(Character.toLowerCase(c));
        }
        return original.toString();
    }

    @Override
    public String toString() {
        return name + " = " + number;
    }
}
