package dev.throughline.journey;

import dev.throughline.contract.TraceBlueprint;
import dev.throughline.contract.TraceBlueprint.Boundary;
import dev.throughline.journey.Journey.BoundaryState;
import dev.throughline.storage.JourneyRecords;
import dev.throughline.storage.QuarantinedRecord;
import dev.throughline.storage.StoredRecord;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes a journey of records: order, boundaries, where it broke. One use, one thread. */
public final class JourneyAssembly {
    private static final byte[] BOUNDARY = ascii("boundary");
    private static final byte[] PREFIXED_BOUNDARY = ascii("throughline.boundary");
    private static final byte[] DURATION = ascii("duration_ms");
    private static final byte[] SPAN = ascii("span");
    private static final byte[] ATTRIBUTES = ascii("attributes");
    private static final byte[] STATUS = ascii("status");
    private static final byte[] CODE = ascii("code");
    private static final byte[] START = ascii("startTimeUnixNano");
    private static final byte[] END = ascii("endTimeUnixNano");
    private static final long SPAN_STATUS_ERROR = 2;

    private final JsonTape tape = new JsonTape();

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    public Journey assemble(String correlationId, JourneyRecords records) {
        List<JourneyStep> steps =
                new ArrayList<>(records.records().stream().map(this::step).toList());
        steps.sort(Comparator.comparingLong((JourneyStep step) -> step.stored().eventMicros())
                .thenComparingLong(step -> step.stored().frame().receivedMillis()));
        int broke = lastFailure(steps);
        Set<String> tenants = new TreeSet<>();
        Set<String> connectors = new TreeSet<>();
        long attemptMax = 0;
        for (JourneyStep step : steps) {
            collect(tenants, step.stored().frame(), Field.TENANT_ID);
            collect(connectors, step.stored().frame(), Field.CONNECTOR);
            attemptMax = Math.max(attemptMax, attempt(step));
        }
        for (QuarantinedRecord entry : records.quarantined()) {
            collect(tenants, entry.frame(), Field.TENANT_ID);
            collect(connectors, entry.frame(), Field.CONNECTOR);
        }
        return new Journey(
                correlationId,
                boundaries(steps),
                broke < 0 ? null : steps.get(broke),
                broke >= 0 && recovered(steps, broke),
                tenants,
                connectors,
                attemptMax,
                List.copyOf(steps),
                records.quarantined(),
                records.truncated(),
                records.nextCursor(),
                records.unreadable());
    }

    private static void collect(Set<String> values, RecordFrame frame, Field field) {
        if (frame.has(field)) {
            values.add(frame.text(field));
        }
    }

    private static long attempt(JourneyStep step) {
        String text = step.text(Field.ATTEMPT);
        return text != null && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty()
                ? Long.parseLong(text)
                : 0;
    }

    private JourneyStep step(StoredRecord stored) {
        RecordFrame frame = stored.frame();
        int root = parse(frame);
        int body = root >= 0 && frame.signal() == Signal.SPAN ? tape.member(root, SPAN) : root;
        return new JourneyStep(stored, boundary(frame, body), failed(frame, body), duration(frame.signal(), body));
    }

    private int parse(RecordFrame frame) {
        try {
            tape.parseWhole(frame.bytes(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
            return 0;
        } catch (JsonSyntaxException e) {
            return -1;
        }
    }

    private @Nullable String boundary(RecordFrame frame, int body) {
        Boundary byName = frame.has(Field.EVENT_NAME) ? TraceBlueprint.boundaryOf(frame.text(Field.EVENT_NAME)) : null;
        if (byName == null && body >= 0) {
            int holder = frame.signal() == Signal.SPAN ? tape.member(body, ATTRIBUTES) : body;
            String stated = holder < 0 ? null : stated(holder);
            byName = stated == null ? null : TraceBlueprint.boundaryOf(stated);
        }
        return byName == null ? null : byName.label();
    }

    private @Nullable String stated(int holder) {
        int plain = tape.member(holder, BOUNDARY);
        int node = plain >= 0 ? plain : tape.member(holder, PREFIXED_BOUNDARY);
        return node >= 0 && tape.kind(node) == JsonTape.STRING ? tape.text(node) : null;
    }

    private boolean failed(RecordFrame frame, int body) {
        String level = frame.text(Field.LEVEL);
        if (frame.has(Field.ERROR_CODE) || level.equals("ERROR") || level.equals("FATAL")) {
            return true;
        }
        if (body < 0 || frame.signal() != Signal.SPAN) {
            return false;
        }
        int status = tape.member(body, STATUS);
        int code = status < 0 ? -1 : tape.member(status, CODE);
        return code >= 0 && tape.kind(code) == JsonTape.NUMBER && tape.longValue(code, 0) == SPAN_STATUS_ERROR;
    }

    private @Nullable String duration(Signal signal, int body) {
        if (body < 0) {
            return null;
        }
        if (signal != Signal.SPAN) {
            int node = tape.member(body, DURATION);
            return node >= 0 && tape.kind(node) == JsonTape.NUMBER ? tape.text(node) : null;
        }
        BigDecimal start = nanos(tape.member(body, START));
        BigDecimal end = nanos(tape.member(body, END));
        if (start == null || end == null || end.compareTo(start) < 0) {
            return null;
        }
        return end.subtract(start)
                .movePointLeft(6)
                .setScale(3, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private @Nullable BigDecimal nanos(int node) {
        if (node < 0) {
            return null;
        }
        String text = tape.text(node);
        return !text.isEmpty() && text.length() <= 20 && text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? new BigDecimal(text)
                : null;
    }

    private static List<BoundaryState> boundaries(List<JourneyStep> steps) {
        List<BoundaryState> states = new ArrayList<>();
        for (Boundary boundary : TraceBlueprint.BOUNDARIES) {
            int count = 0;
            int failed = 0;
            for (JourneyStep step : steps) {
                if (boundary.label().equals(step.boundary())) {
                    count++;
                    failed += step.failed() ? 1 : 0;
                }
            }
            states.add(new BoundaryState(boundary.label(), count, failed));
        }
        return List.copyOf(states);
    }

    private static int lastFailure(List<JourneyStep> steps) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).failed()) {
                return i;
            }
        }
        return -1;
    }

    private static boolean recovered(List<JourneyStep> steps, int broke) {
        int at = rank(steps.get(broke));
        return at >= 0 && steps.stream().skip(broke + 1L).anyMatch(step -> !step.failed() && rank(step) >= at);
    }

    private static int rank(JourneyStep step) {
        for (int i = 0; i < TraceBlueprint.BOUNDARIES.size(); i++) {
            if (TraceBlueprint.BOUNDARIES.get(i).label().equals(step.boundary())) {
                return i;
            }
        }
        return -1;
    }
}
