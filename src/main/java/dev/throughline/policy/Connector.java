package dev.throughline.policy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connector, as its owner declares it.
 *
 * @param boundaries those of the trace blueprint that its journeys pass; none: all
 * @param deadline from the first boundary to the last; null: none
 * @param objectives names
 */
public record Connector(
        String name,
        Owner owner,
        Criticality criticality,
        List<String> boundaries,
        @Nullable Duration deadline,
        List<Queue> queues,
        List<String> objectives) {

    /**
     * Who is asked.
     *
     * @param team empty where not said
     * @param contact how they are reached; empty where not said
     */
    public record Owner(String team, String contact) {}

    /** How much hangs on it. */
    public enum Criticality {
        LOW,
        MEDIUM,
        HIGH,
        CRITICAL
    }

    /**
     * A queue that it reads.
     *
     * @param kind such as {@code kafka}
     * @param deadLetter its dead-letter queue or topic; empty where there is none
     */
    public record Queue(String name, String kind, String deadLetter) {}
}
