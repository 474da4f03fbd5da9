package dev.throughline.telemetry;

/** What a record is. The ordinal is written to disk (one byte in a frame): append only. */
public enum Signal {
    /** An {@code integration-log/v1} event. */
    LOG,
    /** An OTLP span in compact OTLP/JSON. */
    SPAN,
    /** An OTLP metric with its points, in compact OTLP/JSON. */
    METRIC,
    /** A quarantine entry: the reason and, where masking succeeded, the masked record. */
    QUARANTINE_ENTRY;

    private static final Signal[] VALUES = values();

    public static Signal ofOrdinal(int ordinal) {
        return VALUES[ordinal];
    }
}
