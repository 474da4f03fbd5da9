package dev.throughline.telemetry;

import java.nio.charset.StandardCharsets;

/**
 * The fields that correlate, route and find a record; each has a slot in a {@link ReceivedRecord} (a tape node) and in a
 * frame (offset and length of its text in the masked payload). The ordinal is written to disk: append only.
 */
public enum Field {
    CORRELATION_ID("correlation_id"),
    TENANT_ID("tenant_id"),
    CONNECTOR("connector"),
    ENTITY_TYPE("entity_type"),
    ENTITY_ID("entity_id"),
    /** A log's {@code event_name}, a span's name. */
    EVENT_NAME("event_name"),
    LEVEL("level"),
    ERROR_CODE("error_code"),
    /** A log's RFC 3339 timestamp in UTC, a span's {@code startTimeUnixNano}. */
    TIMESTAMP("timestamp"),
    TRACE_ID("trace_id"),
    SPAN_ID("span_id"),
    ATTEMPT("attempt"),
    /** Not in the frame: ingest asks whether a record has one. */
    REQUEST_ID("request_id"),
    /** The sender's own record id ({@code log.record.uid}). */
    RECORD_UID("log.record.uid"),
    /** Present on an audit record. */
    AUDIT("audit");

    private static final Field[] VALUES = values();
    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // never written; arrays have no immutable form
    private final byte[] utf8;

    Field(String key) {
        this.key = key;
        this.utf8 = key.getBytes(StandardCharsets.US_ASCII);
    }

    /** The member name in {@code integration-log/v1} and, with or without {@code throughline.}, the OTLP attribute key. */
    public String key() {
        return key;
    }

    /** {@link #key()} in bytes; not to be changed. */
    public byte[] utf8() {
        return utf8;
    }

    public static Field ofOrdinal(int ordinal) {
        return VALUES[ordinal];
    }

    public static int count() {
        return VALUES.length;
    }
}
