package dev.throughline.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.ProblemDetail;
import dev.throughline.ProblemDetail.InvalidParameter;
import dev.throughline.storage.RecordQuery;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryParametersTest {
    private static final String[] KNOWN = {
        "tenant",
        "connector",
        "entity_type",
        "entity_id",
        "event_name",
        "error_code",
        "level",
        "from",
        "to",
        "stream",
        "limit",
        "cursor"
    };

    @Test
    void nothingAskedIsEverythingNewestHundred() {
        QueryParameters parameters = new QueryParameters(Map.of(), KNOWN);
        RecordQuery query = RecordsResource.query(parameters);
        assertThat(parameters.errors()).isEmpty();
        assertThat(query.streams()).hasSize(4).doesNotContain(Stream.QUARANTINE);
        assertThat(query.equal()).isEmpty();
        assertThat(query.limit()).isEqualTo(100);
    }

    @Test
    void conditionsAreTaken() {
        QueryParameters parameters = new QueryParameters(
                Map.of(
                        "tenant", List.of("t"),
                        "level", List.of("ERROR"),
                        "stream", List.of("audit"),
                        "from", List.of("2026-01-26T10:24:18.442+02:00"),
                        "limit", List.of("1000")),
                KNOWN);
        RecordQuery query = RecordsResource.query(parameters);
        assertThat(parameters.errors()).isEmpty();
        assertThat(query.equal()).containsOnly(Map.entry(Field.TENANT_ID, "t"), Map.entry(Field.LEVEL, "ERROR"));
        assertThat(query.streams()).containsExactly(Stream.AUDIT);
        assertThat(query.fromMicros()).isEqualTo(1_769_415_858_442_000L);
        assertThat(query.limit()).isEqualTo(1_000);
    }

    @Test
    void allThatIsWrongIsNamedAtOnceAndNoValueIsRepeated() {
        QueryParameters parameters = new QueryParameters(
                Map.of(
                        "limit", List.of("1001"),
                        "level", List.of("secret@example.com"),
                        "stream", List.of("quarantine"),
                        "from", List.of("yesterday"),
                        "tenant", List.of("a", "b"),
                        "connector", List.of(""),
                        "tenat", List.of("x"),
                        "jane@example.com", List.of("x")),
                KNOWN);
        RecordsResource.query(parameters);
        assertThat(parameters.errors())
                .containsExactlyInAnyOrder(
                        new InvalidParameter("limit", "out_of_range"),
                        new InvalidParameter("level", "unknown_value"),
                        new InvalidParameter("stream", "unknown_value"),
                        new InvalidParameter("from", "not_a_date_time"),
                        new InvalidParameter("tenant", "repeated"),
                        new InvalidParameter("connector", "empty"),
                        new InvalidParameter("?", "unknown_parameter"));
    }

    @Test
    void aSpanOfTimeEndsAfterItStarts() {
        String time = "2026-01-26T10:24:18Z";
        QueryParameters parameters = new QueryParameters(Map.of("from", List.of(time), "to", List.of(time)), KNOWN);
        RecordsResource.query(parameters);
        assertThat(parameters.errors()).containsExactly(new InvalidParameter("to", "not_after_from"));
    }

    @Test
    void aProblemDocumentIsTheGoldenOne() {
        ProblemDetail problem = new ProblemDetail(
                400,
                "invalid_parameters",
                "Invalid parameters",
                "a \"quote\"\n",
                List.of(new InvalidParameter("limit", "out_of_range")));
        assertThat(new String(problem.json(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"https://throughline.dev/problems/invalid_parameters\",\"title\":\"Invalid parameters\","
                                + "\"status\":400,\"detail\":\"a \\\"quote\\\"\\u000a\",\"code\":\"invalid_parameters\","
                                + "\"errors\":[{\"parameter\":\"limit\",\"code\":\"out_of_range\"}]}");
    }

    @Test
    void aProblemWithoutParametersHasNoErrors() throws Exception {
        byte[] json = ProblemDetail.json(404, "journey_not_found", "No such journey", "Nothing is kept.");
        assertThat(new ObjectMapper().readTree(json).has("errors")).isFalse();
    }
}
