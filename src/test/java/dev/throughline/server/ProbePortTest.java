package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.throughline.ingest.IngestHttp;
import dev.throughline.ingest.IngestService;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for probes, of a server that listens on loopback only: what a sidecar is. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
@QuarkusTestResource(value = ProbePortTest.On.class, restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProbePortTest {
    /** An address of this machine that only a port on every address takes connections at. */
    private static final String ANOTHER_ADDRESS = "127.0.0.2";

    @Inject
    ProbePort port;

    @Inject
    HttpServer api;

    @Inject
    IngestHttp ingestHttp;

    @Inject
    IngestService ingest;

    private Sender probes;

    /** A free port. */
    public static class On implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of("throughline.probes.port", "0");
        }

        @Override
        public void stop() {}
    }

    @BeforeEach
    void connect() {
        probes = new Sender(port.port());
    }

    private Sender.Answer probe(String path) {
        return probes.send(probes.request(path).GET(), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/health/ready", "/q/health/started"})
    void answersAsTheApiDoesAndWithoutAToken(String path) {
        Sender.Answer answer = probe(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json().get("status").asText()).isEqualTo("UP");
        assertThat(answer.json()).isEqualTo(new Sender(api.getPort()).get(path).json());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/q/health",
                "/q/health/",
                "/q/health/live/",
                "/q/health/well",
                "/q/metrics",
                "/openapi",
                "/v1/events",
                "/v1/records",
                "/v1/logs",
                "/v1/nope"
            })
    void servesNothingElse(String path) {
        for (Sender.Answer answer : new Sender.Answer[] {probes.get(path), probes.post(path, "{}")}) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(404);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.json().get("code").asText()).isEqualTo("not_found");
        }
    }

    @ParameterizedTest
    @CsvSource({"POST,/q/health/live", "DELETE,/q/health/ready", "PUT,/q/health/started"})
    void takesNothing(String method, String path) {
        Sender.Answer answer = probes.send(probes.request(path).method(method, BodyPublishers.ofString("{}")), false);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET");
        assertThat(answer.json().get("code").asText()).isEqualTo("method_not_allowed");
    }

    @Test
    void isReachedWhereThePortsForRecordsAreNot() throws IOException {
        assertThat(rawProbe(ANOTHER_ADDRESS)).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
        for (int loopbackOnly : new int[] {api.getPort(), ingestHttp.otlpHttpPort(), ingestHttp.otlpGrpcPort()}) {
            assertThatThrownBy(() -> new Socket(ANOTHER_ADDRESS, loopbackOnly).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    /** The whole answer: the connection ends with it. */
    private String rawProbe(String host) throws IOException {
        try (Socket socket = new Socket(host, port.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /q/health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void whileDrainingItIsLiveAndNotReady() {
        ingest.drain();
        await().until(() -> probe("/q/health/ready").status() == 503);
        Sender.Answer ready = probe("/q/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.json().get("status").asText()).isEqualTo("DOWN");
        assertThat(ready.text()).contains("draining");
        assertThat(probe("/q/health/live").status()).isEqualTo(200);
    }
}
