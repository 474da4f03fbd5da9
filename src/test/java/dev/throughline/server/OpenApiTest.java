package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class OpenApiTest {
    @Inject
    HttpServer server;

    @Test
    void thePathsThatTakeRecordsAreDescribedBesideThoseThatFindThem() {
        JsonNode paths =
                new Sender(server.getPort()).get("/openapi?format=json").json().get("paths");
        assertThat(paths.has("/v1/records")).isTrue();
        for (String path : new String[] {"/v1/events", "/v1/logs", "/v1/traces", "/v1/metrics"}) {
            JsonNode post = paths.path(path).path("post");
            assertThat(post.at("/requestBody/content/application~1json/schema").isObject())
                    .as(path)
                    .isTrue();
            assertThat(post.at("/responses/200/content/application~1json/schema/properties")
                            .isObject())
                    .as(path)
                    .isTrue();
            assertThat(post.at("/responses/503").isObject()).as(path).isTrue();
        }
    }
}
