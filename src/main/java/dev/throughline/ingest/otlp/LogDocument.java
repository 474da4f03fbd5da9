package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one {@code integration-log/v1} object from what a decoder has read: the attributes of three levels, of which the record
 * wins over its scope and that over its resource, and the record's own fields. What gives no field is kept under {@code
 * attributes}, {@code scope} and {@code resource}. The two outer levels are rendered once and copied. Reused, not thread-safe.
 */
final class LogDocument {
    private static final byte[] TIMESTAMP = ascii("{\"timestamp\":");
    private static final byte[] LEVEL = ascii("\"level\":");
    private static final byte[] HTTP = ascii("\"http\":");
    private static final byte[] MESSAGE = ascii("\"message\":");
    private static final byte[] BODY = ascii("\"body\":");
    private static final byte[] TRACE_ID = ascii("\"trace_id\":");
    private static final byte[] SPAN_ID = ascii("\"span_id\":");
    private static final byte[] SEVERITY_TEXT = ascii("\"severity_text\":");
    private static final byte[] DROPPED = ascii("\"dropped_attributes_count\":");
    private static final byte[] ATTRIBUTES = ascii("\"attributes\":{");
    private static final byte[] RESOURCE = ascii("\"resource\":{");
    private static final byte[] SCOPE = ascii("\"scope\":{");
    private static final byte[] NAME = ascii("\"name\":");
    private static final byte[] VERSION = ascii("\"version\":");

    private final LogAttributes record;
    private final LogAttributes scope;
    private final LogAttributes resource;
    private final JsonWriter scopeHead;
    private final JsonWriter scopeText;
    private final JsonWriter resourceText;
    private final JsonWriter severity;
    private final Timestamps timestamps = new Timestamps();

    private long timeUnixNano;
    private long observedUnixNano;
    private int severityNumber;
    private long droppedAttributes;
    private int severityText = ValueSource.NONE;
    private int body = ValueSource.NONE;
    private int traceId = ValueSource.NONE;
    private int spanId = ValueSource.NONE;

    /** @param bytesMax of one level's attributes, and of one document */
    LogDocument(int bytesMax) {
        record = new LogAttributes(bytesMax);
        scope = new LogAttributes(bytesMax);
        resource = new LogAttributes(bytesMax);
        scopeHead = new JsonWriter(128, bytesMax);
        scopeText = new JsonWriter(256, bytesMax);
        resourceText = new JsonWriter(256, bytesMax);
        severity = new JsonWriter(64, bytesMax);
    }

    LogAttributes resource() {
        return resource;
    }

    LogAttributes scope() {
        return scope;
    }

    LogAttributes record() {
        return record;
    }

    void beginResource() {
        resource.reset();
        beginScope();
    }

    /** The attributes of the resource are complete. */
    void endResource() {
        resourceText.reset();
        level(resourceText, RESOURCE, resource, 0);
    }

    void beginScope() {
        scope.reset();
        scopeHead.reset();
    }

    /** The scope is complete. */
    void endScope(ValueSource source, int name, int version) throws OtlpSyntaxException {
        scopeHead(NAME, source, name);
        scopeHead(VERSION, source, version);
        scopeText.reset();
        scope(scopeText, 0);
    }

    private void scopeHead(byte[] member, ValueSource source, int text) throws OtlpSyntaxException {
        if (text != ValueSource.NONE) {
            scopeHead.raw(member);
            source.text(text, scopeHead);
            scopeHead.raw((byte) ',');
        }
    }

    void beginRecord() {
        record.reset();
        timeUnixNano = 0;
        observedUnixNano = 0;
        severityNumber = 0;
        droppedAttributes = 0;
        severityText = ValueSource.NONE;
        body = ValueSource.NONE;
        traceId = ValueSource.NONE;
        spanId = ValueSource.NONE;
    }

    void timeUnixNano(long nanos) {
        timeUnixNano = nanos;
    }

    void observedUnixNano(long nanos) {
        observedUnixNano = nanos;
    }

    void severityNumber(int number) {
        severityNumber = number;
    }

    void droppedAttributes(long count) {
        droppedAttributes = count;
    }

    void severityText(int ref) {
        severityText = ref;
    }

    void body(int ref) {
        body = ref;
    }

    void traceId(int ref) {
        traceId = ref;
    }

    void spanId(int ref) {
        spanId = ref;
    }

    /** Writes the object into {@code out} from its start. Every member ends with a comma until the last bracket takes its place. */
    void write(ValueSource source, JsonWriter out) throws OtlpSyntaxException {
        out.reset();
        head(source, out);
        int given = record.mask() | scope.mask() | resource.mask();
        boolean httpParts = (given & LogField.HTTP_PARTS) != 0;
        if (httpParts && (record.mask() & LogField.HTTP_WHOLE) != 0) {
            record.demote(LogField.HTTP);
        }
        int overruled = httpParts ? LogField.HTTP_WHOLE : 0;
        fields(~overruled, false, out);
        if (httpParts) {
            out.raw(HTTP).raw((byte) '{');
            fields(~overruled, true, out);
            end(out);
        }
        tail(source, out);
        level(out, ATTRIBUTES, record, 0);
        int lostByResource = resource.mask() & (record.mask() | scope.mask() | overruled);
        if (lostByResource == 0) {
            out.raw(resourceText.bytes(), 0, resourceText.length());
        } else {
            level(out, RESOURCE, resource, lostByResource);
        }
        int lostByScope = scope.mask() & (record.mask() | overruled);
        if (lostByScope == 0) {
            out.raw(scopeText.bytes(), 0, scopeText.length());
        } else {
            scope(out, lostByScope);
        }
        out.truncate(out.length() - 1);
        out.raw((byte) '}');
    }

    private void head(ValueSource source, JsonWriter out) throws OtlpSyntaxException {
        long nanos = timeUnixNano != 0 ? timeUnixNano : observedUnixNano;
        if (nanos != 0) {
            out.raw(TIMESTAMP);
            timestamps.write(nanos, out);
            out.raw((byte) ',');
        } else {
            out.raw((byte) '{');
        }
        severity.reset();
        if (severityText != ValueSource.NONE) {
            source.text(severityText, severity);
        }
        byte[] level = Severities.quotedLevel(severityNumber, severity.bytes(), severity.length());
        out.raw(LEVEL).raw(level).raw((byte) ',');
        if (severity.length() > 2 && !isSame(level)) {
            out.raw(SEVERITY_TEXT).raw(severity.bytes(), 0, severity.length()).raw((byte) ',');
        }
    }

    private boolean isSame(byte[] quotedLevel) {
        return Arrays.equals(severity.bytes(), 0, severity.length(), quotedLevel, 0, quotedLevel.length);
    }

    private void fields(int wanted, boolean httpParts, JsonWriter out) {
        record.writeFields(wanted, httpParts, out);
        scope.writeFields(wanted & ~record.mask(), httpParts, out);
        resource.writeFields(wanted & ~record.mask() & ~scope.mask(), httpParts, out);
    }

    private void tail(ValueSource source, JsonWriter out) throws OtlpSyntaxException {
        if (body != ValueSource.NONE && !source.isUnset(body)) {
            body(source, out);
        }
        id(TRACE_ID, traceId, source, out);
        id(SPAN_ID, spanId, source, out);
        if (droppedAttributes != 0) {
            out.raw(DROPPED).number(droppedAttributes).raw((byte) ',');
        }
    }

    private void body(ValueSource source, JsonWriter out) throws OtlpSyntaxException {
        int start = out.length();
        out.raw(MESSAGE);
        int value = out.length();
        source.value(body, out);
        if (out.bytes()[value] != '"') {
            out.truncate(start);
            out.raw(BODY);
            source.value(body, out);
        }
        out.raw((byte) ',');
    }

    private static void id(byte[] member, int ref, ValueSource source, JsonWriter out) throws OtlpSyntaxException {
        if (ref == ValueSource.NONE) {
            return;
        }
        int start = out.length();
        out.raw(member);
        if (source.id(ref, out)) {
            out.raw((byte) ',');
        } else {
            out.truncate(start);
        }
    }

    /** An object of a level's rest and of the fields that it lost; nothing where both are empty. */
    private static void level(JsonWriter out, byte[] open, LogAttributes level, int lost) {
        if (level.rest().length() == 0 && lost == 0) {
            return;
        }
        out.raw(open).raw(level.rest().bytes(), 0, level.rest().length());
        level.writeLost(lost, out);
        out.raw((byte) '}').raw((byte) ',');
    }

    private void scope(JsonWriter out, int lost) {
        int start = out.length();
        out.raw(SCOPE).raw(scopeHead.bytes(), 0, scopeHead.length());
        level(out, ATTRIBUTES, scope, lost);
        if (out.length() == start + SCOPE.length) {
            out.truncate(start);
        } else {
            end(out);
        }
    }

    /** Closes an object whose last member ended with a comma. */
    private static void end(JsonWriter out) {
        out.truncate(out.length() - 1);
        out.raw((byte) '}').raw((byte) ',');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "LogDocument";
    }
}
