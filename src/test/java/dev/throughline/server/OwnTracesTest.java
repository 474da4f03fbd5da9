package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Its own spans, as a real OTLP receiver gets them: ingest and delivery, with counts and codes and never content. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
@QuarkusTestResource(value = OwnTracesTest.Receiver.class, restrictToAnnotatedClass = true)
class OwnTracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4711";
    private static final String SPAN = "00f067aa0ba90471";

    @Inject
    io.quarkus.vertx.http.HttpServer server;

    @Test
    void ingestAndDeliveryHaveSpansThatHoldNoContent() {
        Sender sender = new Sender(server.getPort());
        String event = Events.event(
                Events.correlationId(),
                77_001,
                "\"attempt\":1,\"trace_id\":\"%s\",\"span_id\":\"%s\",\"note\":\"planted@example.com\""
                        .formatted(TRACE, SPAN));
        assertThat(sender.post("/v1/events", event).status()).isEqualTo(200);
        assertThat(sender.post("/v1/events", "planted").status()).isEqualTo(400);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(named("ingest")).hasSizeGreaterThanOrEqualTo(2);
            assertThat(linkedBatch()).isPresent();
        });
        Span batch = linkedBatch().orElseThrow();
        assertThat(batch.getParentSpanId().isEmpty()).isTrue();
        assertThat(attribute(batch, "throughline.exporter")).isEqualTo("store");
        assertThat(attribute(batch, "throughline.stream")).isEqualTo("operational.logs");
        assertThat(attribute(batch, "throughline.records")).isEqualTo("1");
        assertThat(attribute(batch, "throughline.outcome")).isEqualTo("delivered");
        Span refused = named("ingest").stream()
                .filter(span -> span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
                .findFirst()
                .orElseThrow();
        assertThat(refused.getStatus().getMessage()).isEqualTo("Malformed");
        for (String step : List.of("pipeline", "spool.append")) {
            assertThat(named(step)).as(step).isNotEmpty();
        }
        assertThat(Receiver.SPANS.toString()).doesNotContain("planted", "77001", "acme_eu_01", "order.status.updated");
    }

    private static List<Span> named(String name) {
        return Receiver.SPANS.stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    /** The delivery of the event above: linked to the span that its sender named. */
    private static Optional<Span> linkedBatch() {
        return named("delivery.batch").stream()
                .filter(span -> span.getLinksList().stream()
                        .anyMatch(link -> HexFormat.of()
                                        .formatHex(link.getTraceId().toByteArray())
                                        .equals(TRACE)
                                && HexFormat.of()
                                        .formatHex(link.getSpanId().toByteArray())
                                        .equals(SPAN)))
                .findFirst();
    }

    private static String attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().hasIntValue()
                        ? Long.toString(attribute.getValue().getIntValue())
                        : attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    /** An OTLP/HTTP receiver, and the configuration that sends every span there. */
    public static class Receiver implements QuarkusTestResourceLifecycleManager {
        static final List<Span> SPANS = new CopyOnWriteArrayList<>();

        private HttpServer http;

        @Override
        public Map<String, String> start() {
            try {
                http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            http.createContext("/v1/traces", Receiver::take);
            http.start();
            return Map.of(
                    "throughline.tracing.disabled", "false",
                    "quarkus.otel.traces.sampler.arg", "1.0",
                    "quarkus.otel.exporter.otlp.protocol", "http/protobuf",
                    "quarkus.otel.exporter.otlp.endpoint",
                            "http://127.0.0.1:" + http.getAddress().getPort(),
                    "quarkus.otel.bsp.schedule.delay", "200ms");
        }

        private static void take(HttpExchange exchange) throws IOException {
            boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            try (InputStream body = gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
                ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
                        .flatMap(resource -> resource.getScopeSpansList().stream())
                        .forEach(scope -> SPANS.addAll(scope.getSpansList()));
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        }

        @Override
        public void stop() {
            http.stop(0);
        }
    }
}
