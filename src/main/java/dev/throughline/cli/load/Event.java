package dev.throughline.cli.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One record as a connector knows it, before it is written in a {@link WireForm}. */
public record Event(
        long timestampMillis,
        Origin origin,
        String correlationId,
        Subject subject,
        String eventName,
        Outcome outcome,
        @Nullable Http http,
        String message,
        List<String> tags,
        TraceContext trace,
        @Nullable Audit audit) {

    /** The process that speaks: resource attributes in OTLP. */
    public record Origin(String service, String environment) {}

    /** What it is about. */
    public record Subject(String tenantId, String connector, String entityType, String entityId) {}

    /** How it went. */
    public record Outcome(
            String level,
            int attempt,
            int durationMillis,
            @Nullable String errorCode) {}

    public record Http(String method, int status, String route) {}

    /** Lower-case hex: 32, 16 and 16 digits. */
    public record TraceContext(
            String traceId, String spanId, @Nullable String parentSpanId) {}

    /** What makes a record an audit record; the hash is SHA-256 in hex. */
    public record Audit(String actor, String sourceSystem, String action, String eventHash) {}

    /** The span that this event ends: its name without the last word, where two words remain. */
    public String spanName() {
        int last = eventName.lastIndexOf('.');
        return eventName.indexOf('.') == last ? eventName : eventName.substring(0, last);
    }

    public boolean failed() {
        return outcome.level().equals("ERROR") || outcome.level().equals("FATAL");
    }

    @Override
    public String toString() {
        return "Event[" + correlationId + ", " + eventName + "]";
    }
}
