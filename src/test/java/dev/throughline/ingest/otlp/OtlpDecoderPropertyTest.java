package dev.throughline.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.otlp.OtlpProtobufWriter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the generated messages of {@code opentelemetry-proto}, over random requests. */
class OtlpDecoderPropertyTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final OtlpDecoder decoder = new OtlpDecoder(OtlpLimits.DEFAULT);

    static LongStream seeds() {
        String replay = System.getProperty("seed");
        return replay == null ? LongStream.range(0, 200) : LongStream.of(Long.parseLong(replay));
    }

    private static List<JsonNode> trees(List<byte[]> documents) throws IOException {
        List<JsonNode> trees = new ArrayList<>();
        for (byte[] document : documents) {
            trees.add(JSON.readTree(document));
        }
        return trees;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void logsOfBothEncodingsBecomeTheDocumentsOfTheMapping(long seed) throws IOException {
        ExportLogsServiceRequest request = new RandomOtlp(seed).logs();
        List<JsonNode> expected = new ArrayList<>();
        for (JsonNode document : ExpectedLogs.of(request)) {
            expected.add(JSON.readTree(JSON.writeValueAsString(document)));
        }
        Decoded protobuf = Decoded.protobuf(decoder, Signal.LOG, request.toByteArray());
        assertThat(trees(protobuf.documents)).isEqualTo(expected);
        assertThat(protobuf.outcome()).isEqualTo(new OtlpDecoded.Complete(expected.size()));
        Decoded json = Decoded.json(decoder, Signal.LOG, new OtlpJsonPrinter(seed).print(request));
        assertThat(json.texts()).isEqualTo(protobuf.texts());
        assertThat(json.outcome()).isEqualTo(protobuf.outcome());
        List<byte[]> records = request.getResourceLogsList().stream()
                .flatMap(r -> r.getScopeLogsList().stream())
                .flatMap(s -> s.getLogRecordsList().stream())
                .map(LogRecord::toByteArray)
                .toList();
        assertThat(protobuf.sources).usingRecursiveComparison().isEqualTo(records);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aSpanComesBackAsItWas(long seed) throws IOException {
        ExportTraceServiceRequest request = new RandomOtlp(seed).traces();
        List<Message> spans = new ArrayList<>();
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                scope.getSpansList()
                        .forEach(span -> spans.add(TracesData.newBuilder()
                                .addResourceSpans(resource.toBuilder()
                                        .clearScopeSpans()
                                        .addScopeSpans(
                                                scope.toBuilder().clearSpans().addSpans(span)))
                                .build()));
            }
        }
        Decoded protobuf = Decoded.protobuf(decoder, Signal.SPAN, request.toByteArray());
        assertThat(back(Signal.SPAN, protobuf, TracesData::parseFrom)).isEqualTo(spans);
        Decoded json = Decoded.json(decoder, Signal.SPAN, new OtlpJsonPrinter(seed).print(request));
        assertThat(trees(json.documents)).isEqualTo(trees(protobuf.documents));
        assertThat(back(Signal.SPAN, json, TracesData::parseFrom)).isEqualTo(spans);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aMetricComesBackAsItWas(long seed) throws IOException {
        ExportMetricsServiceRequest request = new RandomOtlp(seed).metrics();
        List<Message> metrics = new ArrayList<>();
        List<Integer> points = new ArrayList<>();
        for (ResourceMetrics resource : request.getResourceMetricsList()) {
            for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                scope.getMetricsList().forEach(metric -> {
                    metrics.add(MetricsData.newBuilder()
                            .addResourceMetrics(resource.toBuilder()
                                    .clearScopeMetrics()
                                    .addScopeMetrics(
                                            scope.toBuilder().clearMetrics().addMetrics(metric)))
                            .build());
                    points.add(metric.getGauge().getDataPointsCount()
                            + metric.getSum().getDataPointsCount()
                            + metric.getHistogram().getDataPointsCount()
                            + metric.getExponentialHistogram().getDataPointsCount()
                            + metric.getSummary().getDataPointsCount());
                });
            }
        }
        Decoded protobuf = Decoded.protobuf(decoder, Signal.METRIC, request.toByteArray());
        assertThat(back(Signal.METRIC, protobuf, MetricsData::parseFrom)).isEqualTo(metrics);
        assertThat(protobuf.points).isEqualTo(points);
        Decoded json = Decoded.json(decoder, Signal.METRIC, new OtlpJsonPrinter(seed).print(request));
        assertThat(trees(json.documents)).isEqualTo(trees(protobuf.documents));
        assertThat(json.points).isEqualTo(points);
    }

    private interface Parser {
        Message parse(byte[] bytes) throws InvalidProtocolBufferException;
    }

    private static List<Message> back(Signal signal, Decoded decoded, Parser parser) throws IOException {
        List<Message> messages = new ArrayList<>();
        OtlpProtobufWriter writer = new OtlpProtobufWriter();
        for (byte[] document : decoded.documents) {
            writer.reset(0);
            assertThat(writer.append(signal, document, 0, document.length)).isTrue();
            messages.add(parser.parse(writer.toByteArray()));
        }
        return messages;
    }

    static LongStream fewSeeds() {
        return seeds().filter(seed -> seed % 40 == 0 || System.getProperty("seed") != null);
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void aBodyCutAnywhereIsRefusedJustWhereTheGeneratedParserRefusesIt(long seed) {
        RandomOtlp random = new RandomOtlp(seed);
        cut(Signal.LOG, random.logs().toByteArray(), bytes -> parses(() -> ExportLogsServiceRequest.parseFrom(bytes)));
        cut(
                Signal.SPAN,
                random.traces().toByteArray(),
                bytes -> parses(() -> ExportTraceServiceRequest.parseFrom(bytes)));
        cut(
                Signal.METRIC,
                random.metrics().toByteArray(),
                bytes -> parses(() -> ExportMetricsServiceRequest.parseFrom(bytes)));
    }

    private interface Parse {
        Message parse() throws InvalidProtocolBufferException;
    }

    private static boolean parses(Parse parse) {
        try {
            parse.parse();
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private void cut(Signal signal, byte[] whole, Function<byte[], Boolean> oracle) {
        for (int length = 0; length < Math.min(whole.length, 3_000); length++) {
            byte[] body = Arrays.copyOf(whole, length);
            OtlpDecoded outcome = Decoded.protobuf(decoder, signal, body).outcome();
            assertThat(outcome instanceof OtlpDecoded.Complete)
                    .as("%s of %s", length, signal)
                    .isEqualTo(oracle.apply(body));
        }
    }
}
