package dev.throughline.ingest.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.otlp.OtlpProtobufWriter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * CPU time of one thread from a body in memory to parsed documents, beside one Jackson walk over the equal reference events.
 * Every row is the least of the rounds. Arguments: rounds (default 40), rows (of {@code lLsSb}: logs and spans, protobuf and JSON, and back).
 */
public final class OtlpBenchmark {
    private static final int RECORDS = 500;
    private static final int PASSES = 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Random random = new Random(1);
    private final StringBuilder ndjson = new StringBuilder();
    private final ExportLogsServiceRequest logs;
    private final ExportTraceServiceRequest traces;
    private final JsonTape tape = new JsonTape();
    private long checksum;

    private interface Pass {
        void run() throws IOException, JsonSyntaxException;
    }

    private OtlpBenchmark() {
        ScopeLogs.Builder records = ScopeLogs.newBuilder().setScope(scope());
        ScopeSpans.Builder spans = ScopeSpans.newBuilder().setScope(scope());
        for (int i = 0; i < RECORDS; i++) {
            event(i, records, spans);
        }
        Resource resource = Resource.newBuilder()
                .addAttributes(text("service.name", "integration-worker"))
                .addAttributes(text("deployment.environment.name", "production"))
                .addAttributes(text("host.name", "worker-7.internal"))
                .build();
        logs = ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder().setResource(resource).addScopeLogs(records))
                .build();
        traces = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder().setResource(resource).addScopeSpans(spans))
                .build();
    }

    private static InstrumentationScope scope() {
        return InstrumentationScope.newBuilder()
                .setName("dev.example.connector")
                .setVersion("2.4.1")
                .build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue integer(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }

    private void event(int i, ScopeLogs.Builder records, ScopeSpans.Builder spans) {
        byte[] traceId = new byte[16];
        byte[] spanId = new byte[8];
        random.nextBytes(traceId);
        random.nextBytes(spanId);
        String correlation = "corr_01HRVQ8QX8K6YB2T9M2WZ" + (10_000 + i);
        String message =
                "ERP API timeout during status update of order " + (100_000 + i) + " after 3 attempts, next in 30 s";
        ndjson.append(
                        "{\"timestamp\":\"2026-01-26T10:24:18.442Z\",\"level\":\"ERROR\",\"service\":\"integration-worker\",")
                .append("\"environment\":\"production\",\"correlation_id\":\"")
                .append(correlation)
                .append(
                        "\",\"tenant_id\":\"acme_eu_01\",\"connector\":\"crm_to_erp.order_sync\",\"entity_type\":\"order\",")
                .append("\"entity_id\":\"SO-")
                .append(100_000 + i)
                .append("\",\"event_name\":\"order.status.updated\",\"attempt\":3,\"duration_ms\":842,")
                .append("\"error_code\":\"ERP_TIMEOUT\",\"http\":{\"method\":\"POST\",\"status\":504,")
                .append("\"route\":\"/erp/orders/status\"},\"message\":\"")
                .append(message)
                .append("\",\"tags\":[\"slo:latency\",\"dlq:candidate\"],\"trace_id\":\"")
                .append(java.util.HexFormat.of().formatHex(traceId))
                .append("\",\"span_id\":\"")
                .append(java.util.HexFormat.of().formatHex(spanId))
                .append("\"}\n");
        LogRecord log = LogRecord.newBuilder()
                .setTimeUnixNano(1_769_423_058_442_000_000L + i)
                .setObservedTimeUnixNano(1_769_423_058_443_000_000L + i)
                .setSeverityNumberValue(17)
                .setSeverityText("ERROR")
                .setBody(AnyValue.newBuilder().setStringValue(message))
                .addAttributes(text("correlation_id", correlation))
                .addAttributes(text("tenant_id", "acme_eu_01"))
                .addAttributes(text("connector", "crm_to_erp.order_sync"))
                .addAttributes(text("entity_type", "order"))
                .addAttributes(text("entity_id", "SO-" + (100_000 + i)))
                .addAttributes(integer("attempt", 3))
                .addAttributes(integer("duration_ms", 842))
                .addAttributes(text("error_code", "ERP_TIMEOUT"))
                .addAttributes(text("http.request.method", "POST"))
                .addAttributes(integer("http.response.status_code", 504))
                .addAttributes(text("http.route", "/erp/orders/status"))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("tags")
                        .setValue(AnyValue.newBuilder()
                                .setArrayValue(ArrayValue.newBuilder()
                                        .addValues(AnyValue.newBuilder().setStringValue("slo:latency"))
                                        .addValues(AnyValue.newBuilder().setStringValue("dlq:candidate")))))
                .setEventName("order.status.updated")
                .setTraceId(ByteString.copyFrom(traceId))
                .setSpanId(ByteString.copyFrom(spanId))
                .build();
        records.addLogRecords(log);
        spans.addSpans(Span.newBuilder()
                .setTraceId(log.getTraceId())
                .setSpanId(log.getSpanId())
                .setParentSpanId(log.getSpanId())
                .setName("erp.api.request")
                .setKindValue(3)
                .setStartTimeUnixNano(log.getTimeUnixNano())
                .setEndTimeUnixNano(log.getTimeUnixNano() + 842_000_000L)
                .addAllAttributes(log.getAttributesList().subList(0, 11)));
    }

    private static long best(int rounds, Pass pass) throws IOException, JsonSyntaxException {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long before = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < PASSES; i++) {
                pass.run();
            }
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - before) / (PASSES * RECORDS));
        }
        return best;
    }

    private OtlpRecords sink(boolean parse) {
        return new OtlpRecords() {
            @Override
            public void record(OtlpRecord record) {
                checksum += record.documentTo();
                if (parse) {
                    try {
                        tape.parse(record.document(), 0, record.documentTo());
                    } catch (JsonSyntaxException e) {
                        throw new IllegalStateException(e);
                    }
                    checksum += tape.size();
                }
            }

            @Override
            public void refused(OtlpRecord record, OtlpProblem problem) {
                throw new IllegalStateException(problem.label());
            }
        };
    }

    private void run(int rounds, String rows) throws IOException, JsonSyntaxException {
        byte[] lines = ndjson.toString().getBytes(StandardCharsets.UTF_8);
        JsonFactory jackson = new JsonFactory();
        Pass walk = () -> {
            try (JsonParser parser = jackson.createParser(lines)) {
                while (parser.nextToken() != null) {
                    checksum++;
                }
            }
        };
        long tokenWalk = Math.min(best(rounds, walk), best(rounds, walk));
        print("Jackson token walk, NDJSON", lines.length, tokenWalk, tokenWalk);
        print("tape over NDJSON", lines.length, tokenWalk, best(rounds, () -> {
            int at = 0;
            while (JsonTape.skipBlanks(lines, at, lines.length) < lines.length) {
                at = tape.parse(lines, at, lines.length);
            }
        }));
        OtlpDecoder decoder = new OtlpDecoder(OtlpLimits.DEFAULT);
        if (rows.contains("l")) {
            row(rounds, tokenWalk, decoder, Signal.LOG, logs, false);
        }
        if (rows.contains("L")) {
            row(rounds, tokenWalk, decoder, Signal.LOG, logs, true);
        }
        if (rows.contains("s")) {
            row(rounds, tokenWalk, decoder, Signal.SPAN, traces, false);
        }
        if (rows.contains("S")) {
            row(rounds, tokenWalk, decoder, Signal.SPAN, traces, true);
        }
        if (rows.contains("b")) {
            back(rounds, tokenWalk, decoder);
        }
        print("Jackson token walk, again", lines.length, tokenWalk, best(rounds, walk));
        checksum(checksum);
    }

    private void row(int rounds, long tokenWalk, OtlpDecoder decoder, Signal signal, Message request, boolean json)
            throws IOException, JsonSyntaxException {
        byte[] body = json ? OtlpJsonPrinter.plain().print(request) : request.toByteArray();
        for (boolean parse : new boolean[] {false, true}) {
            OtlpRecords sink = sink(parse);
            long nanos = best(rounds, () -> {
                OtlpDecoded outcome = json
                        ? decoder.decodeJson(signal, body, 0, body.length, sink)
                        : decoder.decodeProtobuf(signal, body, 0, body.length, sink);
                if (!(outcome instanceof OtlpDecoded.Complete)) {
                    throw new IllegalStateException(outcome.toString());
                }
            });
            print(
                    (json ? "JSON " : "protobuf ") + signal + (parse ? " → parsed" : " → document"),
                    body.length,
                    tokenWalk,
                    nanos);
        }
    }

    private void back(int rounds, long tokenWalk, OtlpDecoder decoder) throws IOException, JsonSyntaxException {
        Decoded spans = Decoded.protobuf(decoder, Signal.SPAN, traces.toByteArray());
        OtlpProtobufWriter writer = new OtlpProtobufWriter();
        print("SPAN document → protobuf", spans.documents.get(0).length * RECORDS, tokenWalk, best(rounds, () -> {
            writer.reset(1 << 20);
            for (byte[] document : spans.documents) {
                writer.append(Signal.SPAN, document, 0, document.length);
            }
        }));
    }

    @SuppressWarnings("SystemOut") // a program of its own
    private static void print(String row, int bytes, long tokenWalk, long nanos) {
        System.out.printf(
                Locale.ROOT,
                "%-30s %5d bytes  %6d ns  %5.2f TW%n",
                row,
                bytes / RECORDS,
                nanos,
                (double) nanos / tokenWalk);
    }

    private static void checksum(long sum) {
        if (sum == 0) {
            throw new IllegalStateException("nothing was done");
        }
    }

    public static void main(String[] arguments) throws IOException, JsonSyntaxException {
        new OtlpBenchmark()
                .run(
                        arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40,
                        arguments.length > 1 ? arguments[1] : "lLsSb");
    }
}
