package dev.throughline.ingest.otlp;

import java.util.Locale;

/** What is wrong with a request or a record. The lower-case name is the stable code. */
public enum OtlpProblem {
    /** The bytes end inside a field, or a length points beyond its message. */
    TRUNCATED,
    /** A varint of more than ten bytes. */
    MALFORMED_VARINT,
    /** Field number 0, an unknown wire type, or a group (which OTLP has never had). */
    MALFORMED_TAG,
    /** OTLP/JSON: a member has a kind or text that its field cannot take. */
    MALFORMED_VALUE,
    /** OTLP/JSON: not JSON. */
    MALFORMED_JSON,
    /** More records than a request may have. */
    TOO_MANY_RECORDS,
    /** Attribute values nested too deeply. */
    TOO_DEEP,
    /** More members in one object than it may have. */
    TOO_MANY_MEMBERS,
    /** A document, or in OTLP/JSON a string or the number of tokens, is over its bound. */
    TOO_LARGE,
    /** The decoder failed on it: a defect. */
    PROCESSING_FAILED;

    /** Whether a bound was exceeded, rather than the format broken. */
    public boolean isBound() {
        return this == TOO_MANY_RECORDS || this == TOO_DEEP || this == TOO_MANY_MEMBERS || this == TOO_LARGE;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
