package dev.throughline.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.otlp.OtlpProtobufWriter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpDecoderTest {
    private final OtlpDecoder decoder = new OtlpDecoder(OtlpLimits.DEFAULT);

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static ExportLogsServiceRequest request(LogRecord... records) {
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder()
                        .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(Arrays.asList(records))))
                .build();
    }

    private String one(LogRecord.Builder record) {
        Decoded decoded =
                Decoded.protobuf(decoder, Signal.LOG, request(record.build()).toByteArray());
        assertThat(decoded.outcome()).isEqualTo(new OtlpDecoded.Complete(1));
        return decoded.texts().getFirst();
    }

    @Test
    void theReferenceEventInSemanticAttributesHasTheFieldsOfTheSchema() {
        Decoded decoded = Decoded.json(Signal.LOG, """
                {"resourceLogs":[{"resource":{"attributes":[
                 {"key":"service.name","value":{"stringValue":"integration-worker"}},
                 {"key":"deployment.environment.name","value":{"stringValue":"production"}},
                 {"key":"host.name","value":{"stringValue":"h1"}}]},
                "scopeLogs":[{"scope":{"name":"s","attributes":[{"key":"throughline.connector","value":{"stringValue":"crm.sync"}}]},
                "logRecords":[{"timeUnixNano":"1769423058442000000","severityNumber":17,"eventName":"order.status.updated",
                 "body":{"stringValue":"timeout"},"traceId":"4BF92F3577B34DA6A3CE929D0E0E4736","spanId":"00f067aa0ba902b7",
                 "attributes":[{"key":"tenant_id","value":{"stringValue":"acme"}},{"key":"attempt","value":{"stringValue":"3"}},
                 {"key":"http.request.method","value":{"stringValue":"POST"}},
                 {"key":"http.response.status_code","value":{"intValue":"504"}},
                 {"key":"error.type","value":{"stringValue":"ERP_TIMEOUT"}},{"key":"other","value":{"boolValue":true}}]}]}]}]}
                """);
        assertThat(decoded.texts())
                .containsExactly(
                        "{\"timestamp\":\"2026-01-26T10:24:18.442000000Z\",\"level\":\"ERROR\","
                                + "\"event_name\":\"order.status.updated\","
                                + "\"tenant_id\":\"acme\",\"attempt\":3,\"error_code\":\"ERP_TIMEOUT\",\"connector\":\"crm.sync\","
                                + "\"service\":\"integration-worker\",\"environment\":\"production\","
                                + "\"http\":{\"method\":\"POST\",\"status\":504},\"message\":\"timeout\","
                                + "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"00f067aa0ba902b7\","
                                + "\"attributes\":{\"other\":true},\"resource\":{\"host.name\":\"h1\"},\"scope\":{\"name\":\"s\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "1,,TRACE",
        "4,,TRACE",
        "5,,DEBUG",
        "8,,DEBUG",
        "9,,INFO",
        "12,,INFO",
        "13,,WARN",
        "16,,WARN",
        "17,,ERROR",
        "20,,ERROR",
        "21,,FATAL",
        "24,,FATAL",
        "25,,INFO",
        "-1,,INFO",
        "0,,INFO",
        "0,warning,WARN",
        "0,ERROR2,ERROR",
        "0,Critical,FATAL",
        "0,debug,DEBUG",
        "0,trace4,TRACE",
        "0,whatever,INFO",
        "17,INFO,ERROR"
    })
    void severityGivesTheLevel(int number, String text, String level) {
        LogRecord.Builder record = LogRecord.newBuilder().setSeverityNumberValue(number);
        if (text != null) {
            record.setSeverityText(text);
        }
        assertThat(one(record)).startsWith("{\"level\":\"" + level + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "ERP_TIMEOUT,error_code",
        "java.io.IOException,attributes",
        "A,attributes",
        "500,attributes",
        "timeout,attributes",
        "E2,error_code"
    })
    void anErrorTypeIsAnErrorCodeOnlyInItsShape(String value, String member) {
        String document = one(LogRecord.newBuilder().addAttributes(text("error.type", value)));
        String expected = member.equals("error_code")
                ? ",\"error_code\":\"" + value + "\"}"
                : ",\"attributes\":{\"error.type\":\"" + value + "\"}}";
        assertThat(document).endsWith(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "attempt,3,3",
        "attempt,03,\"03\"",
        "attempt,3.5,\"3.5\"",
        "attempt,' 3','\" 3\"'",
        "duration_ms,842.25,842.25",
        "duration_ms,1e3,\"1e3\"",
        "duration_ms,1.,\"1.\"",
        "attempt,9999999999999999,\"9999999999999999\"",
        "attempt,-,\"-\"",
        "tenant_id,12,\"12\""
    })
    void aNumberInAStringIsANumberWhereTheSchemaHasOne(String key, String given, String written) {
        assertThat(one(LogRecord.newBuilder().addAttributes(text(key, given))))
                .endsWith(",\"" + key + "\":" + written + "}");
    }

    @Test
    void ofEqualKeysTheFirstIsKept() {
        assertThat(one(LogRecord.newBuilder()
                        .addAttributes(text("a", "1"))
                        .addAttributes(text("tenant_id", "t1"))
                        .addAttributes(text("a", "2"))
                        .addAttributes(text("tenant_id", "t2"))))
                .isEqualTo("{\"level\":\"INFO\",\"tenant_id\":\"t1\",\"attributes\":{\"a\":\"1\"}}");
    }

    @Test
    void thePrefixedKeyWinsAndTheOtherIsKept() {
        String expected = "{\"level\":\"INFO\",\"attempt\":2,\"attributes\":{\"attempt\":\"1\"}}";
        KeyValue bare = text("attempt", "1");
        KeyValue prefixed = text("throughline.attempt", "2");
        assertThat(one(LogRecord.newBuilder().addAttributes(bare).addAttributes(prefixed)))
                .isEqualTo(expected);
        assertThat(one(LogRecord.newBuilder().addAttributes(prefixed).addAttributes(bare)))
                .isEqualTo(expected);
    }

    @Test
    void aKeyValueWithoutValueIsNull() {
        assertThat(one(LogRecord.newBuilder()
                        .addAttributes(KeyValue.newBuilder().setKey("x"))))
                .isEqualTo("{\"level\":\"INFO\",\"attributes\":{\"x\":null}}");
    }

    @Test
    void malformedUtf8IsLeftToTheParserOfTheDocument() {
        byte[] body = request(LogRecord.newBuilder()
                        .setBody(AnyValue.newBuilder().setStringValue("XY"))
                        .build())
                .toByteArray();
        body[body.length - 2] = (byte) 0xC3;
        JsonTape tape = new JsonTape();
        boolean[] refused = new boolean[1];
        decoder.decodeProtobuf(Signal.LOG, body, 0, body.length, new OtlpRecords() {
            @Override
            public void record(OtlpRecord record) {
                try {
                    tape.parseWhole(record.document(), 0, record.documentTo());
                } catch (JsonSyntaxException e) {
                    refused[0] = e.problem() == JsonSyntaxException.Problem.INVALID_UTF8;
                }
            }

            @Override
            public void refused(OtlpRecord record, OtlpProblem problem) {}
        });
        assertThat(refused[0]).isTrue();
    }

    @Test
    void anEmptyRequestIsComplete() {
        assertThat(Decoded.protobuf(decoder, Signal.LOG, new byte[0]).outcome()).isEqualTo(new OtlpDecoded.Complete(0));
        assertThat(Decoded.json(Signal.SPAN, " {} ").outcome()).isEqualTo(new OtlpDecoded.Complete(0));
        assertThat(Decoded.json(Signal.SPAN, "{\"resourceSpans\":null}").outcome())
                .isEqualTo(new OtlpDecoded.Complete(0));
    }

    @Test
    void aNestingBombRefusesItsRecordAlone() {
        AnyValue bomb = AnyValue.newBuilder().setStringValue("x").build();
        for (int i = 0; i < 90; i++) {
            bomb = AnyValue.newBuilder()
                    .setArrayValue(ArrayValue.newBuilder().addValues(bomb))
                    .build();
        }
        LogRecord deep = LogRecord.newBuilder()
                .addAttributes(KeyValue.newBuilder().setKey("k").setValue(bomb))
                .build();
        LogRecord good = LogRecord.newBuilder().setSeverityNumberValue(9).build();
        Decoded decoded =
                Decoded.protobuf(decoder, Signal.LOG, request(deep, good).toByteArray());
        assertThat(decoded.outcome()).isEqualTo(new OtlpDecoded.Complete(2));
        assertThat(decoded.refusals).containsExactly(OtlpProblem.TOO_DEEP);
        assertThat(decoded.texts()).containsExactly("{\"level\":\"INFO\"}");
    }

    @Test
    void aHundredThousandLevelsNeitherOverflowNorHang() throws IOException {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        byte[] inner = new byte[0];
        // Each level: array_value { values { … } }; lengths grow, so write from the inside.
        for (int i = 0; i < 3_000; i++) {
            value.reset();
            CodedOutputStream out = CodedOutputStream.newInstance(value);
            int item = 1 + CodedOutputStream.computeUInt32SizeNoTag(inner.length) + inner.length;
            out.writeTag(5, 2);
            out.writeUInt32NoTag(item);
            out.writeByteArray(1, inner);
            out.flush();
            inner = value.toByteArray();
        }
        byte[] body = request(LogRecord.newBuilder().build()).toByteArray();
        assertThat(body).isNotEmpty();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(record);
        out.writeByteArray(5, inner);
        out.flush();
        byte[] wrapped = record.toByteArray();
        for (int number : new int[] {2, 2, 1}) {
            ByteArrayOutputStream level = new ByteArrayOutputStream();
            CodedOutputStream levelOut = CodedOutputStream.newInstance(level);
            levelOut.writeByteArray(number, wrapped);
            levelOut.flush();
            wrapped = level.toByteArray();
        }
        assertThat(Decoded.protobuf(decoder, Signal.LOG, wrapped).refusals).containsExactly(OtlpProblem.TOO_DEEP);
        Decoded json = Decoded.json(Signal.LOG, "{\"resourceLogs\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertThat(json.outcome()).isEqualTo(new OtlpDecoded.Failed(OtlpProblem.TOO_DEEP, json.failedAt()));
    }

    @Test
    void moreRecordsThanAllowedAreRefusedBeforeTheFirst() {
        OtlpDecoder small = new OtlpDecoder(new OtlpLimits(2, 8, 1 << 20, 1_000, 100));
        LogRecord record = LogRecord.newBuilder().setSeverityNumberValue(9).build();
        byte[] body = request(record, record, record).toByteArray();
        Decoded decoded = Decoded.protobuf(small, Signal.LOG, body);
        assertThat(decoded.outcome()).isEqualTo(new OtlpDecoded.Failed(OtlpProblem.TOO_MANY_RECORDS, 0));
        assertThat(decoded.documents).isEmpty();
        Decoded json = Decoded.json(small, Signal.LOG, OtlpJsonPrinter.plain().print(request(record, record, record)));
        assertThat(json.outcome()).isEqualTo(new OtlpDecoded.Failed(OtlpProblem.TOO_MANY_RECORDS, 0));
        assertThat(Decoded.protobuf(small, Signal.LOG, request(record, record).toByteArray()).documents)
                .hasSize(2);
    }

    @Test
    void moreMembersThanAllowedRefuseTheRecord() {
        LogRecord.Builder record = LogRecord.newBuilder();
        for (int i = 0; i <= MemberNames.MEMBERS_MAX; i++) {
            record.addAttributes(text("k" + i, ""));
        }
        Decoded decoded =
                Decoded.protobuf(decoder, Signal.LOG, request(record.build()).toByteArray());
        assertThat(decoded.refusals).containsExactly(OtlpProblem.TOO_MANY_MEMBERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"timeUnixNano\":\"abc\"}",
                "{\"timeUnixNano\":-1}",
                "{\"severityNumber\":\"LOUD\"}",
                "{\"body\":\"text\"}",
                "{\"attributes\":{}}",
                "{\"body\":{\"intValue\":1.5}}",
                "{\"body\":{\"bytesValue\":\"*\"}}",
                "[]",
                "{\"eventName\":7}",
                "{\"timeUnixNano\":1e999999999}"
            })
    void aJsonValueOfTheWrongKindRefusesItsRecordAlone(String record) {
        Decoded decoded = Decoded.json(
                Signal.LOG,
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" + record + ",{\"severityText\":\"WARN\"}]}]}]}");
        assertThat(decoded.refusals).containsExactly(OtlpProblem.MALFORMED_VALUE);
        assertThat(decoded.texts()).containsExactly("{\"level\":\"WARN\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|MALFORMED_VALUE", "{\"resourceLogs\":{}}|MALFORMED_VALUE", "{\"resourceLogs\":[1]}|MALFORMED_VALUE",
                "{\"a\":1|MALFORMED_JSON", "{} {}|MALFORMED_JSON", "{\"a\":1,\"a\":2}|MALFORMED_JSON"
            })
    void aJsonBodyOfTheWrongFormFails(String body, OtlpProblem problem) {
        assertThat(Decoded.json(Signal.LOG, body).outcome())
                .isInstanceOfSatisfying(
                        OtlpDecoded.Failed.class, f -> assertThat(f.problem()).isEqualTo(problem));
    }

    @Test
    void garbageIsNeverAnotherKindOfError() {
        Random random = new Random(5);
        for (long seed = 0; seed < 40; seed++) {
            RandomOtlp source = new RandomOtlp(seed);
            byte[][] bodies = {
                source.logs().toByteArray(),
                source.traces().toByteArray(),
                source.metrics().toByteArray()
            };
            for (Signal signal : new Signal[] {Signal.LOG, Signal.SPAN, Signal.METRIC}) {
                for (int i = 0; i < 60; i++) {
                    byte[] body = bodies[signal.ordinal()].clone();
                    for (int hits = random.nextInt(4); hits >= 0 && body.length > 0; hits--) {
                        body[random.nextInt(body.length)] = (byte) random.nextInt();
                    }
                    assertThat(decoder.decodeProtobuf(signal, body, 0, body.length, new Ignored()))
                            .isNotNull();
                }
            }
        }
    }

    private static final class Ignored implements OtlpRecords {
        @Override
        public void record(OtlpRecord record) {}

        @Override
        public void refused(OtlpRecord record, OtlpProblem problem) {}
    }

    @Test
    void fieldsThatComeInterleavedOrTwiceBecomeOneDocument() throws InvalidProtocolBufferException {
        // name, attribute, name again, attribute: what concatenating two spans on the wire means.
        io.opentelemetry.proto.trace.v1.Span first = io.opentelemetry.proto.trace.v1.Span.newBuilder()
                .setName("one")
                .addAttributes(text("a", "1"))
                .build();
        io.opentelemetry.proto.trace.v1.Span second = io.opentelemetry.proto.trace.v1.Span.newBuilder()
                .setName("two")
                .addAttributes(text("b", "2"))
                .build();
        ByteString joined = first.toByteString().concat(second.toByteString());
        ByteString scope =
                ByteString.copyFrom(new byte[] {0x12, (byte) joined.size()}).concat(joined);
        ByteString resource =
                ByteString.copyFrom(new byte[] {0x12, (byte) scope.size()}).concat(scope);
        byte[] body = ByteString.copyFrom(new byte[] {0x0A, (byte) resource.size()})
                .concat(resource)
                .toByteArray();
        assertThat(Decoded.protobuf(decoder, Signal.SPAN, body).texts())
                .containsExactly("{\"span\":{\"name\":\"two\",\"attributes\":{\"a\":\"1\",\"b\":\"2\"}}}");
    }

    private static final String SPAN = "{\"correlation_id\":\"corr_x\",\"resource\":{\"attributes\":{\"tenant_id\":7,"
            + "\"connector\":\"c0\",\"error.type\":\"LOW\"}},\"scope\":{\"attributes\":{\"connector\":\"c1\"}},\"span\":{\"traceId\":"
            + "\"4bf92f3577b34da6a3ce929d0e0e4736\",\"spanId\":\"00f067aa0ba902b7\",\"name\":\"erp.api.request\","
            + "\"startTimeUnixNano\":\"17\",\"attributes\":{\"throughline.connector\":\"c2\",\"connector\":\"c3\","
            + "\"entity_id\":null,\"error.type\":\"java.io.IOException\",\"attempt\":2}}}";

    @Test
    void fieldsOfASpanAreFoundByLevelAndKey() throws JsonSyntaxException {
        JsonTape tape = new JsonTape();
        byte[] document = SPAN.getBytes(StandardCharsets.UTF_8);
        tape.parseWhole(document);
        ReceivedRecord record = new ReceivedRecord(tape);
        record.begin(Signal.SPAN, document, 0, document.length);
        SpanFields.locate(record);
        assertThat(field(record, Field.CORRELATION_ID)).isEqualTo("corr_x");
        assertThat(field(record, Field.TENANT_ID)).isEqualTo("7");
        assertThat(field(record, Field.CONNECTOR)).isEqualTo("c2");
        assertThat(field(record, Field.ERROR_CODE)).isEqualTo("LOW");
        assertThat(field(record, Field.ATTEMPT)).isEqualTo("2");
        assertThat(field(record, Field.TRACE_ID)).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(field(record, Field.SPAN_ID)).isEqualTo("00f067aa0ba902b7");
        assertThat(field(record, Field.EVENT_NAME)).isEqualTo("erp.api.request");
        assertThat(field(record, Field.TIMESTAMP)).isEqualTo("17");
        assertThat(record.has(Field.ENTITY_ID)).isFalse();
        assertThat(record.has(Field.AUDIT)).isFalse();
    }

    private static String field(ReceivedRecord record, Field field) {
        return record.tape().text(record.node(field));
    }

    @Test
    void aSpanWithoutCorrelationGetsItOnTheWire() throws InvalidProtocolBufferException {
        byte[] document = SPAN.getBytes(StandardCharsets.UTF_8);
        OtlpProtobufWriter writer = new OtlpProtobufWriter();
        assertThat(writer.append(Signal.SPAN, document, 0, document.length)).isTrue();
        byte[] carried =
                SPAN.replace("\"entity_id\":null", "\"correlation_id\":\"own\"").getBytes(StandardCharsets.UTF_8);
        assertThat(writer.append(Signal.SPAN, carried, 0, carried.length)).isTrue();
        TracesData traces = TracesData.parseFrom(writer.toByteArray());
        assertThat(traces.getResourceSpansCount()).isEqualTo(2);
        assertThat(traces.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributesList())
                .contains(text("throughline.correlation_id", "corr_x"));
        assertThat(traces.getResourceSpans(1).getScopeSpans(0).getSpans(0).getAttributesList())
                .doesNotContain(text("throughline.correlation_id", "corr_x"))
                .contains(text("correlation_id", "own"));
    }

    @Test
    void whatIsNoCompactDocumentIsNotWritten() {
        OtlpProtobufWriter writer = new OtlpProtobufWriter();
        for (String document : new String[] {"", "[]", "{\"metric\":{}}", "{\"span\":1}", "{\"span\":{}"}) {
            byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
            assertThat(writer.append(Signal.SPAN, bytes, 0, bytes.length)).isFalse();
        }
        assertThat(writer.length()).isZero();
    }

    @Test
    void maskedTextInPlaceOfANumberIsLeftOutOfTheMessage() throws InvalidProtocolBufferException {
        byte[] document =
                "{\"span\":{\"name\":\"n\",\"startTimeUnixNano\":\"[PHONE]\",\"kind\":\"x\",\"traceId\":\"zz\"}}"
                        .getBytes(StandardCharsets.UTF_8);
        OtlpProtobufWriter writer = new OtlpProtobufWriter();
        assertThat(writer.append(Signal.SPAN, document, 0, document.length)).isTrue();
        TracesData traces = TracesData.parseFrom(writer.toByteArray());
        assertThat(traces.getResourceSpans(0).getScopeSpans(0).getSpans(0))
                .isEqualTo(io.opentelemetry.proto.trace.v1.Span.newBuilder()
                        .setName("n")
                        .build());
    }
}
