package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;

/**
 * Where attribute values and texts of a request are read from: protobuf or OTLP/JSON, so that logs are mapped by one piece of
 * code. A value is named by a number that only its source can read: an offset, a node, or {@link #NONE}.
 */
interface ValueSource {
    int NONE = -1;

    /** Whether an {@code AnyValue} has no value. */
    boolean isUnset(int ref) throws OtlpSyntaxException;

    /** Writes an {@code AnyValue} in compact form. */
    void value(int ref, JsonWriter out) throws OtlpSyntaxException;

    /** Writes a {@code string} field, quoted. */
    void text(int ref, JsonWriter out) throws OtlpSyntaxException;

    /** Writes a trace or span id as quoted lower-case hex; writes nothing and is false where it is empty or all zero. */
    boolean id(int ref, JsonWriter out) throws OtlpSyntaxException;
}
