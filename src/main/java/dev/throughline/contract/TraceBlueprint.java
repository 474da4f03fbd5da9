package dev.throughline.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The seven boundaries that a journey passes, in order. */
public final class TraceBlueprint {

    /**
     * A boundary.
     *
     * @param label the name it is reported by
     * @param names event and span names that belong to it, themselves or followed by a dot and more
     */
    public record Boundary(String label, List<String> names) {
        private boolean covers(String name) {
            return matched(name) != null;
        }

        private @Nullable String matched(String name) {
            for (String candidate : names) {
                if (name.startsWith(candidate)
                        && (name.length() == candidate.length() || name.charAt(candidate.length()) == '.')) {
                    return candidate;
                }
            }
            return null;
        }
    }

    /** In the order of a journey. */
    public static final List<Boundary> BOUNDARIES = List.of(
            new Boundary("ingress", List.of("ingress.webhook", "ingress.api", "ingress")),
            new Boundary("queue.publish", List.of("queue.publish")),
            new Boundary("worker.consume", List.of("worker.consume")),
            new Boundary("transform.mapping", List.of("transform.mapping")),
            new Boundary("erp.api.request", List.of("erp.api.request")),
            new Boundary("db.commit", List.of("db.commit")),
            new Boundary("notification.callback", List.of("notification.callback")));

    private TraceBlueprint() {}

    /** The boundary that an event or span of this name belongs to, or null. */
    public static @Nullable Boundary boundaryOf(String name) {
        for (Boundary boundary : BOUNDARIES) {
            if (boundary.covers(name)) {
                return boundary;
            }
        }
        return null;
    }
}
