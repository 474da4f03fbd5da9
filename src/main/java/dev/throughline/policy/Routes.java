package dev.throughline.policy;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which stream a log goes to: one with an {@code audit} object to audit; any other to the stream of the first route that
 * matches it, else to the operational logs. Immutable.
 */
public final class Routes {
    private final List<Route> routes;

    /**
     * One route; an empty list matches everything.
     *
     * @param eventNames exact names, or a prefix that ends in {@code .*}
     */
    public record Route(Stream stream, List<String> eventNames, List<String> entityTypes) {
        public Route {
            eventNames = List.copyOf(eventNames);
            entityTypes = List.copyOf(entityTypes);
        }
    }

    public Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    public Stream streamOf(ReceivedRecord log) {
        if (log.has(Field.AUDIT)) {
            return Stream.AUDIT;
        }
        for (Route route : routes) {
            if (matches(log, Field.EVENT_NAME, route.eventNames())
                    && matches(log, Field.ENTITY_TYPE, route.entityTypes())) {
                return route.stream();
            }
        }
        return Stream.OPERATIONAL_LOGS;
    }

    private static boolean matches(ReceivedRecord log, Field field, List<String> patterns) {
        if (patterns.isEmpty()) {
            return true;
        }
        if (!log.has(field)) {
            return false;
        }
        JsonTape tape = log.tape();
        int node = log.node(field);
        String text =
                new String(tape.bytes(), tape.start(node), tape.end(node) - tape.start(node), StandardCharsets.UTF_8);
        for (String pattern : patterns) {
            boolean prefix = pattern.endsWith(".*");
            if (prefix ? text.startsWith(pattern.substring(0, pattern.length() - 1)) : text.equals(pattern)) {
                return true;
            }
        }
        return false;
    }
}
