package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.ingest.IngestHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Plants personal data everywhere a sender can put it, in conforming, refused, unreadable and over-bound records, and then looks
 * for it in every file of the data directory (spool, store, quarantine, log) and in every answer.
 */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class NothingUnmaskedTest {
    private static final List<String> PLANTED = List.of(
            "zacharias.quux@planted-mail.example",
            "4929939187355598",
            "DE89370400440532013000",
            "+491701234599",
            "AKIAIOSFODNN7EXAMPLF",
            "hunter2-planted-secret",
            "Zebulon Plantman",
            "17 Planted Lane");

    @Inject
    HttpServer server;

    @Inject
    IngestHttp otlp;

    private Sender sender;
    private final List<String> answers = new ArrayList<>();

    @BeforeEach
    void connect() {
        sender = new Sender(server.getPort());
    }

    private void send(String body, String... headers) {
        answers.add(sender.post("/v1/events", body, headers).text());
    }

    @Test
    void noPlantedValueIsWrittenOrAnswered() throws IOException {
        String id = Events.correlationId();
        String text = "mail zacharias.quux@planted-mail.example card 4929939187355598 iban DE89370400440532013000 "
                + "call +491701234599 key AKIAIOSFODNN7EXAMPLF password=hunter2-planted-secret";
        String fields = "\"first_name\":\"Zebulon Plantman\",\"address\":{\"street\":\"17 Planted Lane\"}";
        send(Events.event(id, 1, "\"attempt\":1,\"note\":\"" + text + "\"," + fields));
        send(Events.event(id, 2, "\"attempt\":1,\"nested\":[{\"a\":[\"" + text + "\"]}],\"card\":4929939187355598"));
        send(Events.event(id, 3, "\"attempt\":1,\"json\":\"{\\\"m\\\":\\\"" + text + "\\\"}\""));
        send(Events.event(id, 4, "\"attempt\":1,\"zacharias.quux@planted-mail.example\":true"));
        send(Events.event(id, 5, "\"attempt\":1,\"escaped\":\"zacharias.quux\\u0040planted-mail.example\""));
        send(Events.event(
                id, 6, "\"attempt\":1,\"url\":\"https://x.example/a?email=zacharias.quux%40planted-mail.example\""));
        send(Events.event(id, 7, "\"attempt\":\"zacharias.quux@planted-mail.example\"," + fields));
        send(Events.event("zacharias.quux@planted-mail.example", 8));
        send("{\"tenant_id\":\"zacharias.quux@planted-mail.example\",\"connector\":\"+491701234599\",\"level\":\""
                + text + "\"}");
        send("{\"a\":\"" + text + "\"\n" + Events.event(id, 9));
        send("not json: " + text);
        send(Events.event(id, 10, "\"attempt\":1,\"deep\":" + "[".repeat(100) + "\"" + text + "\"" + "]".repeat(100)));
        send(Events.withoutCorrelation(11, ""), "X-Request-Id", "zacharias.quux@planted-mail.example");
        answers.add(new Sender(otlp.otlpHttpPort())
                .post("/v1/traces", span(text), "Content-Type", "application/json")
                .text());
        await().atMost(Duration.ofSeconds(20)).until(this::allIsDelivered);
        answers.add(sender.get("/v1/journeys/" + id).text());
        answers.add(sender.get("/v1/quarantine").text());
        answers.add(sender.get("/v1/records?limit=1000").text());
        answers.add(sender.get("/v1/status").text());
        answers.add(sender.get("/q/metrics").text());
        for (String answer : answers) {
            for (String planted : PLANTED) {
                assertThat(answer).doesNotContain(planted);
            }
        }
        assertThat(answers.toString()).contains("[EMAIL]", "[CARD]", "[IBAN]", "[PHONE]", "SO-9");
        for (Path file : files()) {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            for (String planted : PLANTED) {
                assertThat(content.contains(planted))
                        .as("%s in %s", planted, file)
                        .isFalse();
            }
        }
    }

    private boolean allIsDelivered() {
        for (var stream : sender.get("/v1/status").json().get("streams")) {
            if (stream.get("spooled_records").asLong() > 0) {
                return false;
            }
        }
        return true;
    }

    private static String span(String text) {
        return """
                {"resourceSpans":[{"resource":{"attributes":[{"key":"host","value":{"stringValue":"%1$s"}}]},"scopeSpans":[{
                "scope":{"name":"%1$s"},"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7",
                "name":"%1$s","startTimeUnixNano":"1769423058442000000","endTimeUnixNano":"1769423058443000000",
                "attributes":[{"key":"a","value":{"arrayValue":{"values":[{"stringValue":"%1$s"}]}}},
                {"key":"first_name","value":{"stringValue":"Zebulon Plantman"}}],
                "events":[{"name":"e","attributes":[{"key":"k","value":{"stringValue":"%1$s"}}]}],
                "status":{"code":2,"message":"%1$s"}}]}]}]}""".formatted(text);
    }

    private static List<Path> files() throws IOException {
        try (var tree = Files.walk(TemporaryData.directory)) {
            return tree.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("token"))
                    .toList();
        }
    }
}
