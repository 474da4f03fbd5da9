package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;

/**
 * The envelope of a compact document, written front to back: resource and scope stay in the buffer while the records of that
 * scope follow each other behind them. Reused, not thread-safe.
 */
final class CompactDocument {
    private static final byte[] RESOURCE = ascii("{\"resource\":");
    private static final byte[] SCOPE = ascii("\"scope\":");
    private static final byte[] SPAN = ascii("\"span\":");
    private static final byte[] METRIC = ascii("\"metric\":");
    private static final byte[] SCHEMA_URL = ascii("\"schemaUrl\":");

    private final JsonWriter out;
    private int resourceEnd;
    private int scopeEnd;

    CompactDocument(JsonWriter out) {
        this.out = out;
    }

    JsonWriter out() {
        return out;
    }

    /** Ready for the resource object; where none is written, {@link #endResource} takes the member back. */
    void beginResource() {
        out.reset();
        out.raw(RESOURCE);
    }

    void endResource(ValueSource source, int schemaUrl) throws OtlpSyntaxException {
        end(1, RESOURCE.length, source, schemaUrl);
        resourceEnd = out.length();
    }

    void beginScope() {
        out.truncate(resourceEnd);
        out.raw(SCOPE);
    }

    void endScope(ValueSource source, int schemaUrl, Signal signal) throws OtlpSyntaxException {
        end(resourceEnd, resourceEnd + SCOPE.length, source, schemaUrl);
        out.raw(signal == Signal.SPAN ? SPAN : METRIC);
        scopeEnd = out.length();
    }

    private void end(int member, int value, ValueSource source, int schemaUrl) throws OtlpSyntaxException {
        boolean empty = out.length() == value;
        if (schemaUrl != ValueSource.NONE) {
            if (empty) {
                out.raw((byte) '{');
            } else {
                out.truncate(out.length() - 1);
            }
            if (out.bytes()[out.length() - 1] != '{') {
                out.raw((byte) ',');
            }
            out.raw(SCHEMA_URL);
            source.text(schemaUrl, out);
            out.raw((byte) '}').raw((byte) ',');
        } else if (empty) {
            out.truncate(member);
        } else {
            out.raw((byte) ',');
        }
    }

    void beginRecord() {
        out.truncate(scopeEnd);
    }

    void endRecord() {
        out.raw((byte) '}');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "CompactDocument[" + out.length() + " bytes]";
    }
}
