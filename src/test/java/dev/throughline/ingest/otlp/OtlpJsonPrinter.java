package dev.throughline.ingest.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.throughline.telemetry.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Generated messages as OTLP/JSON, in one of the ways that the specification leaves open, chosen by a seed. */
public final class OtlpJsonPrinter {
    private static final Set<String> IDS = Set.of("trace_id", "span_id", "parent_span_id");
    private final Random random;
    private final boolean originalNames;

    OtlpJsonPrinter(long seed) {
        random = new Random(seed);
        originalNames = random.nextInt(4) == 0;
    }

    private OtlpJsonPrinter() {
        random = new Random(0) {
            private static final long serialVersionUID = 1L;

            @Override
            public int nextInt(int bound) {
                return 1;
            }

            @Override
            public boolean nextBoolean() {
                return true;
            }
        };
        originalNames = false;
    }

    /** As the SDKs write it. */
    public static OtlpJsonPrinter plain() {
        return new OtlpJsonPrinter();
    }

    public byte[] print(Message message) {
        StringBuilder out = new StringBuilder();
        message(message, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void message(Message message, StringBuilder out) {
        out.append(random.nextInt(5) == 0 ? "{ " : "{");
        boolean first = true;
        if (random.nextInt(4) == 0) {
            out.append("\"unknownField\":{\"a\":[1,{}]}");
            first = false;
        }
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            out.append(first ? "" : ",");
            first = false;
            FieldDescriptor field = entry.getKey();
            out.append('"')
                    .append(originalNames ? field.getName() : field.getJsonName())
                    .append("\":");
            if (field.isRepeated()) {
                list(field, (List<?>) entry.getValue(), out);
            } else {
                value(field, entry.getValue(), out);
            }
        }
        out.append('}');
    }

    private void list(FieldDescriptor field, List<?> items, StringBuilder out) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ",");
            value(field, items.get(i), out);
        }
        out.append(']');
    }

    private void value(FieldDescriptor field, Object value, StringBuilder out) {
        switch (field.getType()) {
            case MESSAGE -> message((Message) value, out);
            case STRING -> out.append(new String(JsonStrings.quote((String) value), StandardCharsets.UTF_8));
            case BYTES ->
                out.append('"').append(bytes(field, (ByteString) value)).append('"');
            case ENUM -> {
                EnumValueDescriptor named = (EnumValueDescriptor) value;
                boolean byName = named.getIndex() >= 0 && random.nextInt(4) == 0;
                out.append(byName ? "\"" + named.getName() + "\"" : String.valueOf(named.getNumber()));
            }
            case DOUBLE -> {
                double number = (Double) value;
                out.append(Double.isFinite(number) ? String.valueOf(number) : "\"" + number + "\"");
            }
            case UINT64, FIXED64 -> integer(Long.toUnsignedString((Long) value), out);
            case INT64, SFIXED64, SINT64 -> integer(String.valueOf(value), out);
            case UINT32, FIXED32 -> out.append(Integer.toUnsignedString((Integer) value));
            default -> out.append(value);
        }
    }

    private void integer(String digits, StringBuilder out) {
        out.append(random.nextBoolean() ? digits : "\"" + digits + "\"");
    }

    private String bytes(FieldDescriptor field, ByteString value) {
        if (IDS.contains(field.getName())) {
            String hex = HexFormat.of().formatHex(value.toByteArray());
            return random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT);
        }
        Base64.Encoder encoder = random.nextBoolean()
                ? Base64.getEncoder()
                : Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(value.toByteArray());
    }
}
