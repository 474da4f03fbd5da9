package dev.throughline.policy;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Stream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which stream a log goes to: one with an {@code audit} object to audit; any other to the stream of the first route that
 * matches it, else to the operational logs. Immutable.
 */
public final class Routes {
    private final List<Route> routes;

    /**
     * One route: all that it names must match; an empty list matches everything.
     *
     * @param name what a report calls it
     */
    public record Route(
            String name,
            Stream stream,
            List<NamePattern> eventNames,
            List<NamePattern> entityTypes,
            List<NamePattern> connectors,
            @Nullable FieldTest field) {
        boolean matches(ReceivedRecord log) {
            return matches(log, Field.EVENT_NAME, eventNames)
                    && matches(log, Field.ENTITY_TYPE, entityTypes)
                    && matches(log, Field.CONNECTOR, connectors)
                    && (field == null || field.holds(log.tape()));
        }

        private static boolean matches(ReceivedRecord log, Field field, List<NamePattern> patterns) {
            if (patterns.isEmpty()) {
                return true;
            }
            int node = log.node(field);
            JsonTape tape = log.tape();
            return node >= 0
                    && (tape.isEscaped(node)
                            ? NamePattern.anyMatches(patterns, tape.text(node))
                            : NamePattern.anyMatches(patterns, tape.bytes(), tape.start(node), tape.end(node)));
        }
    }

    /**
     * A member of the record, by its path.
     *
     * @param values as text; none: it is there, and not null
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record FieldTest(List<byte[]> path, List<String> values) {
        boolean holds(JsonTape tape) {
            int node = 0;
            for (byte[] segment : path) {
                node = tape.kind(node) == JsonTape.OBJECT ? tape.member(node, segment) : -1;
                if (node < 0) {
                    return false;
                }
            }
            return values.isEmpty() ? tape.kind(node) != JsonTape.NULL : values.contains(text(tape, node));
        }

        private static String text(JsonTape tape, int node) {
            return switch (tape.kind(node)) {
                case JsonTape.STRING, JsonTape.NUMBER -> tape.text(node);
                case JsonTape.TRUE -> "true";
                case JsonTape.FALSE -> "false";
                default -> "";
            };
        }
    }

    public Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    public List<Route> routes() {
        return routes;
    }

    public Stream streamOf(ReceivedRecord log) {
        if (log.has(Field.AUDIT)) {
            return Stream.AUDIT;
        }
        if (routes.isEmpty()) {
            return Stream.OPERATIONAL_LOGS;
        }
        Route route = matching(log);
        return route == null ? Stream.OPERATIONAL_LOGS : route.stream();
    }

    /** The first route that matches, or null. */
    @Nullable
    Route matching(ReceivedRecord log) {
        for (Route route : routes) {
            if (route.matches(log)) {
                return route;
            }
        }
        return null;
    }
}
