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
    void manySmallRefusalsAreAnsweredAndKept() {
        Sender.Answer refused = sender.post("/v1/events", "{}\n".repeat(45_000));
        assertThat(refused.status()).as(refused.text()).isEqualTo(422);
        assertThat(refused.json().get("refused").asInt()).isEqualTo(45_000);
        assertThat(sender.post("/v1/events", "{}\n".repeat(51_000)).status()).isEqualTo(413);
    }
}
