package dev.throughline.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The mapping of logs once more, from generated messages to trees and with no thought of speed. */
final class ExpectedLogs {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter NINE_DECIMALS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Map<String, List<String>> SOURCES = sources();

    private ExpectedLogs() {}

    private static Map<String, List<String>> sources() {
        Map<String, List<String>> sources = new LinkedHashMap<>();
        for (String key : RandomOtlp.FIELD_KEYS) {
            sources.put(key, new ArrayList<>(List.of("throughline." + key, key)));
        }
        sources.get("service").add("service.name");
        sources.get("environment").addAll(List.of("deployment.environment.name", "deployment.environment"));
        sources.get("error_code").add("error.type");
        sources.put("http.method", List.of("throughline.http.method", "http.method", "http.request.method"));
        sources.put("http.status", List.of("throughline.http.status", "http.status", "http.response.status_code"));
        sources.put("http.route", List.of("throughline.http.route", "http.route"));
        return sources;
    }

    static List<JsonNode> of(ExportLogsServiceRequest request) {
        List<JsonNode> documents = new ArrayList<>();
        for (ResourceLogs resource : request.getResourceLogsList()) {
            for (ScopeLogs scope : resource.getScopeLogsList()) {
                for (LogRecord record : scope.getLogRecordsList()) {
                    documents.add(document(resource.getResource().getAttributesList(), scope.getScope(), record));
                }
            }
        }
        return documents;
    }

    private static Map<String, AnyValue> map(List<KeyValue> attributes) {
        Map<String, AnyValue> map = new LinkedHashMap<>();
        for (KeyValue attribute : attributes) {
            map.putIfAbsent(attribute.getKey(), attribute.getValue());
        }
        // A field's key without a value counts as absent.
        map.entrySet()
                .removeIf(e -> e.getValue().getValueCase() == AnyValue.ValueCase.VALUE_NOT_SET
                        && SOURCES.values().stream().anyMatch(keys -> keys.contains(e.getKey())));
        return map;
    }

    private static JsonNode document(List<KeyValue> resourceAttributes, InstrumentationScope scope, LogRecord log) {
        Map<String, AnyValue> record = map(log.getAttributesList());
        Map<String, AnyValue> scoped = map(scope.getAttributesList());
        Map<String, AnyValue> resource = map(resourceAttributes);
        ObjectNode document = NODES.objectNode();
        head(document, log);
        ObjectNode http = NODES.objectNode();
        boolean parts = false;
        for (Map.Entry<String, List<String>> field : SOURCES.entrySet()) {
            String name = field.getKey();
            parts |= name.startsWith("http.")
                    && List.of(record, scoped, resource).stream()
                            .anyMatch(level -> field.getValue().stream().anyMatch(level::containsKey));
        }
        for (Map.Entry<String, List<String>> field : SOURCES.entrySet()) {
            String name = field.getKey();
            if (name.equals("http") && parts) {
                continue;
            }
            JsonNode value = name.equals("event_name") && !log.getEventName().isEmpty()
                    ? NODES.textNode(log.getEventName())
                    : take(name, field.getValue(), List.of(record, scoped, resource));
            if (value == null) {
                continue;
            }
            if (name.startsWith("http.")) {
                http.set(name.substring(5), value);
            } else {
                document.set(name, value);
            }
        }
        if (parts) {
            document.set("http", http);
        }
        rest(document, "attributes", record);
        rest(document, "resource", resource);
        ObjectNode scopeNode = NODES.objectNode();
        if (!scope.getName().isEmpty()) {
            scopeNode.put("name", scope.getName());
        }
        if (!scope.getVersion().isEmpty()) {
            scopeNode.put("version", scope.getVersion());
        }
        rest(scopeNode, "attributes", scoped);
        if (!scopeNode.isEmpty()) {
            document.set("scope", scopeNode);
        }
        return document;
    }

    /** Takes the value away from the level that gives it; what is left everywhere is the rest. */
    private static JsonNode take(String name, List<String> keys, List<Map<String, AnyValue>> levels) {
        for (Map<String, AnyValue> level : levels) {
            for (String key : keys) {
                JsonNode value = level.containsKey(key) ? value(level.get(key)) : null;
                boolean refused = key.equals("error.type")
                        && value != null
                        && !(value.isTextual() && value.textValue().matches("[A-Z][A-Z0-9_]{1,63}"));
                if (value != null && !refused) {
                    level.remove(key);
                    return coerced(name, value);
                }
            }
        }
        return null;
    }

    private static JsonNode coerced(String name, JsonNode value) {
        boolean integer = name.equals("attempt") || name.equals("http.status");
        String pattern = integer ? "-?(0|[1-9][0-9]{0,14})" : "-?(0|[1-9][0-9]*)(\\.[0-9]+)?";
        boolean number = integer || name.equals("duration_ms");
        if (number
                && value.isTextual()
                && value.textValue().matches(pattern)
                && value.textValue().length() < 15) {
            String text = value.textValue();
            return text.contains(".")
                    ? NODES.numberNode(Double.parseDouble(text))
                    : NODES.numberNode(new BigInteger(text));
        }
        return value;
    }

    private static void head(ObjectNode document, LogRecord log) {
        long nanos = log.getTimeUnixNano() != 0 ? log.getTimeUnixNano() : log.getObservedTimeUnixNano();
        if (nanos != 0) {
            Instant time = Instant.ofEpochSecond(
                    Long.divideUnsigned(nanos, 1_000_000_000L), Long.remainderUnsigned(nanos, 1_000_000_000L));
            document.put("timestamp", NINE_DECIMALS.format(time));
        }
        int number = log.getSeverityNumberValue();
        String text = log.getSeverityText();
        String level = number >= 1 && number <= 24
                ? List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL").get((number - 1) / 4)
                : switch (text.toUpperCase(Locale.ROOT)) {
                    case "ERROR" -> "ERROR";
                    case "WARN" -> "WARN";
                    case "DEBUG3" -> "DEBUG";
                    default -> "INFO";
                };
        document.put("level", level);
        if (!text.isEmpty() && !text.equals(level)) {
            document.put("severity_text", text);
        }
        if (log.getBody().getValueCase() == AnyValue.ValueCase.STRING_VALUE) {
            document.put("message", log.getBody().getStringValue());
        } else if (log.getBody().getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET) {
            document.set("body", value(log.getBody()));
        }
        id(document, "trace_id", log.getTraceId());
        id(document, "span_id", log.getSpanId());
        if (log.getDroppedAttributesCount() != 0) {
            document.put("dropped_attributes_count", Integer.toUnsignedLong(log.getDroppedAttributesCount()));
        }
    }

    private static void id(ObjectNode document, String name, ByteString id) {
        String hex = HexFormat.of().formatHex(id.toByteArray());
        if (!hex.matches("0*")) {
            document.put(name, hex);
        }
    }

    private static void rest(ObjectNode parent, String name, Map<String, AnyValue> attributes) {
        if (!attributes.isEmpty()) {
            ObjectNode object = parent.putObject(name);
            attributes.forEach((key, value) -> object.set(key, value(value)));
        }
    }

    static JsonNode value(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> NODES.textNode(value.getStringValue());
            case BOOL_VALUE -> NODES.booleanNode(value.getBoolValue());
            case INT_VALUE -> NODES.numberNode(BigInteger.valueOf(value.getIntValue()));
            case DOUBLE_VALUE ->
                Double.isFinite(value.getDoubleValue())
                        ? NODES.numberNode(value.getDoubleValue())
                        : NODES.objectNode().put("$double", String.valueOf(value.getDoubleValue()));
            case BYTES_VALUE ->
                NODES.objectNode()
                        .put(
                                "$bytes",
                                Base64.getEncoder()
                                        .encodeToString(value.getBytesValue().toByteArray()));
            case ARRAY_VALUE -> {
                ArrayNode array = NODES.arrayNode();
                value.getArrayValue().getValuesList().forEach(item -> array.add(value(item)));
                yield array;
            }
            case KVLIST_VALUE -> {
                ObjectNode object = NODES.objectNode();
                for (KeyValue entry : value.getKvlistValue().getValuesList()) {
                    String key = entry.getKey().startsWith("$") ? "$" + entry.getKey() : entry.getKey();
                    object.set(key, value(entry.getValue()));
                }
                yield object;
            }
            case VALUE_NOT_SET -> NODES.nullNode();
        };
    }
}
