package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throughline.ingest.IngestHttp;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real OTLP clients: the Java SDK's exporters over gRPC and HTTP, and OTLP/JSON as the JavaScript SDK sends it. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class OtlpClientsTest {
    private static final Resource RESOURCE = Resource.create(Attributes.builder()
            .put("service.name", "integration-worker")
            .put("deployment.environment.name", "test")
            .put("tenant_id", "acme_eu_01")
            .put("throughline.connector", "crm_to_erp.order_sync")
            .build());

    @Inject
    HttpServer server;

    @Inject
    IngestHttp otlp;

    private Sender api;

    @BeforeEach
    void connect() {
        api = new Sender(server.getPort());
    }

    private String bearer() {
        return "Bearer " + TemporaryData.token();
    }

    private String http(String path) {
        return "http://127.0.0.1:" + otlp.otlpHttpPort() + path;
    }

    private String grpc() {
        return "http://127.0.0.1:" + otlp.otlpGrpcPort();
    }

    @Test
    void theSdksLogsComeOverGrpcAndHttp() {
        log(OtlpGrpcLogRecordExporter.builder()
                .setEndpoint(grpc())
                .addHeader("authorization", bearer())
                .build());
        log(OtlpGrpcLogRecordExporter.builder()
                .setEndpoint(grpc())
                .setCompression("gzip")
                .addHeader("authorization", bearer())
                .build());
        log(OtlpHttpLogRecordExporter.builder()
                .setEndpoint(http("/v1/logs"))
                .setCompression("gzip")
                .addHeader("Authorization", bearer())
                .build());
        log(OtlpHttpLogRecordExporter.builder()
                .setEndpoint("http://127.0.0.1:" + server.getPort() + "/v1/logs")
                .addHeader("Authorization", bearer())
                .build());
    }

    private void log(LogRecordExporter exporter) {
        String id = Events.correlationId();
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .setResource(RESOURCE)
                .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
                .build()) {
            provider.get("orders")
                    .logRecordBuilder()
                    .setSeverity(Severity.ERROR)
                    .setEventName("order.status.updated")
                    .setBody("customer jane.doe@example.com has no answer")
                    .setAttribute(AttributeKey.stringKey("correlation_id"), id)
                    .setAttribute(AttributeKey.stringKey("entity_type"), "order")
                    .setAttribute(AttributeKey.stringKey("throughline.entity_id"), "SO-1")
                    .setAttribute(AttributeKey.longKey("attempt"), 2L)
                    .setAttribute(AttributeKey.stringKey("error_code"), "ERP_TIMEOUT")
                    .setAttribute(AttributeKey.longKey("http.response.status_code"), 504L)
                    .emit();
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        JsonNode record = records(id).get(0).get("record");
        assertThat(record.get("level").asText()).isEqualTo("ERROR");
        assertThat(record.get("service").asText()).isEqualTo("integration-worker");
        assertThat(record.get("environment").asText()).isEqualTo("test");
        assertThat(record.get("event_name").asText()).isEqualTo("order.status.updated");
        assertThat(record.get("attempt").asInt()).isEqualTo(2);
        assertThat(record.get("http").get("status").asInt()).isEqualTo(504);
        assertThat(record.get("message").asText()).isEqualTo("customer [EMAIL] has no answer");
    }

    private JsonNode records(String id) {
        JsonNode[] found = new JsonNode[1];
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            Sender.Answer journey = api.get("/v1/journeys/" + id);
            assertThat(journey.status()).isEqualTo(200);
            found[0] = journey.json();
        });
        return found[0].get("records");
    }

    @Test
    void theSdksSpansComeOverGrpcAndHttp() {
        span(OtlpGrpcSpanExporter.builder()
                .setEndpoint(grpc())
                .addHeader("authorization", bearer())
                .build());
        span(OtlpHttpSpanExporter.builder()
                .setEndpoint(http("/v1/traces"))
                .addHeader("Authorization", bearer())
                .build());
    }

    private void span(SpanExporter exporter) {
        String id = Events.correlationId();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(RESOURCE)
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()) {
            Span span = provider.get("orders").spanBuilder("erp.api.request").startSpan();
            span.setAttribute("correlation_id", id);
            span.setAttribute("entity_id", "SO-1");
            span.setAttribute("attempt", 1L);
            span.setAttribute("contact", "+49 170 1234567");
            span.end();
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        JsonNode record = records(id).get(0);
        assertThat(record.get("signal").asText()).isEqualTo("span");
        assertThat(record.get("boundary").asText()).isEqualTo("erp.api.request");
        assertThat(record.get("tenant_id").asText()).isEqualTo("acme_eu_01");
        assertThat(record.toString()).doesNotContain("1234567");
    }

    @Test
    void theSdksMetricsAreTakenOverGrpc() {
        OtlpGrpcMetricExporter exporter = OtlpGrpcMetricExporter.builder()
                .setEndpoint(grpc())
                .addHeader("authorization", bearer())
                .build();
        try (SdkMeterProvider provider = SdkMeterProvider.builder()
                .setResource(RESOURCE)
                .registerMetricReader(PeriodicMetricReader.create(exporter))
                .build()) {
            provider.get("queue").counterBuilder("queue.depth").build().add(7);
            assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(api.get("/v1/status")
                                .json()
                                .at("/streams/operational.metrics/kept")
                                .asInt())
                        .isGreaterThan(0));
    }

    @Test
    void aWrongTokenIsUnderstoodByTheSdk() {
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .addLogRecordProcessor(SimpleLogRecordProcessor.create(OtlpGrpcLogRecordExporter.builder()
                        .setEndpoint(grpc())
                        .addHeader("authorization", "Bearer wrong")
                        .build()))
                .build()) {
            provider.get("orders").logRecordBuilder().setBody("x").emit();
            CompletableResultCode flushed = provider.forceFlush().join(10, TimeUnit.SECONDS);
            assertThat(flushed.isDone()).isTrue();
        }
        Sender otlpHttp = new Sender(otlp.otlpHttpPort());
        Sender.Answer answer = otlpHttp.send(
                otlpHttp.request("/v1/logs").POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")),
                false,
                "Content-Type",
                "application/json");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().get("code").asInt()).isEqualTo(16);
    }

    @Test
    void jsonAsTheJavaScriptSdkSendsItIsTakenAndRefusedInJson() {
        String id = Events.correlationId();
        String body = """
                {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"js"}},
                {"key":"tenant_id","value":{"stringValue":"acme"}}]},"scopeLogs":[{"scope":{"name":"s"},"logRecords":[
                {"timeUnixNano":"1769423058442000000","severityNumber":9,"body":{"stringValue":"ok"},
                "traceId":"4BF92F3577B34DA6A3CE929D0E0E4799","spanId":"00F067AA0BA902B7","attributes":[
                {"key":"correlation_id","value":{"stringValue":"%s"}},{"key":"connector","value":{"stringValue":"c.js"}},
                {"key":"entity_type","value":{"stringValue":"order"}},{"key":"entity_id","value":{"stringValue":"SO-9"}},
                {"key":"event_name","value":{"stringValue":"order.done"}},{"key":"attempt","value":{"intValue":"1"}}]},
                {"timeUnixNano":"1769423058442000000","severityNumber":9,"body":{"stringValue":"not ours"}}]}]}]}
                """.formatted(id);
        Sender otlpHttp = new Sender(otlp.otlpHttpPort());
        Sender.Answer answer = otlpHttp.post("/v1/logs", body, "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().at("/partialSuccess/rejectedLogRecords").asText())
                .isEqualTo("1");
        assertThat(answer.json().at("/partialSuccess/errorMessage").asText()).contains("missing_field");
        JsonNode record = records(id).get(0).get("record");
        assertThat(record.get("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4799");
        assertThat(otlpHttp.post("/v1/logs", "{\"resourceLogs\":", "Content-Type", "application/json")
                        .status())
                .isEqualTo(400);
        assertThat(otlpHttp.post("/v1/logs", "x", "Content-Type", "text/plain").status())
                .isEqualTo(415);
    }

    @Test
    void anEmptyRequestIsASuccessWithoutPartialSuccess() throws Exception {
        Sender otlpHttp = new Sender(otlp.otlpHttpPort());
        Sender.Answer logs = otlpHttp.post("/v1/logs", new byte[0], "Content-Type", "application/x-protobuf");
        assertThat(logs.status()).isEqualTo(200);
        assertThat(ExportLogsServiceResponse.parseFrom(logs.response().body()).hasPartialSuccess())
                .isFalse();
        Sender.Answer spans = otlpHttp.post("/v1/traces", new byte[0], "Content-Type", "application/x-protobuf");
        assertThat(ExportTraceServiceResponse.parseFrom(spans.response().body()).hasPartialSuccess())
                .isFalse();
        assertThat(otlpHttp.post("/v1/logs", "{}", "Content-Type", "application/json")
                        .text())
                .isEqualTo("{}");
    }
}
