package dev.throughline.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrationLogContractTest {
    private static final ObjectMapper JACKSON = new ObjectMapper();
    private static final SchemaCatalogue CATALOGUE = SchemaCatalogue.builtIn();

    private final JsonTape tape = new JsonTape();
    private final Violations violations = new Violations();

    private List<String> broken(String schema, String json) throws Exception {
        tape.parseWhole(json.getBytes(UTF_8));
        boolean valid = Objects.requireNonNull(CATALOGUE.find(schema)).validate(tape, 0, violations);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < violations.count(); i++) {
            found.add(violations.pointer(i) + " " + violations.keyword(i) + " " + violations.code(i));
        }
        assertThat(found.isEmpty()).isEqualTo(valid);
        return found;
    }

    /** Applies a JSON merge patch to the reference event, except that null stays null and {@code "-"} removes. */
    private static String patched(String patch) throws Exception {
        ObjectNode event = (ObjectNode) JACKSON.readTree(ReferenceEvents.EVENT);
        merge(event, (ObjectNode) JACKSON.readTree(patch));
        return event.toString();
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(member -> {
            JsonNode value = member.getValue();
            if (value.isTextual() && value.asText().equals("-")) {
                into.remove(member.getKey());
            } else {
                into.set(member.getKey(), value);
            }
        });
    }

    @Test
    void theReferenceEventConforms() throws Exception {
        assertThat(broken(SchemaCatalogue.LOG, ReferenceEvents.EVENT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"correlation_id\":\"-\"}",
                "{\"correlation_id\":null,\"service\":null,\"environment\":null,\"http\":null,\"message\":null,\"tags\":null,"
                        + "\"trace_id\":null,\"span_id\":null,\"idempotency_key\":null,\"request_id\":null,\"audit\":null,"
                        + "\"duration_ms\":null}",
                "{\"level\":\"INFO\",\"error_code\":null}",
                "{\"level\":\"INFO\",\"error_code\":\"-\"}",
                "{\"tenant_id\":4711}",
                "{\"timestamp\":\"2026-01-26T10:24:18.123456789+05:30\"}",
                "{\"timestamp\":\"2026-01-26T10:24:18Z\"}",
                "{\"timestamp\":\"2016-12-31T23:59:60Z\"}",
                "{\"duration_ms\":0.25}",
                "{\"attempt\":1000}",
                "{\"http\":{\"method\":\"GET\",\"status\":100,\"route\":\"/v1/orders/:id/{line}\"}}",
                "{\"http\":{}}",
                "{\"tags\":[]}",
                "{\"own_field\":{\"deep\":[1,{\"x\":null}]}}",
                "{\"audit\":{\"actor\":\"a\",\"source_system\":\"crm\",\"action\":\"update\",\"before\":null,\"after\":{\"s\":1}}}",
                "{\"audit\":{\"actor\":\"a\",\"source_system\":\"crm\",\"action\":\"update\",\"event_hash\":"
                        + "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}}"
            })
    void whatTheContractAllowsConforms(String patch) throws Exception {
        assertThat(broken(SchemaCatalogue.LOG, patched(patch))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"timestamp":"-"} | /timestamp required missing_field
                    {"timestamp":null} | /timestamp type wrong_type
                    {"timestamp":"2026-01-26T10:24:18"} | /timestamp format format_mismatch
                    {"timestamp":"2026-02-30T10:24:18Z"} | /timestamp format format_mismatch
                    {"timestamp":"2026-01-26T10:24:18.1234567890Z"} | /timestamp pattern pattern_mismatch
                    {"level":"-"} | /level required missing_field
                    {"level":"error"} | /level enum not_in_enum
                    {"tenant_id":"-"} | /tenant_id required missing_field
                    {"tenant_id":"_a"} | /tenant_id pattern pattern_mismatch
                    {"tenant_id":1.5} | /tenant_id type wrong_type
                    {"tenant_id":-1} | /tenant_id minimum out_of_range
                    {"connector":"-"} | /connector required missing_field
                    {"connector":"CRM"} | /connector pattern pattern_mismatch
                    {"correlation_id":"corr_81HRVQ8QX8K6YB2T9M2WZ2FQ3K"} | /correlation_id pattern pattern_mismatch
                    {"correlation_id":"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3U"} | /correlation_id pattern pattern_mismatch
                    {"correlation_id":17} | /correlation_id type wrong_type
                    {"entity_type":"-"} | /entity_type required missing_field
                    {"entity_type":""} | /entity_type minLength too_short
                    {"entity_id":"-"} | /entity_id required missing_field
                    {"entity_id":"a\\u0000b"} | /entity_id pattern pattern_mismatch
                    {"event_name":"-"} | /event_name required missing_field
                    {"event_name":"order"} | /event_name pattern pattern_mismatch
                    {"event_name":"Order.updated"} | /event_name pattern pattern_mismatch
                    {"attempt":"-"} | /attempt required missing_field
                    {"attempt":0} | /attempt minimum out_of_range
                    {"attempt":1001} | /attempt maximum out_of_range
                    {"attempt":"3"} | /attempt type wrong_type
                    {"error_code":"-"} | /error_code required missing_field
                    {"error_code":null} | /error_code type wrong_type
                    {"error_code":"erp"} | /error_code pattern pattern_mismatch
                    {"duration_ms":-1} | /duration_ms minimum out_of_range
                    {"service":""} | /service minLength too_short
                    {"http":[]} | /http type wrong_type
                    {"http":{"status":600}} | /http/status maximum out_of_range
                    {"http":{"route":"https://erp/orders"}} | /http/route pattern pattern_mismatch
                    {"http":{"route":"/orders?id=1"}} | /http/route pattern pattern_mismatch
                    {"tags":["a",1]} | /tags/1 type wrong_type
                    {"trace_id":"4BF92F3577B34DA6A3CE929D0E0E4736"} | /trace_id pattern pattern_mismatch
                    {"trace_id":"00000000000000000000000000000000"} | /trace_id not forbidden_match
                    {"span_id":"0000000000000000"} | /span_id not forbidden_match
                    {"audit":{"actor":"a","source_system":"b","action":"c"}} | `/audit/before required missing_field,/audit/after required missing_field`
                    {"audit":{"actor":"a","source_system":"b","action":"c","after":1}} | /audit/before required missing_field
                    {"audit":{"source_system":"b","action":"c","before":1,"after":1}} | /audit/actor required missing_field
                    {"audit":{"actor":"a","source_system":"b","action":"c","event_hash":"xyz"}} | /audit/event_hash pattern pattern_mismatch
                    {"x":[[[[[[[[[1]]]]]]]]]} | /x/0/0/0/0/0/0/0 type wrong_type
                    """)
    void eachRuleIsBrokenByName(String patch, String expected) throws Exception {
        assertThat(String.join(",", broken(SchemaCatalogue.LOG, patched(patch))))
                .isEqualTo(expected);
    }

    @Test
    void lengthsAndNumbersAreBounded() throws Exception {
        assertThat(broken(SchemaCatalogue.LOG, patched("{\"message\":\"" + "é".repeat(8_192) + "\"}")))
                .isEmpty();
        assertThat(broken(SchemaCatalogue.LOG, patched("{\"message\":\"" + "é".repeat(8_193) + "\"}")))
                .containsExactly("/message maxLength too_long");
        assertThat(broken(SchemaCatalogue.LOG, patched("{\"other\":\"" + "é".repeat(8_193) + "\"}")))
                .containsExactly("/other maxLength too_long");
        assertThat(broken(SchemaCatalogue.LOG, patched("{\"" + "n".repeat(129) + "\":1}")))
                .containsExactly("/" + "n".repeat(129) + " propertyNames bad_field_name");
        StringBuilder many = new StringBuilder("{\"a0\":0");
        for (int i = 1; i < 128; i++) {
            many.append(",\"a").append(i).append("\":0");
        }
        assertThat(broken(SchemaCatalogue.LOG, patched(many + "}"))).containsExactly(" maxProperties too_many_fields");
        assertThat(broken(SchemaCatalogue.LOG, patched("{\"tags\":[" + "\"t\",".repeat(32) + "\"t\"]}")))
                .containsExactly("/tags maxItems too_many_items");
        assertThat(broken(SchemaCatalogue.LOG, patched("{\"idempotency_key\":\"" + "k".repeat(129) + "\"}")))
                .containsExactly("/idempotency_key maxLength too_long");
    }

    @Test
    void aConformingRecordIsParsedAndValidatedWithoutAllocation() throws Exception {
        byte[] event = ReferenceEvents.EVENT.getBytes(UTF_8);
        JsonSchema contract = Objects.requireNonNull(CATALOGUE.find(SchemaCatalogue.LOG));
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                tape.parseWhole(event);
                contract.validate(tape, 0, violations);
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(violations.isEmpty()).isTrue();
        assertThat(allocated).isLessThan(1_000);
    }

    @Test
    void allThatIsWrongWithARecordIsSaid() throws Exception {
        assertThat(broken(SchemaCatalogue.LOG, "{\"level\":\"FATAL\",\"attempt\":0}"))
                .containsExactlyInAnyOrder(
                        "/timestamp required missing_field",
                        "/tenant_id required missing_field",
                        "/connector required missing_field",
                        "/entity_type required missing_field",
                        "/entity_id required missing_field",
                        "/event_name required missing_field",
                        "/attempt minimum out_of_range",
                        "/error_code required missing_field");
        assertThat(broken(SchemaCatalogue.LOG, "[]")).containsExactly(" type wrong_type");
    }

    // ---- spans and metrics

    private static final String SPAN = """
            {"resource":{"attributes":{"service.name":"worker"}},"scope":{"name":"x"},"span":{\
            "traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","parentSpanId":"","name":"erp.api.request",\
            "kind":3,"startTimeUnixNano":"1769423058442000000","endTimeUnixNano":"1769423059284000000",\
            "attributes":{"attempt":3,"x":{"$double":"NaN"}},"events":[{"timeUnixNano":"1","name":"e"}],"links":[],"status":{"code":2}}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "kind":3 | "kind":3 |
                    4bf92f3577b34da6a3ce929d0e0e4736 | 4BF92F3577B34DA6A3CE929D0E0E4736 |
                    4bf92f3577b34da6a3ce929d0e0e4736 | 00000000000000000000000000000000 | /span/traceId not forbidden_match
                    4bf92f3577b34da6a3ce929d0e0e4736 | 4bf9 | /span/traceId pattern pattern_mismatch
                    00f067aa0ba902b7 | 0000000000000000 | /span/spanId not forbidden_match
                    erp.api.request |  | /span/name minLength too_short
                    "kind":3 | "kind":"SERVER" | /span/kind type wrong_type
                    "1769423058442000000" | 1769423058442000000 | /span/startTimeUnixNano type wrong_type
                    {"attempt":3, | [{"attempt":3}, | /span/attributes type wrong_type
                    {"code":2} | 2 | /span/status type wrong_type
                    "endTimeUnixNano" | "end" | /span/endTimeUnixNano required missing_field
                    """)
    void aSpanHasTheStructureOfOtlp(String part, String replacement, String expected) throws Exception {
        String span = SPAN.replace(part, replacement == null ? "" : replacement);
        if (part.startsWith("{\"attempt\"")) {
            span = span.replace("\"x\":{\"$double\":\"NaN\"}}", "1]");
        }
        assertThat(String.join(",", broken(SchemaCatalogue.SPAN, span))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void aMetricHasAName() throws Exception {
        assertThat(broken(SchemaCatalogue.METRIC, "{\"metric\":{\"name\":\"lag\",\"gauge\":{}}}"))
                .isEmpty();
        assertThat(broken(SchemaCatalogue.METRIC, "{\"metric\":{\"name\":\"\"}}"))
                .containsExactly("/metric/name minLength too_short");
        assertThat(broken(SchemaCatalogue.METRIC, "{}")).containsExactly("/metric required missing_field");
    }

    // ---- the catalogue

    @Test
    void aConnectorExtendsTheContractAndBothHold() throws Exception {
        SchemaCatalogue extended = CATALOGUE.extending(
                "crm-orders/v1",
                SchemaCatalogue.LOG,
                "{\"required\":[\"order_total\"],\"properties\":{\"order_total\":{\"type\":\"number\"}}}"
                        .getBytes(UTF_8));
        JsonSchema schema = Objects.requireNonNull(extended.find("crm-orders/v1"));
        tape.parseWhole(ReferenceEvents.EVENT.getBytes(UTF_8));
        assertThat(schema.validate(tape, 0, violations)).isFalse();
        assertThat(violations.pointer(0)).isEqualTo("/order_total");
        tape.parseWhole(patched("{\"order_total\":1}").getBytes(UTF_8));
        assertThat(schema.validate(tape, 0, violations)).isTrue();
        tape.parseWhole(patched("{\"order_total\":1,\"attempt\":0}").getBytes(UTF_8));
        assertThat(schema.validate(tape, 0, violations)).isFalse();
        assertThat(violations.pointer(0)).isEqualTo("/attempt");
        assertThat(CATALOGUE.find("crm-orders/v1")).isNull();
        assertThat(extended.names()).hasSize(4);
    }

    @Test
    void schemasOfAPolicyMayReferToEachOther() throws Exception {
        SchemaCatalogue own = CATALOGUE
                .with("parts/v1", "{\"$defs\":{\"id\":{\"pattern\":\"^[0-9]+$\"}}}".getBytes(UTF_8))
                .with("order/v2", "{\"$ref\":\"urn:throughline:schema:parts/v1#/$defs/id\"}".getBytes(UTF_8));
        tape.parseWhole("\"x\"".getBytes(UTF_8));
        assertThat(Objects.requireNonNull(own.find("order/v2")).validate(tape, 0, violations))
                .isFalse();
    }

    @Test
    void namesAndBasesAreChecked() {
        byte[] any = "true".getBytes(UTF_8);
        assertThatThrownBy(() -> CATALOGUE.with("No Version", any)).hasMessageContaining("malformed_name");
        assertThatThrownBy(() -> CATALOGUE.with(SchemaCatalogue.LOG, any)).hasMessageContaining("duplicate_name");
        assertThatThrownBy(() -> CATALOGUE.extending("a/v1", "b/v1", any)).hasMessageContaining("unknown_base");
        assertThatThrownBy(() -> CATALOGUE.extending("a/v1", SchemaCatalogue.LOG, "{".getBytes(UTF_8)))
                .isInstanceOf(SchemaException.class);
    }
}
