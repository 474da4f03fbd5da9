package dev.throughline.policy;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An alert (A1, A2).
 *
 * @param connectors whose; none: all
 * @param entityTypes of freshness
 * @param objective the name of the one that it watches; empty where it watches none
 * @param after how old or how silent; null where the trigger is no time
 * @param above the share or burn rate; 0 where the trigger is a time
 * @param lasting how long it has to hold before anybody is told
 * @param channels who is told
 */
public record AlertRule(
        String name,
        Trigger trigger,
        List<NamePattern> connectors,
        List<String> entityTypes,
        String objective,
        @Nullable Duration after,
        double above,
        Duration lasting,
        Severity severity,
        List<String> channels) {

    /** What sets it off. */
    public enum Trigger {
        DEAD_LETTER_AGE(true, false),
        FRESHNESS(true, false),
        LATENCY(true, false),
        SILENT_CONNECTOR(true, false),
        MISMATCH_SPIKE(false, false),
        ERROR_RATE(false, false),
        BUDGET_BURN(false, true);

        private final boolean time;
        private final boolean burn;

        Trigger(boolean time, boolean burn) {
            this.time = time;
            this.burn = burn;
        }

        /** Whether it is told by {@code after}; else by {@code above}. */
        public boolean isTime() {
            return time;
        }

        /** Whether it watches the budget of an objective. */
        public boolean needsObjective() {
            return burn;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How loudly. */
    public enum Severity {
        INFO,
        TICKET,
        PAGE
    }
}
