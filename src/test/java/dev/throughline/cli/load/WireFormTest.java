package dev.throughline.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireFormTest {
    private static final int COUNT = 1_200;
    private final ReferenceEvents events = new ReferenceEvents(7, Instant.parse("2026-11-23T12:00:00Z"), COUNT);
    private final List<Event> all = new ArrayList<>();

    WireFormTest() {
        for (int i = 0; i < COUNT; i++) {
            all.add(events.event(i));
        }
    }

    @Test
    void protobufLogsAreReadByTheOfficialMessages() throws Exception {
        ExportLogsServiceRequest request = ExportLogsServiceRequest.parseFrom(
                WireForm.OTLP_PROTOBUF_LOGS.render(all).bytes());
        assertThat(request.getUnknownFields().asMap()).isEmpty();
        assertThat(request.getResourceLogsList()).hasSize(3);
        int at = 0;
        for (ResourceLogs resource : request.getResourceLogsList()) {
            for (LogRecord log : resource.getScopeLogs(0).getLogRecordsList()) {
                Event event = all.get(at++);
                assertThat(attributes(resource.getResource().getAttributesList()))
                        .containsEntry("service.name", event.origin().service())
                        .containsEntry(
                                "deployment.environment.name", event.origin().environment());
                assertLog(log, event);
            }
        }
        assertThat(at).isEqualTo(COUNT);
    }

    @Test
    void protobufSpansAreReadByTheOfficialMessagesAndCarryTheBlueprintsAttributes() throws Exception {
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(
                WireForm.OTLP_PROTOBUF_SPANS.render(all).bytes());
        List<Span> spans = request.getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpans(0).getSpansList().stream())
                .toList();
        assertThat(spans).hasSize(COUNT);
        for (int i = 0; i < COUNT; i++) {
            Event event = all.get(i);
            Span span = spans.get(i);
            assertThat(span.getUnknownFields().asMap()).isEmpty();
            assertThat(hex(span.getTraceId())).isEqualTo(event.trace().traceId());
            assertThat(hex(span.getSpanId())).isEqualTo(event.trace().spanId());
            assertThat(hex(span.getParentSpanId())).isEqualTo(event.trace().parentSpanId());
            assertThat(span.getName()).isEqualTo(event.spanName());
            assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano())
                    .isEqualTo(event.outcome().durationMillis() * 1_000_000L);
            assertThat(attributes(span.getAttributesList()))
                    .containsEntry("correlation_id", event.correlationId())
                    .containsEntry("tenant_id", event.subject().tenantId())
                    .containsEntry("connector", event.subject().connector())
                    .containsEntry("entity_id", event.subject().entityId())
                    .containsEntry("attempt", (long) event.outcome().attempt())
                    .containsEntry("error_code", event.outcome().errorCode());
            assertThat(span.getStatus().getCodeValue()).isEqualTo(event.failed() ? 2 : 1);
        }
    }

    @Test
    void jsonLogsSayTheSameAsProtobufLogs() throws Exception {
        JsonNode request =
                new ObjectMapper().readTree(WireForm.OTLP_JSON_LOGS.render(all).bytes());
        int at = 0;
        for (JsonNode resource : request.path("resourceLogs")) {
            for (JsonNode log : resource.path("scopeLogs").path(0).path("logRecords")) {
                Event event = all.get(at++);
                assertThat(log.path("timeUnixNano").asText()).isEqualTo(event.timestampMillis() + "000000");
                assertThat(log.path("traceId").asText()).isEqualTo(event.trace().traceId());
                assertThat(log.path("body").path("stringValue").asText()).isEqualTo(event.message());
                Map<String, String> attributes = new HashMap<>();
                log.path("attributes")
                        .forEach(a -> attributes.put(
                                a.path("key").asText(),
                                a.path("value").elements().next().asText()));
                assertThat(attributes)
                        .containsEntry("correlation_id", event.correlationId())
                        .containsEntry(
                                "attempt", Integer.toString(event.outcome().attempt()))
                        .containsKeys("tags", "http.route", "error_code", "entity_id", "tenant_id", "connector");
            }
        }
        assertThat(at).isEqualTo(COUNT);
    }

    @Test
    void anAuditRecordCarriesItsObjectInEveryForm() throws Exception {
        Event like = all.getFirst();
        Event audited = new Event(
                like.timestampMillis(),
                like.origin(),
                like.correlationId(),
                like.subject(),
                like.eventName(),
                like.outcome(),
                null,
                like.message(),
                like.tags(),
                like.trace(),
                new Event.Audit("svc", "crm", "order.update", "ab".repeat(32)));
        LogRecord log = ExportLogsServiceRequest.parseFrom(
                        WireForm.OTLP_PROTOBUF_LOGS.render(List.of(audited)).bytes())
                .getResourceLogs(0)
                .getScopeLogs(0)
                .getLogRecords(0);
        AnyValue audit = log.getAttributesList().stream()
                .filter(a -> a.getKey().equals("audit"))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(attributes(audit.getKvlistValue().getValuesList()))
                .containsEntry("actor", "svc")
                .containsEntry("event_hash", "ab".repeat(32));
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(WireForm.NDJSON.render(List.of(audited)).bytes())
                        .path("audit")
                        .path("action")
                        .asText())
                .isEqualTo("order.update");
        assertThat(json.readTree(
                                WireForm.OTLP_JSON_LOGS.render(List.of(audited)).bytes())
                        .findValue("kvlistValue"))
                .isNotNull();
    }

    @Test
    void aStampMakesEveryCorrelationIdNewAndLeavesTheRestAsItWas() {
        for (WireForm form : List.of(WireForm.NDJSON, WireForm.OTLP_PROTOBUF_LOGS, WireForm.OTLP_JSON_LOGS)) {
            RequestBody body = form.render(all);
            Set<String> ids = new HashSet<>();
            for (int pass : new int[] {0, 1, 31, 32, 1023}) {
                byte[] copy = body.bytes().clone();
                body.stamp(copy, 0, pass);
                correlationIds(copy, ids);
                assertThat(differing(copy, body.bytes())).isLessThanOrEqualTo(2 * COUNT);
            }
            assertThat(ids).hasSize(5 * COUNT);
        }
    }

    @Test
    void aStampMakesEverySpanIdNew() throws Exception {
        RequestBody body = WireForm.OTLP_PROTOBUF_SPANS.render(all);
        Set<String> ids = new HashSet<>();
        for (int pass : new int[] {0, 1, 255, 256, 1023}) {
            byte[] copy = new byte[body.bytes().length + 3];
            System.arraycopy(body.bytes(), 0, copy, 3, body.bytes().length);
            body.stamp(copy, 3, pass);
            ExportTraceServiceRequest.parseFrom(ByteString.copyFrom(copy, 3, copy.length - 3))
                    .getResourceSpansList()
                    .forEach(r -> r.getScopeSpans(0).getSpansList().forEach(s -> ids.add(hex(s.getSpanId()))));
        }
        assertThat(ids).hasSize(5 * COUNT);
    }

    @Test
    void aRequestSentAsRenderedIsNotChanged() {
        RequestBody body = WireForm.NDJSON.render(all);
        byte[] copy = body.bytes().clone();
        body.stamp(copy, 0, RequestBody.AS_RENDERED);
        assertThat(copy).isEqualTo(body.bytes());
    }

    private static void assertLog(LogRecord log, Event event) {
        assertThat(log.getUnknownFields().asMap()).isEmpty();
        assertThat(log.getTimeUnixNano()).isEqualTo(event.timestampMillis() * 1_000_000L);
        assertThat(log.getSeverityText()).isEqualTo(event.outcome().level());
        assertThat(log.getSeverityNumberValue()).isEqualTo(event.failed() ? 17 : 13);
        assertThat(log.getBody().getStringValue()).isEqualTo(event.message());
        assertThat(log.getEventName()).isEqualTo(event.eventName());
        assertThat(hex(log.getTraceId())).isEqualTo(event.trace().traceId());
        assertThat(hex(log.getSpanId())).isEqualTo(event.trace().spanId());
        assertThat(attributes(log.getAttributesList()))
                .containsEntry("correlation_id", event.correlationId())
                .containsEntry("tenant_id", event.subject().tenantId())
                .containsEntry("connector", event.subject().connector())
                .containsEntry("entity_type", event.subject().entityType())
                .containsEntry("entity_id", event.subject().entityId())
                .containsEntry("attempt", (long) event.outcome().attempt())
                .containsEntry("duration_ms", (long) event.outcome().durationMillis())
                .containsEntry("error_code", event.outcome().errorCode())
                .containsEntry("http.response.status_code", (long) event.http().status())
                .containsKey("tags");
    }

    private static Map<String, Object> attributes(List<KeyValue> attributes) {
        Map<String, Object> values = new HashMap<>();
        for (KeyValue attribute : attributes) {
            AnyValue value = attribute.getValue();
            values.put(attribute.getKey(), value.hasIntValue() ? (Object) value.getIntValue() : value.getStringValue());
        }
        return values;
    }

    private static void correlationIds(byte[] body, Set<String> ids) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf("corr_"); at >= 0; at = text.indexOf("corr_", at + 1)) {
            ids.add(text.substring(at, at + Ulids.CORRELATION_ID_LENGTH));
        }
    }

    private static int differing(byte[] left, byte[] right) {
        int count = 0;
        for (int i = 0; i < left.length; i++) {
            count += left[i] == right[i] ? 0 : 1;
        }
        return count;
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
