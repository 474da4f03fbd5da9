package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sender may do twice, or write otherwise, without losing the thread of a record. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class RetriesAndNamesTest {
    private static final String ATTRIBUTES = """
            {"key":"tenant_id","value":{"stringValue":"acme"}},{"key":"connector","value":{"stringValue":"c1"}},\
            {"key":"entity_type","value":{"stringValue":"order"}},{"key":"entity_id","value":{"stringValue":"1"}},\
            {"key":"attempt","value":{"intValue":"1"}}""";

    @Inject
    HttpServer server;

    private Sender sender;

    @BeforeEach
    void connect() {
        sender = new Sender(server.getPort());
    }

    /** An event without a correlation id of its own, unlike any other by its entity. */
    private static String event(String entity) {
        String with = Events.event(Events.correlationId(), 1);
        return with.replaceFirst("\"correlation_id\":\"[^\"]*\",", "")
                .replaceFirst("\"entity_id\":\"[^\"]*\"", "\"entity_id\":\"" + entity + "\"");
    }

    private void isFound(String correlationId) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            Sender.Answer journey = sender.get("/v1/journeys/" + correlationId);
            assertThat(journey.status())
                    .as(correlationId + " " + journey.text())
                    .isEqualTo(200);
            assertThat(journey.json().get("records")).hasSize(1);
        });
    }

    @Test
    void aRetryIsGivenTheIdThatItsFirstCopyWasGiven() {
        String event = event("SO-RETRY-1");
        JsonNode first = sender.post("/v1/events", event).json();
        JsonNode second = sender.post("/v1/events", event).json();
        assertThat(second.get("duplicates").asInt()).isEqualTo(1);
        String id = first.at("/correlation_ids/0/correlation_id").asText();
        assertThat(second.at("/correlation_ids/0/correlation_id").asText())
                .isEqualTo(id)
                .startsWith("corr_");
        isFound(id);
    }

    @Test
    void theSameBytesInTwoJourneysAreTwoRecords() {
        String event = event("SO-HEADER-1");
        String one = Events.correlationId();
        String other = Events.correlationId();
        assertThat(sender.post("/v1/events", event, "X-Correlation-Id", one).status())
                .isEqualTo(200);
        JsonNode second =
                sender.post("/v1/events", event, "X-Correlation-Id", other).json();
        assertThat(second.get("duplicates").asInt()).isZero();
        assertThat(sender.post("/v1/events", event, "X-Correlation-Id", other)
                        .json()
                        .get("duplicates")
                        .asInt())
                .isEqualTo(1);
        isFound(one);
        isFound(other);
    }

    @Test
    void aNameIsWhatItSaysHoweverItIsWritten() {
        String id = Events.correlationId();
        String event = Events.event(id, 1).replace("\"correlation_id\"", "\"\\u0063orrelation_id\"");
        assertThat(sender.post("/v1/events", event).json().get("correlation_ids"))
                .isEmpty();
        isFound(id);
        String twice = Events.event(id, 1).replaceFirst("\\{", "{\"\\\\u0074enant_id\":\"other\",");
        assertThat(sender.post("/v1/events", twice).text()).contains("duplicate_key");
    }

    @Test
    void aSpanWithIdsOfAnyLengthIsRefusedAlone() {
        String span = """
                {"traceId":"%s","spanId":"b7ad6b7169203331","name":"n","kind":1,"startTimeUnixNano":"1769423058442000000",\
                "endTimeUnixNano":"1769423058442000001","attributes":[%s]}""";
        for (int digits : new int[] {240, 241, 4_000}) {
            String good = span.formatted("%032x".formatted(digits), ATTRIBUTES);
            Sender.Answer answer = sender.post(
                    "/v1/traces",
                    "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + good + ","
                            + span.formatted("a".repeat(digits), ATTRIBUTES) + "]}]}]}",
                    "Content-Type",
                    "application/json");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.json().at("/partialSuccess/rejectedSpans").asText())
                    .as(answer.text())
                    .isEqualTo("1");
        }
    }

    @Test
    void jsonThatTakesTooMuchMemoryIsTooLarge() {
        // One record, so that it is no other bound that is met.
        String body = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"arrayValue\":{\"values\":["
                + "{},".repeat(1_300_000) + "{}]}}}]}]}]}";
        for (int i = 0; i < 3; i++) {
            assertThat(sender.post("/v1/logs", body, "Content-Type", "application/json")
                            .status())
                    .isEqualTo(413);
        }
        assertThat(sender.post("/v1/events", event("SO-AFTER-LARGE")).status()).isEqualTo(200);
    }

    @Test
    void manySmallRefusalsAreAnsweredAndKept() {
        Sender.Answer refused = sender.post("/v1/events", "{}\n".repeat(2_000));
        assertThat(refused.status()).as(refused.text()).isEqualTo(422);
        assertThat(refused.json().get("refused").asInt()).isEqualTo(2_000);
        Sender.Answer tooMany = sender.post("/v1/events", "{}\n".repeat(45_000));
        assertThat(tooMany.status()).isEqualTo(413);
        assertThat(tooMany.json().get("code").asText())
                .as("their entries are a hundred times what was sent")
                .isEqualTo("request_expands_too_far");
    }

    @Test
    void aRequestThatComesToMoreThanMayBeKeptIsToldToBeSmaller() {
        StringBuilder resource = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            resource.append(i == 0 ? "" : ",")
                    .append("{\"key\":\"a%d\",\"value\":{\"stringValue\":\"%s\"}}".formatted(i, "x y ".repeat(750)));
        }
        String record =
                "{\"timeUnixNano\":\"1769423058442000000\",\"severityNumber\":9,\"eventName\":\"order.created\","
                        + "\"body\":{\"stringValue\":\"hi\"},\"attributes\":[" + ATTRIBUTES + "]}";
        String records = (record + ",").repeat(1_999) + record;
        // Each of the records is kept with its resource: 0.8 MB come to 120.
        Sender.Answer answer =
                sender.post("/v1/logs", """
                {"resourceLogs":[{"resource":{"attributes":[%s]},"scopeLogs":[{"logRecords":[%s]}]}]}""".formatted(resource, records), "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.text()).isEqualTo(413);
        assertThat(answer.text()).contains("request_expands_too_far");
    }
}
