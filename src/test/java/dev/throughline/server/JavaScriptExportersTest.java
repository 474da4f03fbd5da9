package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.throughline.ingest.IngestHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenTelemetry's own JavaScript exporters (OTLP/JSON), from npm and run by node, against the started server. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class JavaScriptExportersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SOURCE = Path.of("src/test/js");
    private static final Path INSTALLED = Path.of("target/js");
    private static final int INSTALL_SECONDS_MAX = 180;
    private static final int RUN_SECONDS_MAX = 60;

    @Inject
    io.quarkus.vertx.http.HttpServer server;

    @Inject
    IngestHttp otlp;

    private Sender api;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        Path lock = INSTALLED.resolve("package-lock.json");
        boolean installed = Files.exists(INSTALLED.resolve("node_modules/.package-lock.json"))
                && Files.exists(lock)
                && Files.mismatch(lock, SOURCE.resolve("package-lock.json")) == -1;
        for (String file : new String[] {"package.json", "package-lock.json", "export.mjs"}) {
            Files.copy(SOURCE.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!installed) {
            output(INSTALL_SECONDS_MAX, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        }
    }

    @BeforeEach
    void connect() {
        api = new Sender(server.getPort());
    }

    private static String output(int secondsMax, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(INSTALLED, "out", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        boolean ended = process.waitFor(secondsMax, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(out);
        Files.delete(out);
        assertThat(ended && process.exitValue() == 0)
                .as("%s: %s", Arrays.toString(command), text)
                .isTrue();
        return text;
    }

    private JsonNode export(String signal, int port, String token, String more, String... correlationIds)
            throws IOException, InterruptedException {
        String task = """
                {"signal":"%s","url":"http://127.0.0.1:%d/v1/%s","token":"%s","correlationIds":["%s"]%s}""".formatted(signal, port, signal, token, String.join("\",\"", correlationIds), more);
        return JSON.readTree(output(RUN_SECONDS_MAX, "node", "export.mjs", task));
    }

    private JsonNode arrived(String correlationId) {
        JsonNode[] found = new JsonNode[1];
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            Sender.Answer journey = api.get("/v1/journeys/" + correlationId);
            assertThat(journey.status()).isEqualTo(200);
            found[0] = journey.json().get("records");
        });
        return found[0];
    }

    @Test
    void itsLogsArrive() throws Exception {
        String first = Events.correlationId();
        String second = Events.correlationId();
        JsonNode outcome = export(
                "logs",
                otlp.otlpHttpPort(),
                TemporaryData.token(),
                ",\"message\":\"asked jane@example.com\"",
                first,
                second);
        assertThat(outcome.get("code").asInt()).as(outcome.toString()).isZero();
        assertThat(outcome.get("diagnostics")).isEmpty();
        for (String id : List.of(first, second)) {
            JsonNode record = arrived(id).get(0).get("record");
            assertThat(record.get("message").asText()).isEqualTo("asked [EMAIL]");
            assertThat(record.get("event_name").asText()).isEqualTo("order.status.updated");
            assertThat(record.get("level").asText()).isEqualTo("INFO");
            assertThat(record.get("tenant_id").asText()).isEqualTo("acme_eu_01");
            assertThat(record.get("connector").asText()).isEqualTo("crm_to_erp.js_sync");
            assertThat(record.get("service").asText()).isEqualTo("integration-worker");
            assertThat(record.get("attempt").asInt()).isEqualTo(1);
        }
    }

    @Test
    void itsSpansArrive() throws Exception {
        String id = Events.correlationId();
        JsonNode outcome = export("traces", otlp.otlpHttpPort(), TemporaryData.token(), "", id);
        assertThat(outcome.get("code").asInt()).as(outcome.toString()).isZero();
        JsonNode record = arrived(id).get(0);
        assertThat(record.get("signal").asText()).isEqualTo("span");
        assertThat(record.get("boundary").asText()).isEqualTo("erp.api.request");
        assertThat(record.get("connector").asText()).isEqualTo("crm_to_erp.js_sync");
    }

    @Test
    void itUnderstandsThatSomeWereRefused() throws Exception {
        String good = Events.correlationId();
        JsonNode outcome = export("logs", otlp.otlpHttpPort(), TemporaryData.token(), "", good, "not a correlation id");
        assertThat(outcome.get("code").asInt()).as(outcome.toString()).isZero();
        assertThat(outcome.get("diagnostics").toString())
                .contains("Partial Success", "rejectedLogRecords", "/correlation_id");
        assertThat(arrived(good)).hasSize(1);
    }

    @Test
    void itDoesNotRepeatWhatAWrongTokenSent() throws Exception {
        String id = Events.correlationId();
        JsonNode outcome = export("logs", otlp.otlpHttpPort(), "wrong", "", id);
        assertThat(outcome.get("code").asInt()).isEqualTo(1);
        assertThat(outcome.get("http").asInt()).isEqualTo(401);
        assertThat(outcome.get("elapsedMs").asInt()).isLessThan(2_000);
        assertThat(api.get("/v1/journeys/" + id).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void itComesBackWhenItIsTold(int status) throws Exception {
        String id = Events.correlationId();
        try (Busy busy = new Busy(status, 3, otlp.otlpHttpPort())) {
            JsonNode outcome = export("logs", busy.port(), TemporaryData.token(), "", id);
            assertThat(outcome.get("code").asInt()).as(outcome.toString()).isZero();
            assertThat(busy.times).hasSize(2);
            // Its own first pause would be about a second.
            assertThat(TimeUnit.NANOSECONDS.toMillis(busy.times.get(1) - busy.times.get(0)))
                    .isGreaterThanOrEqualTo(2_900);
        }
        assertThat(arrived(id)).hasSize(1);
    }

    /** Says once "later" in the program's words, and hands on what comes then. */
    private static final class Busy implements AutoCloseable {
        final List<Long> times = new ArrayList<>();
        private final HttpServer front;
        private final int status;
        private final int retryAfterSeconds;
        private final Sender behind;

        Busy(int status, int retryAfterSeconds, int port) throws IOException {
            this.status = status;
            this.retryAfterSeconds = retryAfterSeconds;
            behind = new Sender(port);
            front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            front.createContext("/", this::handle);
            front.start();
        }

        int port() {
            return front.getAddress().getPort();
        }

        private void handle(HttpExchange exchange) throws IOException {
            times.add(System.nanoTime());
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (times.size() == 1) {
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(retryAfterSeconds));
                answer(exchange, status, "{\"code\":14,\"message\":\"spool_full: Nothing was kept.\"}");
                return;
            }
            var headers = exchange.getRequestHeaders();
            List<String> passed = new ArrayList<>(List.of("Content-Type", headers.getFirst("Content-Type")));
            if (headers.containsKey("Content-Encoding")) {
                passed.addAll(List.of("Content-Encoding", headers.getFirst("Content-Encoding")));
            }
            Sender.Answer answer = behind.send(
                    behind.request(exchange.getRequestURI().getPath()).POST(BodyPublishers.ofByteArray(body)),
                    true,
                    passed.toArray(String[]::new));
            answer(exchange, answer.status(), answer.text());
        }

        private static void answer(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        @Override
        public void close() {
            front.stop(0);
        }
    }
}
