package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonTooLongException;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.otlp.MessageField;
import dev.throughline.telemetry.otlp.OtlpShapes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Export requests in OTLP/JSON: the whole body is parsed first, then read record by record. Reused, not thread-safe. */
final class JsonRequests {
    /** Containers around a value: request, envelopes, record, lists, and three for each nested value. */
    private static final int DEPTH_AROUND = 16;

    private static final int DEPTH_A_VALUE = 4;

    /** An attribute takes at least about half of its OTLP/JSON in a document. */
    private static final int TEXT_TO_DOCUMENT = 2;

    private static final int TOKEN_BYTES = 16;

    private static final byte[][] LOGS = names("resourceLogs", "scopeLogs", "logRecords");
    private static final byte[][] LOGS_ORIGINAL = names("resource_logs", "scope_logs", "log_records");
    private static final byte[][] TRACES = names("resourceSpans", "scopeSpans", "spans");
    private static final byte[][] TRACES_ORIGINAL = names("resource_spans", "scope_spans", "spans");
    private static final byte[][] METRICS = names("resourceMetrics", "scopeMetrics", "metrics");
    private static final byte[][] METRICS_ORIGINAL = names("resource_metrics", "scope_metrics", "metrics");
    private static final byte[] RESOURCE = ascii("resource");
    private static final byte[] SCOPE = ascii("scope");
    private static final byte[] ATTRIBUTES = ascii("attributes");
    private static final byte[] NAME = ascii("name");
    private static final byte[] VERSION = ascii("version");
    private static final byte[] SCHEMA_URL = ascii("schemaUrl");
    private static final byte[] SCHEMA_URL_ORIGINAL = ascii("schema_url");

    private final JsonTape.Limits tapeLimits;
    private final OtlpLimits limits;
    private final JsonValues values;
    private final JsonMessages messages;
    private final LogDocument log;
    private final CompactDocument document;
    private final JsonWriter out;
    private final OtlpRecord record = new OtlpRecord();
    /** The short way; absent where this is the long way of one. */
    private final @Nullable JsonTemplates templates;

    private JsonTape tape;
    private byte[][] camel = LOGS;
    private byte[][] original = LOGS_ORIGINAL;
    private int index;
    /** Bytes of resources and scopes, each counted once a record that has it. */
    private long sharedBytes;
    /** Of the resource and scope in work: nodes of what the long way needs to know of them, and whether it does. */
    private int resourceHead;

    private int resourceUrl;
    private int scopeHead;
    private int scopeUrl;
    private boolean resourceRead;
    private boolean scopeRead;
    private boolean known;

    JsonRequests(OtlpLimits limits, LogDocument log, CompactDocument document, @Nullable JsonTemplates templates) {
        this.templates = templates;
        this.limits = limits;
        this.tapeLimits = new JsonTape.Limits(
                DEPTH_AROUND + DEPTH_A_VALUE * limits.depthMax(), limits.jsonTokensMax(), limits.documentBytesMax());
        this.tape = new JsonTape(tapeLimits);
        CompactValues compact = new CompactValues();
        this.values = new JsonValues(compact, tape, limits.depthMax());
        this.messages = new JsonMessages(values, compact, tape);
        this.log = log;
        this.document = document;
        this.out = document.out();
    }

    int decode(Signal signal, byte[] body, int from, int to, OtlpRecords records) throws OtlpSyntaxException {
        try {
            tape.parseWhole(body, from, to);
            values.begin(tape);
            messages.begin(tape);
            return decode(signal, records);
        } catch (JsonSyntaxException e) {
            throw new OtlpSyntaxException(problem(e.problem()), from + e.offset());
        } finally {
            if (tape.capacity() > limits.jsonTokensKept()) { // However it ended: for want of memory, too.
                tape = new JsonTape(tapeLimits);
            }
            tape.release();
            values.begin(tape);
            messages.begin(tape);
            record.begin(signal, 0, tape.bytes(), 0, 0);
        }
    }

    private static OtlpProblem problem(JsonSyntaxException.Problem json) {
        if (json == JsonSyntaxException.Problem.TOO_DEEP) {
            return OtlpProblem.TOO_DEEP;
        }
        return json.isBound() ? OtlpProblem.TOO_LARGE : OtlpProblem.MALFORMED_JSON;
    }

    private int decode(Signal signal, OtlpRecords records) throws OtlpSyntaxException {
        camel = signal == Signal.LOG ? LOGS : signal == Signal.SPAN ? TRACES : METRICS;
        original = signal == Signal.LOG ? LOGS_ORIGINAL : signal == Signal.SPAN ? TRACES_ORIGINAL : METRICS_ORIGINAL;
        index = 0;
        values.require(0, JsonTape.OBJECT);
        int resources = list(0, 0);
        sharedBytes = 0;
        long count = count(resources, 0);
        if (count > limits.recordsMax()) {
            throw new OtlpSyntaxException(OtlpProblem.TOO_MANY_RECORDS, tape.start(0));
        }
        records.expect((int) count, sharedBytes, (long) tape.size() * TOKEN_BYTES);
        for (int item = first(resources); item < after(resources); item = tape.next(item)) {
            resource(signal, item, records);
        }
        return index;
    }

    /** Checks the form of the envelopes and counts the records. */
    private long count(int list, int level) throws OtlpSyntaxException {
        long count = 0;
        for (int item = first(list); item < after(list); item = tape.next(item)) {
            values.require(item, JsonTape.OBJECT);
            int inner = list(item, level + 1);
            long inside = level == 0 ? count(inner, 1) : inner >= 0 ? tape.childCount(inner) : 0;
            int head = level == 0 ? member(item, RESOURCE, RESOURCE) : member(item, SCOPE, SCOPE);
            sharedBytes += head < 0 ? 0 : inside * ((tape.end(head) - tape.start(head)) / TEXT_TO_DOCUMENT);
            count += inside;
        }
        return count;
    }

    /** The list of the next level in an envelope, or -1. */
    private int list(int holder, int level) throws OtlpSyntaxException {
        int list = member(holder, camel[level], original[level]);
        if (list >= 0) {
            values.require(list, JsonTape.ARRAY);
        }
        return list;
    }

    private int first(int list) {
        return list < 0 ? 0 : tape.firstChild(list);
    }

    private int after(int list) {
        return list < 0 ? 0 : tape.next(list);
    }

    /** The value of a member under either name, or -1 where it is absent or null. */
    private int member(int holder, byte[] name, byte[] otherName) {
        int value = tape.member(holder, name);
        if (value < 0) {
            value = tape.member(holder, otherName);
        }
        return value >= 0 && tape.kind(value) == JsonTape.NULL ? -1 : value;
    }

    private int schemaUrl(int envelope) {
        int url = member(envelope, SCHEMA_URL, SCHEMA_URL_ORIGINAL);
        return url >= 0 && tape.end(url) > tape.start(url) ? url : ValueSource.NONE;
    }

    private void resource(Signal signal, int envelope, OtlpRecords records) throws OtlpSyntaxException {
        resourceHead = member(envelope, RESOURCE, RESOURCE);
        resourceUrl = signal == Signal.LOG ? ValueSource.NONE : schemaUrl(envelope);
        resourceRead = false;
        known = false;
        int scopes = list(envelope, 1);
        for (int item = first(scopes); item < after(scopes); item = tape.next(item)) {
            scope(signal, item, records);
        }
        if (!known) {
            readResource(signal);
        }
    }

    private void scope(Signal signal, int envelope, OtlpRecords records) throws OtlpSyntaxException {
        scopeHead = member(envelope, SCOPE, SCOPE);
        scopeUrl = signal == Signal.LOG ? ValueSource.NONE : schemaUrl(envelope);
        scopeRead = false;
        known = templates != null
                && signal != Signal.METRIC
                && templates.begin(signal, tape, resourceHead, resourceUrl, scopeHead, scopeUrl);
        if (!known) {
            readScope(signal);
        }
        int items = list(envelope, 2);
        for (int item = first(items); item < after(items); item = tape.next(item)) {
            record(signal, item, records);
        }
    }

    /** Makes the long way ready for records of this resource and scope. */
    private void readScope(Signal signal) throws OtlpSyntaxException {
        readResource(signal);
        if (scopeRead) {
            return;
        }
        scopeRead = true;
        if (signal == Signal.LOG) {
            log.beginScope();
            attributes(scopeHead, log.scope());
            log.endScope(values, scopeText(scopeHead, NAME), scopeText(scopeHead, VERSION));
            return;
        }
        document.beginScope();
        if (scopeHead >= 0) {
            messages.message(OtlpShapes.SCOPE, scopeHead, out);
        }
        document.endScope(values, scopeUrl, signal);
    }

    private void readResource(Signal signal) throws OtlpSyntaxException {
        if (resourceRead) {
            return;
        }
        resourceRead = true;
        if (signal == Signal.LOG) {
            log.beginResource();
            attributes(resourceHead, log.resource());
            log.endResource();
            return;
        }
        document.beginResource();
        if (resourceHead >= 0) {
            messages.message(OtlpShapes.RESOURCE, resourceHead, out);
        }
        document.endResource(values, resourceUrl);
    }

    private int scopeText(int head, byte[] name) {
        int text = head < 0 ? -1 : member(head, name, name);
        return text >= 0 && tape.end(text) > tape.start(text) ? text : ValueSource.NONE;
    }

    private void attributes(int head, LogAttributes attributes) throws OtlpSyntaxException {
        if (head >= 0) {
            values.require(head, JsonTape.OBJECT);
            int list = member(head, ATTRIBUTES, ATTRIBUTES);
            if (list >= 0) {
                values.attributes(list, attributes);
            }
        }
    }

    private void record(Signal signal, int node, OtlpRecords records) throws OtlpSyntaxException {
        record.begin(signal, index++, tape.bytes(), tape.start(node), tape.end(node));
        JsonTemplates shortWay = templates;
        if (known && shortWay != null && shortWay.write(tape, node)) {
            record.parsed(shortWay.tape());
            records.record(record);
            return;
        }
        readScope(signal);
        try {
            if (signal == Signal.LOG) {
                logRecord(node);
            } else {
                document.beginRecord();
                messages.message(signal == Signal.SPAN ? OtlpShapes.SPAN : OtlpShapes.METRIC, node, out);
                document.endRecord();
            }
        } catch (OtlpSyntaxException e) {
            unwritten(signal);
            records.refused(record, e.problem());
            return;
        } catch (JsonTooLongException e) {
            unwritten(signal);
            records.refused(record, OtlpProblem.TOO_LARGE);
            return;
        } catch (RuntimeException | StackOverflowError e) {
            unwritten(signal);
            records.failed(record, e);
            return;
        }
        record.ready(out.bytes(), out.length(), signal == Signal.METRIC ? messages.takePoints() : 1);
        records.record(record);
        if (shortWay != null && signal != Signal.METRIC) {
            shortWay.missed(tape, node);
        }
    }

    /** The record in work has no document. */
    private void unwritten(Signal signal) {
        values.reset();
        record.ready(out.bytes(), 0, signal == Signal.METRIC ? Math.max(1, messages.takePoints()) : 1);
    }

    private void logRecord(int node) throws OtlpSyntaxException {
        values.require(node, JsonTape.OBJECT);
        log.beginRecord();
        for (int key = tape.firstChild(node); key < tape.next(node); key = tape.next(tape.value(key))) {
            MessageField field = OtlpShapes.LOG_RECORD.byKey(tape, key);
            int value = tape.value(key);
            if (field != null && tape.kind(value) != JsonTape.NULL) {
                logField(field, value);
            }
        }
        log.write(values, out);
    }

    private void logField(MessageField field, int value) throws OtlpSyntaxException {
        switch (field.number()) {
            case 1 -> log.timeUnixNano(messages.unsigned(value));
            case 2 -> log.severityNumber(messages.int32(field, value));
            case 3 -> log.severityText(value);
            case 5 -> log.body(value);
            case 6 -> values.attributes(value, log.record());
            case 7 -> log.droppedAttributes(messages.unsigned(value));
            case 9 -> log.traceId(value);
            case 10 -> log.spanId(value);
            case 11 -> log.observedUnixNano(messages.unsigned(value));
            case 12 -> log.record().ownEventName(values, value, tape.start(value));
            default -> {}
        }
    }

    private static byte[][] names(String resources, String scopes, String records) {
        return new byte[][] {ascii(resources), ascii(scopes), ascii(records)};
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "JsonRequests";
    }
}
