package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTooLongException;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.otlp.OtlpShapes;
import org.jspecify.annotations.Nullable;

/** Export requests on the protobuf wire, record by record. Reused, not thread-safe. */
final class ProtobufRequests {
    private static final int ITEMS = tag(OtlpShapes.REQUEST_ITEMS, ProtobufReader.LENGTH_DELIMITED);
    private static final int HEAD = tag(OtlpShapes.ENVELOPE_HEAD, ProtobufReader.LENGTH_DELIMITED);
    private static final int CHILDREN = tag(OtlpShapes.ENVELOPE_ITEMS, ProtobufReader.LENGTH_DELIMITED);
    private static final int SCHEMA_URL = tag(OtlpShapes.ENVELOPE_SCHEMA_URL, ProtobufReader.LENGTH_DELIMITED);

    private static final int RESOURCE_ATTRIBUTES = tag(1, ProtobufReader.LENGTH_DELIMITED);
    private static final int SCOPE_NAME = tag(1, ProtobufReader.LENGTH_DELIMITED);
    private static final int SCOPE_VERSION = tag(2, ProtobufReader.LENGTH_DELIMITED);
    private static final int SCOPE_ATTRIBUTES = tag(3, ProtobufReader.LENGTH_DELIMITED);

    private static final int TIME = tag(1, ProtobufReader.EIGHT_BYTES);
    private static final int SEVERITY = tag(2, ProtobufReader.VARINT);
    private static final int SEVERITY_TEXT = tag(3, ProtobufReader.LENGTH_DELIMITED);
    private static final int BODY = tag(5, ProtobufReader.LENGTH_DELIMITED);
    private static final int ATTRIBUTES = tag(6, ProtobufReader.LENGTH_DELIMITED);
    private static final int DROPPED = tag(7, ProtobufReader.VARINT);
    private static final int TRACE_ID = tag(9, ProtobufReader.LENGTH_DELIMITED);
    private static final int SPAN_ID = tag(10, ProtobufReader.LENGTH_DELIMITED);
    private static final int OBSERVED = tag(11, ProtobufReader.EIGHT_BYTES);
    private static final int EVENT_NAME = tag(12, ProtobufReader.LENGTH_DELIMITED);

    private static final byte[] NOTHING = new byte[0];

    private final ProtobufReader reader = new ProtobufReader();
    private final ProtobufValues values;
    private final ProtobufMessages messages;
    private final LogDocument log;
    private final CompactDocument document;
    private final JsonWriter out;
    private final int recordsMax;
    private final OtlpRecord record = new OtlpRecord();
    /** The short way; absent where this is the long way of one. */
    private final @Nullable ProtobufTemplates templates;

    private int index;
    /** Bytes of resources and scopes, each counted once a record that has it. */
    private long sharedBytes;
    /** Of the resource and scope in work: references of what the long way needs to know of them, and whether it does. */
    private int resourceHead;

    private int resourceUrl;
    private int resourceEnd;
    private int scopeHead;
    private int scopeUrl;
    private int scopeEnd;
    private boolean resourceRead;
    private boolean scopeRead;
    private boolean known;

    ProtobufRequests(
            OtlpLimits limits, LogDocument log, CompactDocument document, @Nullable ProtobufTemplates templates) {
        this.templates = templates;
        CompactValues compact = new CompactValues();
        this.values = new ProtobufValues(reader, compact, limits.depthMax());
        this.messages = new ProtobufMessages(reader, values, compact);
        this.log = log;
        this.document = document;
        this.out = document.out();
        this.recordsMax = limits.recordsMax();
    }

    private static int tag(int number, int wireType) {
        return ProtobufReader.tag(number, wireType);
    }

    int decode(Signal signal, byte[] body, int from, int to, OtlpRecords records) throws OtlpSyntaxException {
        reader.wrap(body, from);
        values.begin(to);
        index = 0;
        sharedBytes = 0;
        int count = count(to, 0, 0);
        if (count > recordsMax) {
            throw new OtlpSyntaxException(OtlpProblem.TOO_MANY_RECORDS, from);
        }
        records.expect(count, sharedBytes, 0);
        reader.seek(from);
        while (reader.at() < to) {
            int end = next(ITEMS, to);
            if (end >= 0) {
                resource(signal, end, records);
                reader.seek(end);
            }
        }
        return index;
    }

    /** Lets the body go. */
    void end() {
        reader.wrap(NOTHING, 0);
        record.begin(Signal.LOG, 0, NOTHING, 0, 0);
    }

    /** Records from the reader to {@code to}, at most one more than the bound: only tags and lengths are read. */
    private int count(int to, int level, int before) throws OtlpSyntaxException {
        int count = before;
        int head = 0;
        int wanted = level == 0 ? ITEMS : CHILDREN;
        while (reader.at() < to && count <= recordsMax) {
            int tag = reader.tag(to);
            if (tag == wanted) {
                int end = reader.end(to);
                count = level == 2 ? count + 1 : count(end, level + 1, count);
                reader.seek(end);
            } else {
                int from = reader.at();
                reader.skip(tag, to);
                head += level > 0 && tag == HEAD ? reader.at() - from : 0;
            }
        }
        sharedBytes += (long) head * (count - before);
        return count;
    }

    /** The end of the next field, with the reader at its content, where it has this tag; otherwise passes over it: -1. */
    private int next(int wanted, int to) throws OtlpSyntaxException {
        int tag = reader.tag(to);
        if (tag == wanted) {
            return reader.end(to);
        }
        reader.skip(tag, to);
        return -1;
    }

    /** The reference of the last field with this tag, or NONE where there is none or it is empty; the reader stays. */
    private int last(int wanted, int end, boolean emptyCounts) throws OtlpSyntaxException {
        int from = reader.at();
        int ref = ValueSource.NONE;
        while (reader.at() < end) {
            int tag = reader.tag(end);
            int at = reader.at();
            reader.skip(tag, end);
            if (tag == wanted) {
                ref = emptyCounts || reader.bytes()[at] != 0 ? at : ValueSource.NONE;
            }
        }
        reader.seek(from);
        return ref;
    }

    private void resource(Signal signal, int end, OtlpRecords records) throws OtlpSyntaxException {
        int from = reader.at();
        resourceHead = last(HEAD, end, true);
        resourceUrl = signal == Signal.LOG ? ValueSource.NONE : last(SCHEMA_URL, end, false);
        resourceEnd = end;
        resourceRead = false;
        known = false;
        while (reader.at() < end) {
            int childEnd = next(CHILDREN, end);
            if (childEnd >= 0) {
                scope(signal, childEnd, records);
                reader.seek(childEnd);
            }
        }
        if (!known) {
            reader.seek(from);
            readResource(signal);
        }
    }

    private void scope(Signal signal, int end, OtlpRecords records) throws OtlpSyntaxException {
        int from = reader.at();
        scopeHead = last(HEAD, end, true);
        scopeUrl = signal == Signal.LOG ? ValueSource.NONE : last(SCHEMA_URL, end, false);
        scopeEnd = end;
        scopeRead = false;
        known = templates != null
                && signal != Signal.METRIC
                && templates.begin(signal, reader.bytes(), resourceHead, resourceUrl, scopeHead, scopeUrl);
        if (!known) {
            readScope(signal);
        }
        reader.seek(from);
        while (reader.at() < end) {
            int recordEnd = next(CHILDREN, end);
            if (recordEnd >= 0) {
                record(signal, recordEnd, records);
                reader.seek(recordEnd);
            }
        }
    }

    /** Makes the long way ready for records of this resource and scope; the reader moves. */
    private void readScope(Signal signal) throws OtlpSyntaxException {
        readResource(signal);
        if (scopeRead) {
            return;
        }
        scopeRead = true;
        if (signal == Signal.LOG) {
            logScope(scopeHead, scopeEnd);
            return;
        }
        document.beginScope();
        if (scopeHead != ValueSource.NONE) {
            reader.seek(scopeHead);
            messages.message(OtlpShapes.SCOPE, reader.end(scopeEnd), out);
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
            attributes(resourceHead, RESOURCE_ATTRIBUTES, resourceEnd, log.resource());
            log.endResource();
            return;
        }
        document.beginResource();
        if (resourceHead != ValueSource.NONE) {
            reader.seek(resourceHead);
            messages.message(OtlpShapes.RESOURCE, reader.end(resourceEnd), out);
        }
        document.endResource(values, resourceUrl);
    }

    private void logScope(int head, int end) throws OtlpSyntaxException {
        log.beginScope();
        int name = ValueSource.NONE;
        int version = ValueSource.NONE;
        if (head != ValueSource.NONE) {
            reader.seek(head);
            int headEnd = reader.end(end);
            name = last(SCOPE_NAME, headEnd, false);
            version = last(SCOPE_VERSION, headEnd, false);
            attributes(head, SCOPE_ATTRIBUTES, end, log.scope());
        }
        log.endScope(values, name, version);
    }

    private void attributes(int head, int wanted, int end, LogAttributes attributes) throws OtlpSyntaxException {
        if (head == ValueSource.NONE) {
            return;
        }
        reader.seek(head);
        int headEnd = reader.end(end);
        while (reader.at() < headEnd) {
            int entryEnd = next(wanted, headEnd);
            if (entryEnd >= 0) {
                values.attribute(entryEnd, attributes);
            }
        }
    }

    private void record(Signal signal, int end, OtlpRecords records) throws OtlpSyntaxException {
        int from = reader.at();
        record.begin(signal, index++, reader.bytes(), from, end);
        ProtobufTemplates shortWay = templates;
        if (known && shortWay != null && shortWay.write(reader.bytes(), from, end)) {
            record.parsed(shortWay.tape());
            records.record(record);
            return;
        }
        if (!scopeRead) {
            readScope(signal);
            reader.seek(from);
        }
        try {
            if (signal == Signal.LOG) {
                logRecord(end);
            } else {
                document.beginRecord();
                messages.message(signal == Signal.SPAN ? OtlpShapes.SPAN : OtlpShapes.METRIC, end, out);
                document.endRecord();
            }
        } catch (OtlpSyntaxException e) {
            if (!e.problem().isBound()) {
                throw e;
            }
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
            shortWay.missed(reader.bytes(), from, end);
        }
    }

    /** The record in work has no document. */
    private void unwritten(Signal signal) {
        values.reset();
        record.ready(out.bytes(), 0, signal == Signal.METRIC ? Math.max(1, messages.takePoints()) : 1);
    }

    private void logRecord(int end) throws OtlpSyntaxException {
        log.beginRecord();
        while (reader.at() < end) {
            int tag = reader.tag(end);
            int at = reader.at();
            if (tag == ATTRIBUTES) {
                values.attribute(reader.end(end), log.record());
            } else if (tag == TIME) {
                log.timeUnixNano(reader.fixed64(end));
            } else if (tag == OBSERVED) {
                log.observedUnixNano(reader.fixed64(end));
            } else if (tag == SEVERITY) {
                log.severityNumber((int) reader.varint(end));
            } else if (tag == DROPPED) {
                log.droppedAttributes(reader.varint(end) & 0xFFFF_FFFFL);
            } else {
                reader.skip(tag, end);
                textField(tag, at);
            }
        }
        log.write(values, out);
    }

    private void textField(int tag, int at) throws OtlpSyntaxException {
        if (tag == BODY) {
            log.body(at);
        } else if (tag == SEVERITY_TEXT) {
            log.severityText(at);
        } else if (tag == TRACE_ID) {
            log.traceId(at);
        } else if (tag == SPAN_ID) {
            log.spanId(at);
        } else if (tag == EVENT_NAME) {
            int after = reader.at();
            log.record().ownEventName(values, at, at);
            reader.seek(after);
        }
    }

    @Override
    public String toString() {
        return "ProtobufRequests";
    }
}
