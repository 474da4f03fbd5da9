package dev.throughline.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.LearningPace;
import dev.throughline.telemetry.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The short way against the long way, over random requests and many variants of each: the same structure with other values, the awkward
 * ones among them.
 */
class TemplatesTest {
    private static final int REQUESTS = 150;
    private static final int VARIANTS = 12;
    private static final String[] TEXTS = {
        "",
        "3",
        "-17",
        "0",
        "12.5",
        "ERP_TIMEOUT",
        "erp timeout",
        "ERROR",
        "warn",
        "a\"b\\c\n",
        "Größe – 名前",
        "\u0001",
        "null",
        "x".repeat(70),
        "order 4711 for jane@example.org",
        "true",
        "E",
        "E1"
    };
    private static final long[] NUMBERS = {
        0, 1, -1, 7, 200, 504, 1_769_423_058_442_000_000L, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private static final String[] KEYS = {
        "correlation_id",
        "throughline.correlation_id",
        "tenant_id",
        "connector",
        "entity_id",
        "attempt",
        "duration_ms",
        "error_code",
        "error.type",
        "http.route",
        "http.request.method",
        "http.response.status_code",
        "http",
        "service.name",
        "tags",
        "audit",
        "$x",
        "user",
        "user.email",
        "a \"key\"",
        "number",
        "code.fn",
        "retries",
        "process"
    };

    private final JsonTape tape = new JsonTape();
    private final OtlpDecoder longWay = new OtlpDecoder(OtlpLimits.DEFAULT);
    private final OtlpDecoder shortWay = new OtlpDecoder(OtlpLimits.DEFAULT, tape, () -> new LearningPace(1, 1));
    private int parsed;
    private int all;

    @Test
    void logsInProtobuf() {
        compare(Signal.LOG, false);
    }

    @Test
    void spansInProtobuf() {
        compare(Signal.SPAN, false);
    }

    @Test
    void logsInJson() {
        compare(Signal.LOG, true);
    }

    @Test
    void spansInJson() {
        compare(Signal.SPAN, true);
    }

    /** What no generated message writes: fields that are there with the value that they have when they are not. */
    @Test
    void valuesOfNothingInProtobuf() {
        LogRecord log = LogRecord.newBuilder()
                .setSeverityNumberValue(9)
                .setObservedTimeUnixNano(1_769_423_058_443_000_000L)
                .setBody(AnyValue.newBuilder().setStringValue("m"))
                .setTraceId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}))
                .build();
        byte[] eventName = {12 << 3 | 2, 3, 'a', '.', 'b'};
        byte[] noEventName = {12 << 3 | 2, 0};
        byte[] time = {1 << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8};
        byte[] noTime = {1 << 3 | 1, 0, 0, 0, 0, 0, 0, 0, 0};
        for (int i = 0; i < 4; i++) {
            sameInProtobuf(time, log.toByteArray(), eventName);
        }
        assertThat(parsed).isPositive();
        sameInProtobuf(time, log.toByteArray(), noEventName);
        sameInProtobuf(noTime, log.toByteArray(), eventName);
        sameInProtobuf(noTime, log.toByteArray(), noEventName);
        byte[] twice = log.toBuilder().setSeverityNumberValue(17).build().toByteArray();
        sameInProtobuf(time, log.toByteArray(), eventName, twice);
    }

    private void sameInProtobuf(byte[]... parts) {
        ByteString record = ByteString.EMPTY;
        for (byte[] part : parts) {
            record = record.concat(ByteString.copyFrom(part));
        }
        byte[] body = nested(1, nested(2, nested(2, record))).toByteArray();
        assertThat(decode(shortWay, Signal.LOG, false, body)).isEqualTo(decode(longWay, Signal.LOG, false, body));
    }

    /** One field that is a message of less than 16,384 bytes. */
    private static ByteString nested(int number, ByteString content) {
        byte[] head = {(byte) (number << 3 | 2), (byte) (content.size() & 0x7F | 0x80), (byte) (content.size() >> 7)};
        return ByteString.copyFrom(head).concat(content);
    }

    @Test
    void valuesInJsonThatAreWrittenInAnotherWay() {
        String usual = """
                {"timeUnixNano":"1769423058442000000","severityNumber":9,"eventName":"a.b","body":{"stringValue":"m"},\
                "traceId":"0102030405060708090a0b0c0d0e0f10","attributes":[{"key":"retries","value":{"intValue":"12"}},\
                {"key":"error.type","value":{"stringValue":"TIMEOUT"}},{"key":"host","value":{"stringValue":"h"}}]}""";
        for (int i = 0; i < 4; i++) {
            sameInJson(usual);
        }
        assertThat(parsed).isPositive();
        sameInJson(usual.replace("a.b", ""));
        sameInJson(usual.replace("a.b", "a\\u002eb"));
        sameInJson(usual.replace("TIMEOUT", "timeout"));
        sameInJson(usual.replace("0102030405060708090a0b0c0d0e0f10", "0102030405060708090A0B0C0D0E0F10"));
        sameInJson(usual.replace("0102030405060708090a0b0c0d0e0f10", "0".repeat(32)));
        sameInJson(usual.replace("0102030405060708090a0b0c0d0e0f10", "no hex"));
        sameInJson(usual.replace("0102030405060708090a0b0c0d0e0f10", ""));
        for (String number :
                new String[] {"0", "012", "-0", "-3", "1.0", "1e3", "x", "", "9223372036854775808", "+1"}) {
            sameInJson(usual.replace("\"12\"", '"' + number + '"'));
            sameInJson(usual.replace("\"1769423058442000000\"", '"' + number + '"'));
        }
        sameInJson(usual.replace("\"h\"", "\"\\ud800\""));
        sameInJson(usual.replace("\"h\"", "\"\\/\""));
    }

    private void sameInJson(String record) {
        byte[] body = ("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + record + "]}]}]}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(decode(shortWay, Signal.LOG, true, body))
                .as(record)
                .isEqualTo(decode(longWay, Signal.LOG, true, body));
    }

    private void compare(Signal signal, boolean json) {
        for (int seed = 0; seed < REQUESTS; seed++) {
            Random random = new Random(seed);
            Message request = seed % 4 == 0 ? anything(signal, seed) : usual(signal, random);
            for (int i = 0; i < VARIANTS; i++) {
                Message variant = i == 0 ? request : variant(request, random, 4 + 4 * (i % 4));
                byte[] body = json
                        ? (seed % 4 == 0 ? new OtlpJsonPrinter(seed) : OtlpJsonPrinter.plain()).print(variant)
                        : variant.toByteArray();
                List<String> expected = decode(longWay, signal, json, body);
                assertThat(decode(shortWay, signal, json, body))
                        .as("seed %d, variant %d", seed, i)
                        .isEqualTo(expected);
            }
        }
        // Otherwise nothing was compared.
        assertThat(parsed).as("records that went the short way, of %d", all).isGreaterThan(all / 10);
    }

    /** With everything that OTLP can say. */
    private static Message anything(Signal signal, int seed) {
        RandomOtlp requests = new RandomOtlp(seed);
        return signal == Signal.LOG ? requests.logs() : requests.traces();
    }

    /** Records as exporters write them, two structures in turn. */
    private static Message usual(Signal signal, Random random) {
        Resource resource =
                Resource.newBuilder().addAllAttributes(attributes(random, 2)).build();
        InstrumentationScope scope = InstrumentationScope.newBuilder()
                .setName("scope" + random.nextInt(3))
                .addAllAttributes(attributes(random, random.nextInt(2)))
                .build();
        LogRecord[] logs = {log(random), log(random)};
        Span[] spans = {span(random), span(random)};
        ScopeLogs.Builder scopeLogs = ScopeLogs.newBuilder().setScope(scope).setSchemaUrl("https://example.org/1");
        ScopeSpans.Builder scopeSpans = ScopeSpans.newBuilder().setScope(scope).setSchemaUrl("https://example.org/1");
        for (int i = 0; i < 6; i++) {
            scopeLogs.addLogRecords(logs[i % 2]);
            scopeSpans.addSpans(spans[i % 2]);
        }
        return signal == Signal.LOG
                ? ExportLogsServiceRequest.newBuilder()
                        .addResourceLogs(
                                ResourceLogs.newBuilder().setResource(resource).addScopeLogs(scopeLogs))
                        .build()
                : ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(
                                ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scopeSpans))
                        .build();
    }

    private static LogRecord log(Random random) {
        LogRecord.Builder log = LogRecord.newBuilder()
                .setTimeUnixNano(1_769_423_058_442_000_000L)
                .setSeverityNumberValue(1 + random.nextInt(24))
                .setBody(AnyValue.newBuilder().setStringValue("a message"))
                .addAllAttributes(attributes(random, 8));
        if (random.nextBoolean()) {
            log.setSeverityText("ERROR")
                    .setObservedTimeUnixNano(1_769_423_058_443_000_000L)
                    .setFlags(1);
        }
        if (random.nextBoolean()) {
            log.setTraceId(bytes(random, 16)).setSpanId(bytes(random, 8)).setEventName("order.created");
        }
        return log.build();
    }

    private static Span span(Random random) {
        Span.Builder span = Span.newBuilder()
                .setTraceId(bytes(random, 16))
                .setSpanId(bytes(random, 8))
                .setName("erp.call")
                .setKindValue(random.nextInt(6))
                .setStartTimeUnixNano(1_769_423_058_442_000_000L)
                .setEndTimeUnixNano(1_769_423_058_443_000_000L)
                .addAllAttributes(attributes(random, 6));
        for (int i = random.nextInt(3); i > 0; i--) {
            span.addEvents(Span.Event.newBuilder()
                    .setTimeUnixNano(1_769_423_058_442_000_001L)
                    .setName("exception")
                    .addAllAttributes(attributes(random, 2)));
        }
        if (random.nextBoolean()) {
            span.setFlags(257)
                    .setParentSpanId(bytes(random, 8))
                    .addLinks(
                            Span.Link.newBuilder().setTraceId(bytes(random, 16)).setSpanId(bytes(random, 8)));
        }
        return span.setStatus(
                        Status.newBuilder().setCodeValue(random.nextInt(3)).setMessage("why"))
                .build();
    }

    private static List<KeyValue> attributes(Random random, int count) {
        List<KeyValue> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = KEYS[random.nextInt(KEYS.length)];
            AnyValue.Builder value = AnyValue.newBuilder();
            switch (key.length() % 7 == 0 ? random.nextInt(6) : 0) {
                case 0 -> value.setStringValue("value");
                case 1 -> value.setIntValue(random.nextInt(1_000));
                case 2 -> value.setBoolValue(random.nextBoolean());
                case 3 -> value.setDoubleValue(random.nextDouble());
                case 4 ->
                    value.setArrayValue(ArrayValue.newBuilder()
                            .addValues(AnyValue.newBuilder().setStringValue("a"))
                            .addValues(AnyValue.newBuilder().setIntValue(5)));
                default -> value.setKvlistValue(KeyValueList.newBuilder().addAllValues(attributes(random, 2)));
            }
            boolean number = key.equals("attempt") || key.equals("duration_ms");
            all.add(KeyValue.newBuilder()
                    .setKey(key)
                    .setValue(
                            number && random.nextInt(4) != 0
                                    ? AnyValue.newBuilder().setIntValue(3)
                                    : value)
                    .build());
        }
        return all;
    }

    private static ByteString bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private List<String> decode(OtlpDecoder decoder, Signal signal, boolean json, byte[] body) {
        List<String> read = new ArrayList<>();
        JsonTape again = new JsonTape();
        OtlpRecords records = new OtlpRecords() {
            @Override
            public void record(OtlpRecord record) {
                byte[] document = Arrays.copyOf(record.document(), record.documentTo());
                read.add(record.index() + " " + new String(document, StandardCharsets.UTF_8));
                if (decoder == shortWay) {
                    all++;
                }
                if (record.isParsed()) {
                    parsed++;
                    try {
                        again.parseWhole(document);
                    } catch (JsonSyntaxException e) {
                        throw new AssertionError(read.getLast(), e);
                    }
                    for (int node = 0; node < again.size(); node++) {
                        assertThat(describe(tape, node)).as(read.getLast()).isEqualTo(describe(again, node));
                    }
                    assertThat(tape.isSame(again)).as(read.getLast()).isTrue();
                }
            }

            @Override
            public void refused(OtlpRecord record, OtlpProblem problem) {
                read.add(record.index() + " refused " + problem);
            }
        };
        OtlpDecoded decoded = json
                ? decoder.decodeJson(signal, body, 0, body.length, records)
                : decoder.decodeProtobuf(signal, body, 0, body.length, records);
        read.add(decoded.toString());
        return read;
    }

    private static String describe(JsonTape of, int node) {
        boolean key = of.kind(node) == JsonTape.KEY;
        return "%d: kind %d, %s, escaped %s, ASCII %s, integer %s, %d to %d, %s"
                .formatted(
                        node,
                        of.kind(node),
                        key ? of.keyNumber(node) : of.childCount(node),
                        of.isEscaped(node),
                        of.isAscii(node),
                        of.isIntegerLiteral(node),
                        of.start(node),
                        of.end(node),
                        key ? of.keyHash(node) : of.next(node));
    }

    /** The same message with about one in so many values changed; resources and scopes stay. */
    private static Message variant(Message message, Random random, int oneIn) {
        Message.Builder changed = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            String name = field.getName();
            if (name.equals("resource") || name.equals("scope") || name.equals("key") || name.equals("schema_url")) {
                continue;
            }
            if (field.isRepeated()) {
                int count = message.getRepeatedFieldCount(field);
                for (int i = 0; i < count; i++) {
                    changed.setRepeatedField(field, i, value(message.getRepeatedField(field, i), field, random, oneIn));
                }
            } else {
                changed.setField(field, value(entry.getValue(), field, random, oneIn));
            }
        }
        return changed.build();
    }

    private static Object value(Object value, FieldDescriptor field, Random random, int oneIn) {
        if (value instanceof Message nested) {
            return variant(nested, random, oneIn);
        }
        if (random.nextInt(oneIn) != 0) {
            return value;
        }
        return switch (value) {
            case String text -> random.nextBoolean() ? text + "x" : TEXTS[random.nextInt(TEXTS.length)];
            case Long number -> random.nextBoolean() ? number + 1 : NUMBERS[random.nextInt(NUMBERS.length)];
            case Integer number -> number ^ random.nextInt(3);
            case Double number -> random.nextInt(4) == 0 ? Double.NaN : number + random.nextInt(3);
            case Boolean flag -> random.nextBoolean() == flag;
            case ByteString bytes -> {
                byte[] other = bytes.toByteArray();
                if (random.nextInt(4) == 0) {
                    Arrays.fill(other, (byte) 0);
                } else {
                    random.nextBytes(other);
                }
                yield ByteString.copyFrom(other);
            }
            case EnumValueDescriptor symbol ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
            default -> value;
        };
    }
}
