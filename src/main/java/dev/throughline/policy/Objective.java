package dev.throughline.policy;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * An objective (S1–S5).
 *
 * @param connectors whose; none: those that name it
 * @param percentile of the indicator, where it is a time
 * @param below seconds, or a share from 0 to 1, as the indicator has it
 * @param target the share of the window in which it is to hold
 */
public record Objective(
        String name,
        Indicator indicator,
        List<NamePattern> connectors,
        double percentile,
        double below,
        double target,
        Duration window) {

    /** What is measured. */
    public enum Indicator {
        END_TO_END_LATENCY(true),
        ERROR_RATE(false),
        BACKLOG_AGE(true),
        DEAD_LETTER_AGE(true),
        RECONCILIATION_MISMATCH(false);

        private final boolean time;

        Indicator(boolean time) {
            this.time = time;
        }

        /** Whether it is measured in seconds; else it is a share. */
        public boolean isTime() {
            return time;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
