package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/events} on a started server: framings, encodings, answers, bounds. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class EventsApiTest {
    @Inject
    HttpServer server;

    private Sender sender;

    @BeforeEach
    void connect() {
        sender = new Sender(server.getPort());
    }

    @Test
    void anEventIsTakenAndFoundAgain() {
        String id = Events.correlationId();
        Sender.Answer answer = sender.post("/v1/events", Events.event(id, 1));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().get("received").asInt()).isEqualTo(1);
        assertThat(answer.json().get("accepted").asInt()).isEqualTo(1);
        assertThat(answer.json().get("refused").asInt()).isZero();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            Sender.Answer journey = sender.get("/v1/journeys/" + id);
            assertThat(journey.status()).as(journey.text()).isEqualTo(200);
            assertThat(journey.json().get("records")).hasSize(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s%s", "%s\n%s\n", "[%s,%s]", "[%s]\n%s"})
    void everyFramingIsTaken(String framing) {
        String body =
                framing.formatted(Events.event(Events.correlationId(), 1), Events.event(Events.correlationId(), 2));
        JsonNode counts =
                sender.post("/v1/events", body, "Content-Type", "text/nonsense").json();
        assertThat(counts.get("accepted").asInt()).isEqualTo(2);
    }

    @Test
    void gzipAndZstdAreTaken() throws IOException, InterruptedException {
        byte[] body = Events.event(Events.correlationId(), 1).repeat(50).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(body);
        }
        assertThat(sender.post("/v1/events", gzip.toByteArray(), "Content-Encoding", "gzip")
                        .json()
                        .get("received")
                        .asInt())
                .isEqualTo(50);
        Process zstd = new ProcessBuilder("zstd", "-c").start();
        try (OutputStream in = zstd.getOutputStream()) {
            in.write(body);
        }
        byte[] compressed;
        try (InputStream out = zstd.getInputStream()) {
            compressed = out.readAllBytes();
        }
        zstd.waitFor();
        assertThat(sender.post("/v1/events", compressed, "Content-Encoding", "zstd")
                        .json()
                        .get("received")
                        .asInt())
                .isEqualTo(50);
    }

    @Test
    void aRefusalSaysWhereAndWhyButNeverWhat() {
        String good = Events.event(Events.correlationId(), 1);
        String id = Events.correlationId();
        String bad = Events.event(id, 2, "\"attempt\":4711004711");
        Sender.Answer answer = sender.post("/v1/events", good + "\n" + bad);
        assertThat(answer.status()).isEqualTo(200);
        JsonNode refusal = answer.json().get("refusals").get(0);
        assertThat(refusal.get("index").asInt()).isEqualTo(1);
        assertThat(refusal.get("pointer").asText()).isEqualTo("/attempt");
        assertThat(refusal.get("keyword").asText()).isEqualTo("maximum");
        assertThat(refusal.get("correlation_id").asText()).isEqualTo(id);
        assertThat(answer.text()).doesNotContain("4711004711");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(sender.get("/v1/journeys/" + id).text()).contains("quarantine"));
    }

    @Test
    void ifAllAreRefusedTheProblemSaysSo() {
        Sender.Answer answer = sender.post("/v1/events", Events.event(Events.correlationId(), 2, "\"attempt\":0"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("code").asText()).isEqualTo("all_records_refused");
        assertThat(answer.json().get("refusals")).hasSize(1);
    }

    @Test
    void anIdIsGeneratedReturnedAndMarked() {
        Sender.Answer answer = sender.post("/v1/events", Events.withoutCorrelation(3, ""));
        String id = answer.json()
                .get("correlation_ids")
                .get(0)
                .get("correlation_id")
                .asText();
        assertThat(id).matches("corr_[0-7][0-9A-HJKMNP-TV-Z]{25}");
        assertThat(answer.header("X-Correlation-Id")).isEqualTo(id);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sender.get("/v1/journeys/" + id).text())
                        .contains("\"correlation_source\":\"generated\""));
    }

    @Test
    void headersApplyToRecordsThatLackTheField() {
        String fromHeader = Events.correlationId();
        String own = Events.correlationId();
        Sender.Answer answer = sender.post(
                "/v1/events",
                Events.withoutCorrelation(4, "") + Events.event(own, 5),
                "X-Correlation-Id",
                fromHeader,
                "X-Request-Id",
                "req-77",
                "traceparent",
                "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01");
        assertThat(answer.json().get("correlation_ids")).isEmpty();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode first = sender.get("/v1/journeys/" + fromHeader).json();
            assertThat(first.toString())
                    .contains("req-77")
                    .contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
                    .contains("SO-4");
            assertThat(sender.get("/v1/journeys/" + own).text()).contains("SO-5");
        });
    }

    @Test
    void aRecordWithOnlyATraceIsJoined() {
        String id = Events.correlationId();
        String trace = "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4701\"";
        sender.post("/v1/events", Events.event(id, 6, "\"attempt\":1," + trace));
        Sender.Answer answer = sender.post("/v1/events", Events.withoutCorrelation(7, "," + trace));
        assertThat(answer.json().get("correlation_ids")).isEmpty();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sender.get("/v1/journeys/" + id).text())
                        .contains("SO-6")
                        .contains("SO-7")
                        .contains("\"correlation_source\":\"trace\""));
    }

    @Test
    void aTenantGivenAsANumberIsKeptAsItsDecimalString() {
        String id = Events.correlationId();
        for (String tenant : new String[] {"4200", "4.2e3", "4200.0"}) {
            String event = Events.event(id, 21).replace("\"acme_eu_01\"", tenant);
            assertThat(sender.post("/v1/events", event).status()).isEqualTo(200);
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode records = sender.get("/v1/journeys/" + id).json().get("records");
            assertThat(records).hasSize(3);
            records.forEach(
                    record -> assertThat(record.get("tenant_id").asText()).isEqualTo("4200"));
        });
    }

    @Test
    void aRetryIsToldAndKeptOnce() {
        String id = Events.correlationId();
        String body = Events.event(id, 8);
        sender.post("/v1/events", body);
        JsonNode again = sender.post("/v1/events", body).json();
        assertThat(again.get("accepted").asInt()).isEqualTo(1);
        assertThat(again.get("duplicates").asInt()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(sender.get("/v1/journeys/" + id).json().get("records"))
                                .hasSize(1));
    }

    @Test
    void withoutTheTokenNothingIsRead() {
        Sender.Answer answer =
                sender.send(sender.request("/v1/events").POST(HttpRequest.BodyPublishers.ofString("{}")), false);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        for (String path : new String[] {"/v1/status", "/v1/quarantine", "/v1/records", "/v1/journeys/x"}) {
            assertThat(sender.send(sender.request(path).GET(), false).status())
                    .as(path)
                    .isEqualTo(401);
        }
    }

    @Test
    void whatIsNotJsonIsA400AndABombA413() throws IOException {
        assertThat(sender.post("/v1/events", "nonsense").status()).isEqualTo(400);
        assertThat(sender.post("/v1/events", "{\"a\":").json().get("code").asText())
                .isEqualTo("malformed_json");
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            out.write(new byte[20 << 20]);
        }
        assertThat(sender.post("/v1/events", bomb.toByteArray(), "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(413);
        assertThat(sender.post("/v1/events", new byte[10], "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(400);
        assertThat(sender.post("/v1/events", "{}", "Content-Encoding", "br").status())
                .isEqualTo(415);
        assertThat(sender.get("/v1/events").status()).isEqualTo(405);
    }

    @Test
    void aRefusedRecordThatIsNoObjectIsKeptInQuarantineToo() {
        long before =
                sender.get("/v1/quarantine?limit=1000").json().get("entries").size();
        for (String record : new String[] {"\"a bare string\"", "4711", "true", "null", "[[1]]"}) {
            assertThat(sender.post("/v1/events", record).status()).as(record).isEqualTo(422);
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sender.get("/v1/quarantine?limit=1000")
                                .json()
                                .get("entries")
                                .size())
                        .isEqualTo((int) before + 5));
    }

    @Test
    void aDeclaredSizeOverTheBoundIsRefusedUnread() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.getPort())) {
            socket.setSoTimeout(10_000);
            String head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TemporaryData.token()
                    + "\r\nContent-Length: 99999999\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }
}
