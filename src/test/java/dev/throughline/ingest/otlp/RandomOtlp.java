package dev.throughline.ingest.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.EntityRef;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Requests with everything that OTLP can say, from a seed. */
final class RandomOtlp {
    static final List<String> FIELD_KEYS = List.of(
            "correlation_id",
            "tenant_id",
            "connector",
            "entity_type",
            "entity_id",
            "event_name",
            "attempt",
            "error_code",
            "duration_ms",
            "request_id",
            "idempotency_key",
            "environment",
            "service",
            "tags",
            "audit",
            "log.record.uid",
            "http");
    private static final List<String> SEMANTIC_KEYS = List.of(
            "service.name",
            "deployment.environment.name",
            "deployment.environment",
            "http.request.method",
            "http.response.status_code",
            "http.route",
            "error.type",
            "host.name",
            "k8s.pod.name");
    private static final String[] TEXTS = {
        "",
        "plain",
        "ERP_TIMEOUT",
        "3",
        "-17",
        "12.5",
        "007",
        "quote \" backslash \\ slash /",
        "line\nfeed\ttab\u0001\u001f",
        "Grüße aus Köln",
        "日本語テキスト",
        "emoji \uD83D\uDE80 end",
        "\u007f\u0080\u2028",
        "$bytes",
        "{\"json\":true}",
        "a".repeat(300)
    };
    private static final long[] LONGS = {
        0, 1, -1, 42, 1_769_423_058_442_000_000L, Long.MAX_VALUE, Long.MIN_VALUE, 999_999_999_999_999_999L, 1L << 53
    };
    private static final double[] DOUBLES = {
        0, -0.0, 1, -1.5, 1e300, 4.9e-324, 842, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Math.PI
    };

    private final Random random;

    RandomOtlp(long seed) {
        random = new Random(seed);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private long anyLong() {
        return chance(0.5) ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
    }

    private double anyDouble() {
        return chance(0.5) ? DOUBLES[random.nextInt(DOUBLES.length)] : random.nextGaussian() * 1e6;
    }

    String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private ByteString bytes(int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return ByteString.copyFrom(content);
    }

    private ByteString id(int length) {
        return chance(0.2) ? ByteString.EMPTY : chance(0.1) ? ByteString.copyFrom(new byte[length]) : bytes(length);
    }

    AnyValue value(int depth) {
        AnyValue.Builder value = AnyValue.newBuilder();
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> value.build();
            case 1 -> value.setBoolValue(random.nextBoolean()).build();
            case 2 -> value.setIntValue(anyLong()).build();
            case 3 -> value.setDoubleValue(anyDouble()).build();
            case 4 -> value.setBytesValue(bytes(random.nextInt(9))).build();
            case 6 -> {
                ArrayValue.Builder array = ArrayValue.newBuilder();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.addValues(value(depth - 1));
                }
                yield value.setArrayValue(array).build();
            }
            case 7 ->
                value.setKvlistValue(KeyValueList.newBuilder().addAllValues(entries(depth - 1, false)))
                        .build();
            default -> value.setStringValue(text()).build();
        };
    }

    private List<KeyValue> entries(int depth, boolean fields) {
        Set<String> keys = new LinkedHashSet<>();
        for (int i = random.nextInt(fields ? 12 : 5); i > 0; i--) {
            keys.add(key(fields));
        }
        List<KeyValue> entries = new ArrayList<>();
        for (String key : keys) {
            entries.add(KeyValue.newBuilder().setKey(key).setValue(value(depth)).build());
        }
        return entries;
    }

    private String key(boolean fields) {
        if (fields && chance(0.5)) {
            return (chance(0.4) ? "throughline." : "") + FIELD_KEYS.get(random.nextInt(FIELD_KEYS.size()));
        }
        if (fields && chance(0.5)) {
            return SEMANTIC_KEYS.get(random.nextInt(SEMANTIC_KEYS.size()));
        }
        return chance(0.1)
                ? List.of("$double", "$bytes", "$$", "").get(random.nextInt(4))
                : "k" + random.nextInt(40) + text();
    }

    private Resource resource() {
        Resource.Builder resource =
                Resource.newBuilder().addAllAttributes(entries(2, true)).addAttributes(fixed());
        if (chance(0.2)) {
            resource.setDroppedAttributesCount(random.nextInt());
        }
        if (chance(0.2)) {
            resource.addEntityRefs(EntityRef.newBuilder()
                    .setSchemaUrl("u")
                    .setType("t")
                    .addIdKeys("a")
                    .addIdKeys("b"));
        }
        return resource.build();
    }

    private InstrumentationScope scope() {
        return InstrumentationScope.newBuilder()
                .setName(text())
                .setVersion(text())
                .addAllAttributes(entries(1, true))
                .addAttributes(fixed())
                .build();
    }

    /** An empty head beside a schema URL is the one thing that a document does not tell from no head. */
    private static KeyValue fixed() {
        return KeyValue.newBuilder()
                .setKey("fixed")
                .setValue(AnyValue.newBuilder().setBoolValue(true))
                .build();
    }

    private LogRecord log() {
        LogRecord.Builder log = LogRecord.newBuilder();
        if (chance(0.8)) {
            log.setTimeUnixNano(anyLong());
        }
        if (chance(0.5)) {
            log.setObservedTimeUnixNano(anyLong());
        }
        if (chance(0.8)) {
            log.setSeverityNumberValue(chance(0.1) ? 77 : random.nextInt(25));
        }
        if (chance(0.6)) {
            log.setSeverityText(List.of("ERROR", "warn", "Information", "x", "DEBUG3", "Köln")
                    .get(random.nextInt(6)));
        }
        if (chance(0.8)) {
            log.setBody(
                    chance(0.6) ? AnyValue.newBuilder().setStringValue(text()).build() : value(3));
        }
        if (chance(0.3)) {
            log.setEventName(text());
        }
        if (chance(0.2)) {
            log.setDroppedAttributesCount(random.nextInt()).setFlags(random.nextInt());
        }
        return log.addAllAttributes(entries(3, true))
                .setTraceId(id(16))
                .setSpanId(id(8))
                .build();
    }

    ExportLogsServiceRequest logs() {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        for (int r = random.nextInt(3); r >= 0; r--) {
            ResourceLogs.Builder resource = ResourceLogs.newBuilder();
            if (chance(0.9)) {
                resource.setResource(resource());
            }
            for (int s = random.nextInt(3); s > 0; s--) {
                ScopeLogs.Builder scope = ScopeLogs.newBuilder();
                if (chance(0.8)) {
                    scope.setScope(scope());
                }
                for (int i = random.nextInt(4); i > 0; i--) {
                    scope.addLogRecords(log());
                }
                resource.addScopeLogs(scope);
            }
            request.addResourceLogs(resource);
        }
        return request.build();
    }

    private Span span() {
        Span.Builder span = Span.newBuilder()
                .setTraceId(id(16))
                .setSpanId(id(8))
                .setParentSpanId(id(8))
                .setName(text())
                .setTraceState(text())
                .setStartTimeUnixNano(anyLong())
                .setEndTimeUnixNano(anyLong())
                .setKindValue(random.nextInt(7))
                .setFlags(random.nextInt())
                .addAllAttributes(entries(3, true))
                .setDroppedAttributesCount(chance(0.5) ? 0 : random.nextInt())
                .setDroppedEventsCount(random.nextInt(3))
                .setDroppedLinksCount(random.nextInt(3));
        for (int i = random.nextInt(3); i > 0; i--) {
            span.addEvents(Span.Event.newBuilder()
                    .setName(text())
                    .setTimeUnixNano(anyLong())
                    .addAllAttributes(entries(1, false)));
            span.addLinks(Span.Link.newBuilder()
                    .setTraceId(id(16))
                    .setSpanId(id(8))
                    .setTraceState(text())
                    .setFlags(random.nextInt())
                    .addAllAttributes(entries(1, false)));
        }
        if (chance(0.6)) {
            span.setStatus(Status.newBuilder().setMessage(text()).setCodeValue(random.nextInt(3)));
        }
        return span.build();
    }

    ExportTraceServiceRequest traces() {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int r = random.nextInt(3); r >= 0; r--) {
            ResourceSpans.Builder resource = ResourceSpans.newBuilder();
            if (chance(0.8)) {
                resource.setResource(resource());
            }
            resource.setSchemaUrl(chance(0.5) ? "" : text());
            for (int s = random.nextInt(3); s > 0; s--) {
                ScopeSpans.Builder scope = ScopeSpans.newBuilder().setSchemaUrl(chance(0.5) ? "" : text());
                if (chance(0.8)) {
                    scope.setScope(scope());
                }
                for (int i = random.nextInt(4); i > 0; i--) {
                    scope.addSpans(span());
                }
                resource.addScopeSpans(scope);
            }
            request.addResourceSpans(resource);
        }
        return request.build();
    }

    private Exemplar exemplar() {
        Exemplar.Builder exemplar = Exemplar.newBuilder()
                .setTimeUnixNano(anyLong())
                .setTraceId(id(16))
                .setSpanId(id(8))
                .addAllFilteredAttributes(entries(1, false));
        return chance(0.5)
                ? exemplar.setAsInt(anyLong()).build()
                : exemplar.setAsDouble(anyDouble()).build();
    }

    private NumberDataPoint number() {
        NumberDataPoint.Builder point = NumberDataPoint.newBuilder()
                .setStartTimeUnixNano(anyLong())
                .setTimeUnixNano(anyLong())
                .setFlags(random.nextInt(2))
                .addAllAttributes(entries(1, true));
        if (chance(0.5)) {
            point.addExemplars(exemplar());
        }
        return switch (random.nextInt(3)) {
            case 0 -> point.setAsInt(anyLong()).build();
            case 1 -> point.setAsDouble(anyDouble()).build();
            default -> point.build();
        };
    }

    private HistogramDataPoint histogram() {
        HistogramDataPoint.Builder point = HistogramDataPoint.newBuilder()
                .setTimeUnixNano(anyLong())
                .setCount(anyLong())
                .addAllAttributes(entries(1, false));
        if (chance(0.5)) {
            point.setSum(anyDouble()).setMin(anyDouble()).setMax(anyDouble());
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            point.addBucketCounts(anyLong()).addExplicitBounds(anyDouble());
        }
        return point.addExemplars(exemplar()).build();
    }

    private ExponentialHistogramDataPoint exponential() {
        ExponentialHistogramDataPoint.Builder point = ExponentialHistogramDataPoint.newBuilder()
                .setTimeUnixNano(anyLong())
                .setScale(random.nextInt())
                .setZeroCount(anyLong())
                .setZeroThreshold(anyDouble());
        if (chance(0.7)) {
            point.setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                    .setOffset(random.nextInt())
                    .addBucketCounts(anyLong())
                    .addBucketCounts(3));
            point.setSum(anyDouble());
        }
        return point.addExemplars(exemplar()).build();
    }

    private SummaryDataPoint summary() {
        return SummaryDataPoint.newBuilder()
                .setCount(anyLong())
                .setSum(anyDouble())
                .addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder()
                        .setQuantile(0.5)
                        .setValue(anyDouble()))
                .addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder().setQuantile(anyDouble()))
                .build();
    }

    private Metric metric() {
        Metric.Builder metric = Metric.newBuilder()
                .setName(text())
                .setDescription(text())
                .setUnit(text())
                .addAllMetadata(entries(1, false));
        AggregationTemporality temporality = AggregationTemporality.forNumber(random.nextInt(3));
        int points = random.nextInt(3);
        switch (random.nextInt(6)) {
            case 0 -> {
                Gauge.Builder gauge = Gauge.newBuilder();
                for (int i = 0; i < points; i++) {
                    gauge.addDataPoints(number());
                }
                metric.setGauge(gauge);
            }
            case 1 -> {
                Sum.Builder sum =
                        Sum.newBuilder().setAggregationTemporality(temporality).setIsMonotonic(chance(0.5));
                for (int i = 0; i < points; i++) {
                    sum.addDataPoints(number());
                }
                metric.setSum(sum);
            }
            case 2 ->
                metric.setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(histogram())
                        .addDataPoints(histogram()));
            case 3 ->
                metric.setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(exponential()));
            case 4 -> metric.setSummary(Summary.newBuilder().addDataPoints(summary()));
            default -> {}
        }
        return metric.build();
    }

    ExportMetricsServiceRequest metrics() {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        ResourceMetrics.Builder resource = ResourceMetrics.newBuilder().setSchemaUrl(text());
        if (chance(0.8)) {
            resource.setResource(resource());
        }
        for (int s = random.nextInt(3); s > 0; s--) {
            ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
            if (chance(0.8)) {
                scope.setScope(scope());
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                scope.addMetrics(metric());
            }
            resource.addScopeMetrics(scope);
        }
        return request.addResourceMetrics(resource).build();
    }
}
