package dev.throughline.ingest;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.throughline.ingest.Protocol.Form;
import dev.throughline.ingest.Protocol.Kind;
import dev.throughline.ingest.otlp.GrpcFraming;
import dev.throughline.ingest.otlp.OtlpJsonPrinter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Requests that come to far more than they are: what many records share, what takes little to say, what unpacks. */
final class HostileRequests {
    private static final String[] ALPHABETS = {
        "abcdefgh", "\u0001\u0002\u001f", "\"\\", "\u00e9\u20ac", "0123456789", "a@b.de +49"
    };
    private static final int GRPC_PREFIX = 5;
    private static final long NANOS = 1_769_423_058_442_000_000L;

    private final Random random;

    HostileRequests(Random random) {
        this.random = random;
    }

    /** A request as it is sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sent(Protocol protocol, byte[] body, int length, String encoding, long decompressed)
            implements ReceivedRequest {
        Sent(Kind kind, Form form, byte[] body) {
            this(protocolOf(kind, form), body, body.length, "", body.length);
        }

        private static Protocol protocolOf(Kind kind, Form form) {
            Answers answers = kind == Kind.EVENTS
                    ? EventAnswers.INSTANCE
                    : form == Form.GRPC ? OtlpGrpcAnswers.of(kind) : OtlpHttpAnswers.of(kind, form == Form.JSON);
            return new Protocol(kind, form, answers);
        }

        @Override
        public String header(String name) {
            return name.equals("Content-Encoding") || name.equals("grpc-encoding") ? encoding : "";
        }

        Sent gzip() {
            if (protocol.form() == Form.GRPC) {
                byte[] message = Arrays.copyOfRange(body, GRPC_PREFIX, length);
                byte[] framed = GrpcFraming.frame(HostileRequests.gzip(message));
                framed[0] = 1;
                return new Sent(protocol, framed, framed.length, "gzip", message.length);
            }
            byte[] packed = HostileRequests.gzip(body);
            return new Sent(protocol, packed, packed.length, "gzip", length);
        }

        @Override
        public String toString() {
            return protocol + ", " + length + " bytes, " + encoding;
        }
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Sent otlp(Kind kind, Form form, Message message) {
        return switch (form) {
            case JSON -> new Sent(kind, form, OtlpJsonPrinter.plain().print(message));
            case PROTOBUF -> new Sent(kind, form, message.toByteArray());
            case GRPC -> new Sent(kind, form, GrpcFraming.frame(message.toByteArray()));
        };
    }

    static Sent events(String body) {
        return new Sent(Kind.EVENTS, Form.JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    /** A log as an SDK sends it; the contract's other fields are the resource's. */
    static LogRecord log(int i, int bodyBytes) {
        return LogRecord.newBuilder()
                .setTimeUnixNano(NANOS + i)
                .setObservedTimeUnixNano(NANOS + i)
                .setSeverityNumberValue(9)
                .setBody(AnyValue.newBuilder().setStringValue("x".repeat(bodyBytes)))
                .addAttributes(text("entity_id", "SO-" + i))
                .build();
    }

    static Resource resource(int bytes) {
        Resource.Builder resource = Resource.newBuilder()
                .addAttributes(text("tenant_id", "acme_eu_01"))
                .addAttributes(text("connector", "crm_to_erp.order_sync"))
                .addAttributes(text("correlation_id", "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K"))
                .addAttributes(text("entity_type", "order"))
                .addAttributes(text("event_name", "order.status.updated"))
                .addAttributes(text("attempt", "3"));
        for (int i = 0; resource.build().getSerializedSize() < bytes; i++) {
            resource.addAttributes(text("k8s.pod.label." + i, "w".repeat(60)));
        }
        return resource.build();
    }

    static ExportLogsServiceRequest logs(Resource resource, int records, int bodyBytes) {
        ScopeLogs.Builder scope = ScopeLogs.newBuilder();
        for (int i = 0; i < records; i++) {
            scope.addLogRecords(log(i, bodyBytes));
        }
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(ResourceLogs.newBuilder().setResource(resource).addScopeLogs(scope))
                .build();
    }

    Sent next() {
        Form form = Form.values()[random.nextInt(3)];
        Sent sent = switch (random.nextInt(5)) {
            case 0 -> otlp(Kind.OTLP_LOGS, form, logs());
            case 1 -> otlp(Kind.OTLP_TRACES, form, spans());
            case 2 -> otlp(Kind.OTLP_METRICS, form, metrics());
            default -> events(json());
        };
        return random.nextInt(3) == 0 ? sent.gzip() : sent;
    }

    private String chars(int length) {
        String alphabet = ALPHABETS[random.nextInt(ALPHABETS.length)];
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    /** Mostly small, now and then as large as {@code max}. */
    private int size(int max) {
        return (int) Math.pow(max, random.nextDouble());
    }

    private AnyValue value(int bytes, int depth) {
        AnyValue.Builder value = AnyValue.newBuilder();
        switch (random.nextInt(depth > 0 ? 4 : 6)) {
            case 0, 1 -> value.setStringValue(chars(bytes));
            case 2 -> value.setIntValue(random.nextLong());
            case 3 -> value.setBytesValue(ByteString.copyFrom(new byte[bytes]));
            case 4 -> {
                ArrayValue.Builder array = ArrayValue.newBuilder();
                int items = Math.min(bytes, size(20_000));
                for (int i = 0; i < items; i++) {
                    array.addValues(AnyValue.getDefaultInstance());
                }
                value.setArrayValue(array);
            }
            default -> {
                AnyValue inner = AnyValue.newBuilder()
                        .setStringValue(chars(Math.min(bytes, 1_000)))
                        .build();
                for (int i = random.nextInt(40); i > 0; i--) {
                    inner = AnyValue.newBuilder()
                            .setArrayValue(ArrayValue.newBuilder().addValues(inner))
                            .build();
                }
                value.mergeFrom(inner);
            }
        }
        return value.build();
    }

    private KeyValue entry(int i, int bytes) {
        String key = random.nextInt(20) == 0 ? chars(size(bytes)) : "k" + i;
        return KeyValue.newBuilder().setKey(key).setValue(value(size(bytes), 0)).build();
    }

    private Resource resource() {
        Resource.Builder out = random.nextBoolean() ? resource(0).toBuilder() : Resource.newBuilder();
        int entries = size(60);
        for (int i = 0; i < entries; i++) {
            out.addAttributes(entry(i, 12_000));
        }
        return out.build();
    }

    private InstrumentationScope scope() {
        InstrumentationScope.Builder out = InstrumentationScope.newBuilder().setName(chars(size(5_000)));
        int entries = size(20);
        for (int i = 0; i < entries; i++) {
            out.addAttributes(entry(i, 4_000));
        }
        return out.build();
    }

    private ExportLogsServiceRequest logs() {
        ScopeLogs.Builder scope = ScopeLogs.newBuilder().setScope(scope());
        int records = size(20_000);
        int body = size(8_000_000 / records);
        boolean empty = random.nextInt(4) == 0;
        for (int i = 0; i < records; i++) {
            scope.addLogRecords(
                    empty
                            ? LogRecord.getDefaultInstance()
                            : log(i, 0).toBuilder()
                                    .setBody(value(body, 1))
                                    .addAttributes(entry(i, Math.min(body + 1, 500)))
                                    .build());
        }
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                        ResourceLogs.newBuilder().setResource(resource()).addScopeLogs(scope))
                .build();
    }

    private ExportTraceServiceRequest spans() {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(scope());
        int records = size(5_000);
        int events = size(200_000 / records);
        for (int i = 0; i < records; i++) {
            Span.Builder span = Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(chars(16), StandardCharsets.ISO_8859_1))
                    .setSpanId(ByteString.copyFromUtf8("span" + (1_000 + i % 9_000)))
                    .setName("erp.api.request")
                    .setStartTimeUnixNano(NANOS)
                    .setEndTimeUnixNano(NANOS + i);
            for (int e = 0; e < events; e++) {
                span.addEvents(Span.Event.newBuilder().setDroppedAttributesCount(1));
                span.addLinks(Span.Link.newBuilder().setFlags(1));
            }
            scope.addSpans(span);
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                        ResourceSpans.newBuilder().setResource(resource()).addScopeSpans(scope))
                .build();
    }

    private ExportMetricsServiceRequest metrics() {
        ScopeMetrics.Builder scope = ScopeMetrics.newBuilder().setScope(scope());
        int records = size(3_000);
        int points = size(100_000 / records);
        for (int i = 0; i < records; i++) {
            Metric.Builder metric = Metric.newBuilder().setName("m" + i);
            if (random.nextBoolean()) {
                Gauge.Builder gauge = Gauge.newBuilder();
                for (int p = 0; p < points; p++) {
                    gauge.addDataPoints(NumberDataPoint.newBuilder()
                            .setFlags(1)
                            .addExemplars(Exemplar.newBuilder().setAsInt(-1)));
                }
                metric.setGauge(gauge);
            } else {
                HistogramDataPoint.Builder point = HistogramDataPoint.newBuilder();
                for (int p = 0; p < points; p++) {
                    point.addBucketCounts(-1).addExplicitBounds(p + 0.1);
                }
                metric.setHistogram(Histogram.newBuilder().addDataPoints(point));
            }
            scope.addMetrics(metric);
        }
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(
                        ResourceMetrics.newBuilder().setResource(resource()).addScopeMetrics(scope))
                .build();
    }

    private String json() {
        return switch (random.nextInt(6)) {
            case 0 -> "{}\n".repeat(size(60_000));
            case 1 -> "{\"a\":[" + "0,".repeat(size(6_000_000)) + "0]}";
            case 2 -> "{\"a\":" + "[".repeat(size(2_000_000)) + "\n";
            case 3 ->
                ("{\"" + "k".repeat(size(100_000)) + "\":\"" + "\\u0001".repeat(size(20_000)) + "\"}\n")
                        .repeat(size(60));
            case 4 -> "{\"a\":" + " ".repeat(size(14_000_000)) + "1}";
            default -> {
                StringBuilder out = new StringBuilder("{");
                int members = size(5_000);
                for (int i = 0; i < members; i++) {
                    out.append(i == 0 ? "" : ",")
                            .append("\"mail")
                            .append(i)
                            .append("\":\"a")
                            .append(i)
                            .append("@example.com\"");
                }
                yield out.append("}\n").toString().repeat(size(30));
            }
        };
    }
}
