package dev.throughline.contract.schema;

/** A schema that cannot be compiled: a stable code and where in the schema. Has no stack trace. */
public final class SchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String schemaUri;
    private final String pointer;

    public SchemaException(String code, String schemaUri, String pointer) {
        super(code + " at " + schemaUri + "#" + pointer, null, false, false);
        this.code = code;
        this.schemaUri = schemaUri;
        this.pointer = pointer;
    }

    /**
     * {@code malformed_schema} (not JSON, or over a bound), {@code malformed_keyword}, {@code malformed_pattern}, {@code runaway_pattern}, {@code
     * patterns_too_large}, {@code
     * malformed_uri}, {@code unresolvable_reference}, {@code endless_reference}, {@code duplicate_identifier}, {@code
     * unsupported_dialect}, {@code unsupported_vocabulary}, {@code number_too_long}.
     */
    public String code() {
        return code;
    }

    /** The document, by the URI it was reached by; empty for the schema that was given. */
    public String schemaUri() {
        return schemaUri;
    }

    /** RFC 6901, within that document. */
    public String pointer() {
        return pointer;
    }
}
