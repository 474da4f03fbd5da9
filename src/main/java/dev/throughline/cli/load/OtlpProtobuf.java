package dev.throughline.cli.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as OTLP in protobuf: field numbers of opentelemetry-proto 1.9, attributes as the log schema's fields. */
final class OtlpProtobuf {
    static final String SCOPE = "throughline.load";

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int SPAN_KIND_CLIENT = 3;
    private static final int STATUS_OK = 1;
    private static final int STATUS_ERROR = 2;

    private OtlpProtobuf() {}

    static RequestBody logs(List<Event> events) {
        return render(events, WireForm.OTLP_PROTOBUF_LOGS, OtlpProtobuf::log);
    }

    static RequestBody spans(List<Event> events) {
        return render(events, WireForm.OTLP_PROTOBUF_SPANS, OtlpProtobuf::span);
    }

    static int severityNumber(String level) {
        return switch (level) {
            case "TRACE" -> 1;
            case "DEBUG" -> 5;
            case "WARN" -> 13;
            case "ERROR" -> 17;
            case "FATAL" -> 21;
            default -> 9;
        };
    }

    private interface RecordForm {
        void write(ProtobufText out, Event event);
    }

    private static RequestBody render(List<Event> events, WireForm form, RecordForm record) {
        ProtobufText out = new ProtobufText();
        int at = 0;
        while (at < events.size()) {
            Event.Origin origin = events.get(at).origin();
            int resourceRecords = out.open(1);
            resource(out, origin);
            int scopeRecords = out.open(2);
            int scope = out.open(1);
            out.string(1, SCOPE);
            out.close(scope);
            while (at < events.size() && events.get(at).origin().equals(origin)) {
                int message = out.open(2);
                record.write(out, events.get(at++));
                out.close(message);
            }
            out.close(scopeRecords);
            out.close(resourceRecords);
        }
        return new RequestBody(form, out.toByteArray(), events.size(), out.correlationMarks(), out.spanMarks());
    }

    private static void resource(ProtobufText out, Event.Origin origin) {
        int resource = out.open(1);
        attribute(out, 1, "service.name", origin.service());
        attribute(out, 1, "deployment.environment.name", origin.environment());
        out.close(resource);
    }

    private static void log(ProtobufText out, Event event) {
        out.fixed64(1, event.timestampMillis() * NANOS_PER_MILLI);
        out.varint(2, severityNumber(event.outcome().level()));
        out.string(3, event.outcome().level());
        int body = out.open(5);
        out.string(1, event.message());
        out.close(body);
        attributes(out, 6, event);
        attribute(out, 6, "duration_ms", event.outcome().durationMillis());
        audit(out, 6, event.audit());
        out.hex(9, event.trace().traceId());
        out.hex(10, event.trace().spanId());
        out.string(12, event.eventName());
    }

    private static void span(ProtobufText out, Event event) {
        out.hex(1, event.trace().traceId());
        out.spanId(2, event.trace().spanId());
        String parent = event.trace().parentSpanId();
        if (parent != null) {
            out.hex(4, parent);
        }
        out.string(5, event.spanName());
        out.varint(6, SPAN_KIND_CLIENT);
        long end = event.timestampMillis() * NANOS_PER_MILLI;
        out.fixed64(7, end - event.outcome().durationMillis() * NANOS_PER_MILLI);
        out.fixed64(8, end);
        attributes(out, 9, event);
        int spanEvent = out.open(11);
        out.fixed64(1, end);
        out.string(2, event.eventName());
        attribute(out, 3, "message", event.message());
        out.close(spanEvent);
        int status = out.open(15);
        out.varint(3, event.failed() ? STATUS_ERROR : STATUS_OK);
        out.close(status);
    }

    private static void attributes(ProtobufText out, int field, Event event) {
        Event.Subject subject = event.subject();
        int correlation = out.open(field);
        out.string(1, "correlation_id");
        int value = out.open(2);
        out.correlationId(1, event.correlationId());
        out.close(value);
        out.close(correlation);
        attribute(out, field, "tenant_id", subject.tenantId());
        attribute(out, field, "connector", subject.connector());
        attribute(out, field, "entity_type", subject.entityType());
        attribute(out, field, "entity_id", subject.entityId());
        attribute(out, field, "attempt", event.outcome().attempt());
        if (event.outcome().errorCode() != null) {
            attribute(out, field, "error_code", event.outcome().errorCode());
        }
        Event.Http http = event.http();
        if (http != null) {
            attribute(out, field, "http.request.method", http.method());
            attribute(out, field, "http.response.status_code", http.status());
            attribute(out, field, "http.route", http.route());
        }
        tags(out, field, event.tags());
    }

    private static void tags(ProtobufText out, int field, List<String> tags) {
        int attribute = out.open(field);
        out.string(1, "tags");
        int value = out.open(2);
        int array = out.open(5);
        for (String tag : tags) {
            int element = out.open(1);
            out.string(1, tag);
            out.close(element);
        }
        out.close(array);
        out.close(value);
        out.close(attribute);
    }

    private static void audit(ProtobufText out, int field, Event.@Nullable Audit audit) {
        if (audit == null) {
            return;
        }
        int attribute = out.open(field);
        out.string(1, "audit");
        int value = out.open(2);
        int members = out.open(6);
        attribute(out, 1, "actor", audit.actor());
        attribute(out, 1, "source_system", audit.sourceSystem());
        attribute(out, 1, "action", audit.action());
        attribute(out, 1, "event_hash", audit.eventHash());
        out.close(members);
        out.close(value);
        out.close(attribute);
    }

    private static void attribute(ProtobufText out, int field, String key, String text) {
        int attribute = out.open(field);
        out.string(1, key);
        int value = out.open(2);
        out.string(1, text);
        out.close(value);
        out.close(attribute);
    }

    private static void attribute(ProtobufText out, int field, String key, long number) {
        int attribute = out.open(field);
        out.string(1, key);
        int value = out.open(2);
        out.varint(3, number);
        out.close(value);
        out.close(attribute);
    }
}
