package dev.throughline.ingest;

import dev.throughline.contract.CorrelationIds;
import dev.throughline.contract.CorrelationMapping;
import dev.throughline.contract.TraceJoins;
import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.RecordId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One correlation id for every record (K1, K5): its own, that of the request's headers, that seen with its trace, or one that is
 * made of its record id, marked and returned: a retry is given the same. What is added to a record is an edit. Belongs to one worker's session.
 */
final class Correlation {
    private static final byte[] CORRELATION_MEMBER = "\"correlation_id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GENERATED_MARK =
            "\",\"correlation_source\":\"generated\",".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GENERATED_ALONE =
            "\"correlation_source\":\"generated\",".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENDER_NAME = "sender_correlation_id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SOURCE_NAME = "correlation_source".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENT = "sent_".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENDER_MEMBER = "\"sender_correlation_id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JOINED_MARK =
            "\",\"correlation_source\":\"trace\",".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEADER_MARK =
            "\",\"correlation_source\":\"header\",".getBytes(StandardCharsets.US_ASCII);

    /** {@code 2026-01-26T10:24}. */
    private static final int WITHOUT_SECONDS = 16;

    private final JsonTape tape;
    private final ReceivedRecord record;
    private final Edits edits;
    private final TraceJoins.Session joins;
    private final byte[] scratch = new byte[256];
    private RequestHeaders headers = RequestHeaders.NONE;

    Correlation(ReceivedRecord record, Edits edits, TraceJoins.Session joins) {
        this.tape = record.tape();
        this.record = record;
        this.edits = edits;
        this.joins = joins;
    }

    /** What the request's headers say holds until others are given. */
    void headers(RequestHeaders given) {
        headers = given;
    }

    /** Gives to all what was learned from a request. */
    void end() {
        joins.flush();
    }

    /** The id that the request's headers give to a record without one of its own; null where there is none. */
    byte @Nullable [] ofHeaders() {
        return record.has(Field.CORRELATION_ID) ? null : headers.correlationId();
    }

    /** The time that a conforming log says itself, so that the id made of it is the same for a retry. */
    private long eventMillis() {
        String written = tape.text(record.node(Field.TIMESTAMP)).toUpperCase(Locale.ROOT);
        int second = written.indexOf(":60", WITHOUT_SECONDS);
        String known = second < 0 ? written : written.substring(0, second) + ":59" + written.substring(second + 3);
        try {
            return OffsetDateTime.parse(known).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }

    /** Writes the request's id into a record that has none. */
    void requestId() {
        RequestHeaders.Member id = headers.requestId();
        if (id != null && !record.has(Field.REQUEST_ID)) {
            insert(id);
        }
    }

    /** Whether a log has an id that nobody had to make for it. */
    boolean isKnown() {
        return record.has(Field.CORRELATION_ID)
                || headers.correlationId() != null
                || joined(tenantKey(), record.node(Field.TRACE_ID)) != null;
    }

    /**
     * Gives a log of a sender whose ids are not trusted one of ours: made of the sender's, so that what it called the same stays
     * together, and under our key, so that nobody gets into the journey of another. The sender's is kept beside it.
     */
    int untrusted(Tally tally, int index, RecordId recordId, RecordId keyed) {
        int own = record.node(Field.CORRELATION_ID);
        byte @Nullable [] given =
                own >= 0 ? tape.text(own).getBytes(StandardCharsets.US_ASCII) : headers.correlationId();
        byte[] id;
        if (given == null) {
            setAside(SENDER_NAME);
            id = CorrelationIds.of(eventMillis(), recordId.high(), recordId.low());
        } else {
            int tenant = record.node(Field.TENANT_ID);
            keyed.hash(tape.bytes(), tape.start(tenant), tape.end(tenant), given, 0, given.length);
            id = CorrelationIds.derived(given, keyed.high(), keyed.low());
            setAside(SENDER_NAME);
            insertBefore(SENDER_MEMBER, given);
        }
        insertTrace();
        tally.generated(index, new String(id, StandardCharsets.US_ASCII));
        if (own >= 0) {
            setAside(SOURCE_NAME);
            edits.replace(tape.start(own), tape.end(own), id);
            edits.replace(tape.start(0) + 1, tape.start(0) + 1, GENERATED_ALONE);
        } else {
            insertCorrelation(id, GENERATED_MARK);
        }
        return RecordFrame.GENERATED_CORRELATION;
    }

    private void insertBefore(byte[] member, byte[] value) {
        byte[] written = Arrays.copyOf(member, member.length + value.length + 2);
        System.arraycopy(value, 0, written, member.length, value.length);
        written[written.length - 2] = '"';
        written[written.length - 1] = ',';
        edits.replace(tape.start(0) + 1, tape.start(0) + 1, written);
    }

    /** Gives the log on the tape its id: its own, the header's, the one seen with its trace, or one made of its record id; the frame's flags. */
    int log(Tally tally, int index, RecordId recordId) {
        int trace = record.node(Field.TRACE_ID);
        long tenant = tenantKey();
        int own = record.node(Field.CORRELATION_ID);
        if (own >= 0) {
            rememberFor(tenant, trace, tape.bytes(), tape.start(own), tape.end(own));
            insertTrace();
            return 0;
        }
        byte @Nullable [] id = headers.correlationId();
        byte[] mark = HEADER_MARK;
        int flags = RecordFrame.HEADER_CORRELATION;
        if (id == null) {
            id = joined(tenant, trace);
            mark = JOINED_MARK;
            flags = RecordFrame.JOINED_CORRELATION;
        }
        if (id == null) {
            id = CorrelationIds.of(eventMillis(), recordId.high(), recordId.low());
            mark = GENERATED_MARK;
            flags = RecordFrame.GENERATED_CORRELATION;
            tally.generated(index, new String(id, StandardCharsets.US_ASCII));
        }
        insertCorrelation(id, mark);
        rememberFor(tenant, trace, id, 0, id.length);
        insertTrace();
        return flags;
    }

    /** Writes the request's trace into a record that has none. */
    private void insertTrace() {
        RequestHeaders.Member trace = headers.traceId();
        if (trace != null && !record.has(Field.TRACE_ID)) {
            insert(trace);
            RequestHeaders.Member span = headers.spanId();
            if (span != null && !record.has(Field.SPAN_ID)) {
                insert(span);
            }
        }
    }

    /** The ids that the request's headers give to the record, as bits of {@link CorrelationMapping.Id}. */
    int given() {
        int bits = headers.traceId() == null ? 0 : 1 << CorrelationMapping.Id.TRACE_ID.ordinal();
        return bits | (headers.requestId() == null ? 0 : 1 << CorrelationMapping.Id.REQUEST_ID.ordinal());
    }

    /** A span is never given an id of its own: where none is known it is found by its trace. */
    int span() {
        int trace = record.node(Field.TRACE_ID);
        int own = record.node(Field.CORRELATION_ID);
        if (own >= 0) {
            remember(tenantKey(), trace, tape.bytes(), tape.start(own), tape.end(own));
            return 0;
        }
        byte @Nullable [] id = joined(tenantKey(), trace);
        if (id == null) {
            return 0;
        }
        insertCorrelation(id, JOINED_MARK);
        return RecordFrame.JOINED_CORRELATION;
    }

    private byte @Nullable [] joined(long tenant, int trace) {
        if (trace >= 0) {
            return joins.correlationOf(tenant, tape.bytes(), tape.start(trace), tape.end(trace));
        }
        RequestHeaders.Member header = headers.traceId();
        return header == null
                ? null
                : joins.correlationOf(tenant, header.written(), header.valueFrom(), header.valueTo());
    }

    private void rememberFor(long tenant, int trace, byte[] id, int from, int to) {
        RequestHeaders.Member header = headers.traceId();
        if (trace >= 0) {
            remember(tenant, trace, id, from, to);
        } else if (header != null) {
            joins.put(tenant, header.written(), header.valueFrom(), header.valueTo(), id, from, to);
        }
    }

    private void remember(long tenant, int trace, byte[] id, int from, int to) {
        joins.put(tenant, tape.bytes(), tape.start(trace), tape.end(trace), id, from, to);
    }

    private long tenantKey() {
        int tenant = record.node(Field.TENANT_ID);
        return tenant < 0 ? 0 : JsonTape.hash(tape.bytes(), tape.start(tenant), tape.end(tenant));
    }

    /** A member that is called as one of ours is renamed: nobody forges where an id came from, and no name comes twice. */
    private void setAside(byte[] name) {
        int value = tape.member(0, name);
        if (value < 0) {
            return;
        }
        byte[] prefix = SENT;
        while (tape.member(0, join(prefix, name)) >= 0) {
            prefix = join(prefix, SENT);
        }
        int key = tape.start(value - 1);
        edits.replace(key, key, prefix);
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Inserts a member, or puts its value in the place of a null. */
    private void insertField(Field field, byte[] member, int valueFrom, int valueTo) {
        int there = tape.member(0, field.utf8());
        if (there >= 0 && tape.kind(there) == JsonTape.NULL) {
            byte[] quoted = Arrays.copyOfRange(member, valueFrom - 1, valueTo + 1);
            edits.replaceByField(field, tape.start(there), tape.end(there), quoted, 1, quoted.length - 1);
        } else {
            edits.insertField(field, tape.start(0) + 1, member, valueFrom, valueTo);
        }
    }

    private void insertCorrelation(byte[] id, byte[] mark) {
        setAside(SOURCE_NAME);
        int there = tape.member(0, Field.CORRELATION_ID.utf8());
        if (there >= 0 && tape.kind(there) == JsonTape.NULL) {
            byte[] quoted = new byte[id.length + 2];
            quoted[0] = '"';
            System.arraycopy(id, 0, quoted, 1, id.length);
            quoted[quoted.length - 1] = '"';
            edits.replaceByField(
                    Field.CORRELATION_ID, tape.start(there), tape.end(there), quoted, 1, quoted.length - 1);
            // The mark without the quote and comma that end the id.
            edits.replace(tape.start(0) + 1, tape.start(0) + 1, mark, 2, mark.length);
            return;
        }
        int length = CORRELATION_MEMBER.length;
        System.arraycopy(CORRELATION_MEMBER, 0, scratch, 0, length);
        System.arraycopy(id, 0, scratch, length, id.length);
        System.arraycopy(mark, 0, scratch, length + id.length, mark.length);
        byte[] member = Arrays.copyOf(scratch, length + id.length + mark.length);
        edits.insertField(Field.CORRELATION_ID, tape.start(0) + 1, member, length, length + id.length);
    }

    private void insert(RequestHeaders.Member member) {
        insertField(member.field(), member.written(), member.valueFrom(), member.valueTo());
    }
}
