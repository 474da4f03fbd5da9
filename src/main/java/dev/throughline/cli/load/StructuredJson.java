package dev.throughline.cli.load;

import dev.throughline.telemetry.JsonWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as {@code integration-log/v1}, one a line. */
final class StructuredJson {
    private static final int EVENT_BYTES_EXPECTED = 700;

    private StructuredJson() {}

    static RequestBody render(List<Event> events) {
        JsonWriter json = new JsonWriter(EVENT_BYTES_EXPECTED * events.size());
        Marks marks = new Marks();
        for (Event event : events) {
            write(json, marks, event);
            json.raw('\n');
        }
        return new RequestBody(WireForm.NDJSON, json.toByteArray(), events.size(), marks.toArray(), new int[0]);
    }

    /** RFC 3339 in UTC, always with milliseconds. */
    static String timestamp(long millis) {
        String text = Instant.ofEpochMilli(millis).toString();
        return millis % 1000 == 0 ? text.replace("Z", ".000Z") : text;
    }

    private static void write(JsonWriter json, Marks marks, Event event) {
        Event.Subject subject = event.subject();
        Event.Outcome outcome = event.outcome();
        json.raw('{');
        json.member("timestamp").string(timestamp(event.timestampMillis()));
        json.member("level").string(outcome.level());
        json.member("service").string(event.origin().service());
        json.member("environment").string(event.origin().environment());
        json.member("correlation_id").string(event.correlationId());
        marks.add(json.length() - 3);
        json.member("tenant_id").string(subject.tenantId());
        json.member("connector").string(subject.connector());
        json.member("entity_type").string(subject.entityType());
        json.member("entity_id").string(subject.entityId());
        json.member("event_name").string(event.eventName());
        json.member("attempt").number(outcome.attempt());
        json.member("duration_ms").number(outcome.durationMillis());
        if (outcome.errorCode() != null) {
            json.member("error_code").string(outcome.errorCode());
        }
        http(json, event.http());
        json.member("message").string(event.message());
        tags(json, event.tags());
        json.member("trace_id").string(event.trace().traceId());
        json.member("span_id").string(event.trace().spanId());
        audit(json, event.audit());
        json.raw('}');
    }

    private static void http(JsonWriter json, Event.@Nullable Http http) {
        if (http != null) {
            json.member("http").raw('{');
            json.member("method").string(http.method());
            json.member("status").number(http.status());
            json.member("route").string(http.route());
            json.raw('}');
        }
    }

    private static void tags(JsonWriter json, List<String> tags) {
        json.member("tags").raw('[');
        for (int i = 0; i < tags.size(); i++) {
            if (i > 0) {
                json.raw(',');
            }
            json.string(tags.get(i));
        }
        json.raw(']');
    }

    private static void audit(JsonWriter json, Event.@Nullable Audit audit) {
        if (audit != null) {
            json.member("audit").raw('{');
            json.member("actor").string(audit.actor());
            json.member("source_system").string(audit.sourceSystem());
            json.member("action").string(audit.action());
            json.member("event_hash").string(audit.eventHash());
            json.raw('}');
        }
    }
}
