package dev.throughline.telemetry;

/** A stream: its own spool, quota, topic, store files and retention. The ordinal is written to disk: append only. */
public enum Stream {
    OPERATIONAL_LOGS("operational.logs"),
    OPERATIONAL_SPANS("operational.spans"),
    OPERATIONAL_METRICS("operational.metrics"),
    /** Records with an {@code audit} object, or routed here by policy. Never shed. */
    AUDIT("audit"),
    /** What was refused or could not be masked, with its reason. */
    QUARANTINE("quarantine");

    private static final Stream[] VALUES = values();
    private final String label;

    Stream(String label) {
        this.label = label;
    }

    /** The name on the wire: topic suffix, directory, metric label. */
    public String label() {
        return label;
    }

    public static Stream ofOrdinal(int ordinal) {
        return VALUES[ordinal];
    }

    public static int count() {
        return VALUES.length;
    }
}
