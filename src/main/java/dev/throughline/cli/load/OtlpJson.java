package dev.throughline.cli.load;

import dev.throughline.telemetry.JsonWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as OTLP logs in JSON: hex ids, enums as integers, 64-bit integers as strings, as the specification has it. */
final class OtlpJson {
    private static final int EVENT_BYTES_EXPECTED = 1500;
    private static final String MILLIS_TO_NANOS = "000000";

    private OtlpJson() {}

    static RequestBody logs(List<Event> events) {
        JsonWriter json = new JsonWriter(EVENT_BYTES_EXPECTED * events.size());
        Marks marks = new Marks();
        json.raw('{').member("resourceLogs").raw('[');
        int at = 0;
        while (at < events.size()) {
            Event.Origin origin = events.get(at).origin();
            separate(json, '[').raw('{');
            resource(json, origin);
            json.member("scopeLogs").raw('[').raw('{');
            json.member("scope")
                    .raw('{')
                    .member("name")
                    .string(OtlpProtobuf.SCOPE)
                    .raw('}');
            json.member("logRecords").raw('[');
            while (at < events.size() && events.get(at).origin().equals(origin)) {
                separate(json, '[');
                log(json, marks, events.get(at++));
            }
            json.ascii("]}]}");
        }
        json.ascii("]}");
        return new RequestBody(WireForm.OTLP_JSON_LOGS, json.toByteArray(), events.size(), marks.toArray(), new int[0]);
    }

    private static void resource(JsonWriter json, Event.Origin origin) {
        json.member("resource").raw('{').member("attributes").raw('[');
        text(json, "service.name", origin.service());
        text(json, "deployment.environment.name", origin.environment());
        json.raw(']').raw('}');
    }

    private static void log(JsonWriter json, Marks marks, Event event) {
        json.raw('{');
        json.member("timeUnixNano").string(event.timestampMillis() + MILLIS_TO_NANOS);
        json.member("severityNumber")
                .number(OtlpProtobuf.severityNumber(event.outcome().level()));
        json.member("severityText").string(event.outcome().level());
        json.member("body")
                .raw('{')
                .member("stringValue")
                .string(event.message())
                .raw('}');
        json.member("eventName").string(event.eventName());
        json.member("attributes").raw('[');
        attributes(json, marks, event);
        json.raw(']');
        json.member("traceId").string(event.trace().traceId());
        json.member("spanId").string(event.trace().spanId());
        json.raw('}');
    }

    private static void attributes(JsonWriter json, Marks marks, Event event) {
        Event.Subject subject = event.subject();
        text(json, "correlation_id", event.correlationId());
        marks.add(json.length() - "XX\"}}".length());
        text(json, "tenant_id", subject.tenantId());
        text(json, "connector", subject.connector());
        text(json, "entity_type", subject.entityType());
        text(json, "entity_id", subject.entityId());
        integer(json, "attempt", event.outcome().attempt());
        integer(json, "duration_ms", event.outcome().durationMillis());
        if (event.outcome().errorCode() != null) {
            text(json, "error_code", event.outcome().errorCode());
        }
        Event.Http http = event.http();
        if (http != null) {
            text(json, "http.request.method", http.method());
            integer(json, "http.response.status_code", http.status());
            text(json, "http.route", http.route());
        }
        tags(json, event.tags());
        audit(json, event.audit());
    }

    private static void tags(JsonWriter json, List<String> tags) {
        key(json, "tags")
                .raw('{')
                .member("arrayValue")
                .raw('{')
                .member("values")
                .raw('[');
        for (String tag : tags) {
            separate(json, '[').raw('{').member("stringValue").string(tag).raw('}');
        }
        json.ascii("]}}}");
    }

    private static void audit(JsonWriter json, Event.@Nullable Audit audit) {
        if (audit != null) {
            key(json, "audit")
                    .raw('{')
                    .member("kvlistValue")
                    .raw('{')
                    .member("values")
                    .raw('[');
            text(json, "actor", audit.actor());
            text(json, "source_system", audit.sourceSystem());
            text(json, "action", audit.action());
            text(json, "event_hash", audit.eventHash());
            json.ascii("]}}}");
        }
    }

    private static void text(JsonWriter json, String key, String value) {
        key(json, key).raw('{').member("stringValue").string(value).ascii("}}");
    }

    private static void integer(JsonWriter json, String key, long value) {
        key(json, key).raw('{').member("intValue").string(Long.toString(value)).ascii("}}");
    }

    private static JsonWriter key(JsonWriter json, String key) {
        return separate(json, '[').raw('{').member("key").string(key).member("value");
    }

    private static JsonWriter separate(JsonWriter json, char opening) {
        return json.bytes()[json.length() - 1] == opening ? json : json.raw(',');
    }
}
