package dev.throughline.journey;

import dev.throughline.journey.Journey.BoundaryState;
import dev.throughline.query.RecordJson;
import dev.throughline.storage.QuarantinedRecord;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.util.List;

/** A journey as JSON. */
public final class JourneyJson {
    private JourneyJson() {}

    public static byte[] write(Journey journey) {
        JsonWriter out = new JsonWriter(4_096);
        out.raw('{').member("correlation_id").string(journey.correlationId());
        summary(out, journey);
        boundaries(out, journey.boundaries());
        broke(out, journey);
        out.member("records").raw('[');
        for (int i = 0; i < journey.steps().size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            step(out, journey.steps().get(i));
        }
        out.raw(']').member("quarantined").raw('[');
        for (int i = 0; i < journey.quarantined().size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            RecordJson.entry(out, journey.quarantined().get(i));
        }
        out.raw(']').member("truncated").ascii(Boolean.toString(journey.truncated()));
        RecordJson.nullable(out, "next_cursor", journey.nextCursor());
        RecordJson.strings(out, "unreadable", journey.unreadable());
        return out.raw('}').toByteArray();
    }

    private static void summary(JsonWriter out, Journey journey) {
        List<JourneyStep> steps = journey.steps();
        RecordJson.nullable(out, "first_time", steps.isEmpty() ? null : time(steps.getFirst()));
        RecordJson.nullable(out, "last_time", steps.isEmpty() ? null : time(steps.getLast()));
        RecordJson.strings(out, "tenants", journey.tenants());
        RecordJson.strings(out, "connectors", journey.connectors());
        out.member("attempts").number(journey.attemptMax());
        out.member("counts").raw('{').member("records").number(steps.size());
        out.member("failed").number(steps.stream().filter(JourneyStep::failed).count());
        for (Stream stream : Stream.values()) {
            if (stream != Stream.QUARANTINE) {
                out.member(stream.label())
                        .number(steps.stream()
                                .filter(s -> s.stored().stream() == stream)
                                .count());
            }
        }
        out.member("quarantined")
                .number(journey.quarantined().stream()
                        .mapToLong(QuarantinedRecord::count)
                        .sum())
                .raw('}');
    }

    private static String time(JourneyStep step) {
        return RecordJson.time(step.stored().eventMicros());
    }

    private static void boundaries(JsonWriter out, List<BoundaryState> states) {
        out.member("boundaries").raw('[');
        for (int i = 0; i < states.size(); i++) {
            BoundaryState state = states.get(i);
            if (i > 0) {
                out.raw(',');
            }
            out.raw('{').member("boundary").string(state.label());
            out.member("reached").ascii(Boolean.toString(state.isReached()));
            out.member("records")
                    .number(state.records())
                    .member("failed")
                    .number(state.failed())
                    .raw('}');
        }
        out.raw(']');
        RecordJson.strings(
                out,
                "missing_boundaries",
                states.stream()
                        .filter(state -> !state.isReached())
                        .map(BoundaryState::label)
                        .toList());
        RecordJson.nullable(
                out,
                "last_boundary",
                states.reversed().stream()
                        .filter(BoundaryState::isReached)
                        .map(BoundaryState::label)
                        .findFirst()
                        .orElse(null));
    }

    private static void broke(JsonWriter out, Journey journey) {
        out.member("broke_at");
        JourneyStep broke = journey.broke();
        if (broke == null) {
            out.ascii("null");
            return;
        }
        out.raw('{').member("time").string(time(broke));
        RecordJson.nullable(out, "boundary", broke.boundary());
        RecordJson.nullable(out, "connector", broke.text(Field.CONNECTOR));
        RecordJson.nullable(out, "event_name", broke.text(Field.EVENT_NAME));
        RecordJson.nullable(out, "error_code", broke.text(Field.ERROR_CODE));
        RecordJson.attempt(out, broke.stored().frame());
        out.member("recovered").ascii(Boolean.toString(journey.recovered())).raw('}');
    }

    private static void step(JsonWriter out, JourneyStep step) {
        RecordJson.open(out, step.stored());
        RecordJson.nullable(out, "boundary", step.boundary());
        out.member("failed").ascii(Boolean.toString(step.failed()));
        String duration = step.durationMillis();
        if (duration != null) {
            out.member("duration_ms").ascii(duration);
        }
        RecordFrame frame = step.stored().frame();
        RecordJson.document(out, frame);
        out.raw('}');
    }
}
