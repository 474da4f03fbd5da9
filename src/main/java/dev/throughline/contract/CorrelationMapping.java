package dev.throughline.contract;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How correlation id, trace id, request id and idempotency key relate at each boundary (K6), as far as one log can show it: the ids
 * that a log of the boundary has to carry. {@code docs/correlation.md} says why. A log belongs to a boundary by its {@code
 * event_name}, as in {@link TraceBlueprint}. Stateless.
 */
public final class CorrelationMapping {
    /** An id. */
    public enum Id {
        TRACE_ID("trace_id"),
        REQUEST_ID("request_id"),
        IDEMPOTENCY_KEY("idempotency_key");

        private static final Id[] VALUES = values();
        private final String field;

        Id(String field) {
            this.field = field;
        }

        /** The member of {@code integration-log/v1}. */
        public String field() {
            return field;
        }
    }

    private static final byte[] IDEMPOTENCY_KEY = "idempotency_key".getBytes(StandardCharsets.US_ASCII);
    private static final Rule[] RULES = rules().toArray(new Rule[0]);
    /** By the first letter of an event's name: most belong to no boundary. */
    private static final boolean[] MAY_BE = new boolean[256];

    static {
        for (Rule rule : RULES) {
            MAY_BE[rule.name()[0]] = true;
        }
    }

    /** @param asked a bit for each {@link Id} */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Rule(String boundary, byte[] name, int asked) {}

    private CorrelationMapping() {}

    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (TraceBlueprint.Boundary boundary : TraceBlueprint.BOUNDARIES) {
            int asked = bits(ids(boundary.label()));
            for (String name : boundary.names()) {
                if (asked != 0) {
                    rules.add(new Rule(boundary.label(), name.getBytes(StandardCharsets.US_ASCII), asked));
                }
            }
        }
        return List.copyOf(rules);
    }

    /** The ids that a log of this boundary has to carry beside its correlation id. */
    public static List<Id> ids(String boundary) {
        return switch (boundary) {
            case "ingress" -> List.of(Id.TRACE_ID, Id.REQUEST_ID);
            case "queue.publish", "worker.consume" -> List.of(Id.TRACE_ID, Id.IDEMPOTENCY_KEY);
            case "erp.api.request" -> List.of(Id.TRACE_ID, Id.REQUEST_ID, Id.IDEMPOTENCY_KEY);
            case "db.commit" -> List.of(Id.IDEMPOTENCY_KEY);
            case "notification.callback" -> List.of(Id.REQUEST_ID);
            default -> List.of();
        };
    }

    private static int bits(List<Id> ids) {
        int bits = 0;
        for (Id id : ids) {
            bits |= 1 << id.ordinal();
        }
        return bits;
    }

    /** What a conforming log lacks of the ids that its boundary asks for: a bit for each {@link Id}, 0 where nothing is missing. */
    public static int missing(ReceivedRecord log) {
        Rule rule = ruleOf(log);
        if (rule == null) {
            return 0;
        }
        int missing = rule.asked();
        missing &= log.has(Field.TRACE_ID) ? ~(1 << Id.TRACE_ID.ordinal()) : -1;
        missing &= log.has(Field.REQUEST_ID) ? ~(1 << Id.REQUEST_ID.ordinal()) : -1;
        if ((missing & (1 << Id.IDEMPOTENCY_KEY.ordinal())) != 0) {
            int key = log.tape().member(0, IDEMPOTENCY_KEY);
            boolean given = key >= 0
                    && log.tape().kind(key) == JsonTape.STRING
                    && !log.tape().text(key).isBlank();
            missing &= given ? ~(1 << Id.IDEMPOTENCY_KEY.ordinal()) : -1;
        }
        return missing;
    }

    /** The ids of a set of bits. */
    public static List<Id> of(int bits) {
        List<Id> ids = new ArrayList<>();
        for (Id id : Id.VALUES) {
            if ((bits & (1 << id.ordinal())) != 0) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The boundary whose ids a log of this event is asked for; empty where there is none. */
    public static String boundaryOf(String eventName) {
        byte[] utf8 = eventName.getBytes(StandardCharsets.UTF_8);
        Rule rule = ruleOf(utf8, 0, utf8.length);
        return rule == null ? "" : rule.boundary();
    }

    private static @Nullable Rule ruleOf(ReceivedRecord log) {
        int node = log.node(Field.EVENT_NAME);
        if (node < 0) {
            return null;
        }
        if (log.tape().isEscaped(node)) {
            byte[] decoded = log.tape().text(node).getBytes(StandardCharsets.UTF_8);
            return ruleOf(decoded, 0, decoded.length);
        }
        return ruleOf(
                log.tape().bytes(),
                log.tape().start(node),
                log.tape().end(node) - log.tape().start(node));
    }

    private static @Nullable Rule ruleOf(byte[] text, int from, int length) {
        if (length == 0 || !MAY_BE[text[from] & 0xFF]) {
            return null;
        }
        for (Rule rule : RULES) {
            byte[] name = rule.name();
            if (length >= name.length
                    && text[from] == name[0]
                    && (length == name.length || text[from + name.length] == '.')
                    && Arrays.equals(text, from, from + name.length, name, 0, name.length)) {
                return rule;
            }
        }
        return null;
    }
}
