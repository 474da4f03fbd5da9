package dev.throughline.ingest;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordId;
import dev.throughline.telemetry.Signal;
import org.jspecify.annotations.Nullable;

/** Which record it is: the same bytes of a tenant, or the same id of the sender's own, are one. Belongs to one worker. */
final class RecordIdentity {
    private static final byte[] NOTHING = new byte[0];

    private final RecordId contentId;
    private final RecordId senderId;
    private final byte[] scratch = new byte[256];

    RecordIdentity(byte[] key) {
        contentId = new RecordId(key);
        byte[] other = key.clone();
        other[0] ^= (byte) 0xFF;
        senderId = new RecordId(other);
    }

    /** Of bytes that could not be read. */
    RecordId of(byte[] source, int from, int to) {
        contentId.hash(NOTHING, 0, 0, source, from, to);
        return contentId;
    }

    /** The sender's own id where it has one, within its tenant; else the bytes, and the journey that a header puts them into. */
    RecordId of(ReceivedRecord record, byte @Nullable [] given) {
        JsonTape tape = record.tape();
        int tenant = record.node(Field.TENANT_ID);
        byte[] bytes = tape.bytes();
        int tenantFrom = tenant < 0 ? 0 : tape.start(tenant);
        int tenantTo = tenant < 0 ? 0 : tape.end(tenant);
        int uid = record.node(Field.RECORD_UID);
        int span = record.node(Field.SPAN_ID);
        if (uid >= 0) {
            senderId.hash(bytes, tenantFrom, tenantTo, bytes, tape.start(uid), tape.end(uid));
            return senderId;
        }
        if (record.signal() == Signal.SPAN && span >= 0 && record.has(Field.TRACE_ID)) {
            int trace = record.node(Field.TRACE_ID);
            int traceLength = tape.end(trace) - tape.start(trace);
            if (traceLength + tape.end(span) - tape.start(span)
                    > scratch.length) { // No ids: the record is refused for them.
                contentId.hash(bytes, tenantFrom, tenantTo, record.source(), record.sourceFrom(), record.sourceTo());
                return contentId;
            }
            System.arraycopy(bytes, tape.start(trace), scratch, 0, traceLength);
            System.arraycopy(bytes, tape.start(span), scratch, traceLength, tape.end(span) - tape.start(span));
            int length = traceLength + tape.end(span) - tape.start(span);
            senderId.hash(bytes, tenantFrom, tenantTo, scratch, 0, length);
            return senderId;
        }
        if (given != null) {
            // The same bytes in another journey are another record.
            int length = Math.min(tenantTo - tenantFrom, scratch.length - given.length);
            System.arraycopy(given, 0, scratch, 0, given.length);
            System.arraycopy(bytes, tenantFrom, scratch, given.length, length);
            contentId.hash(scratch, 0, given.length + length, record.source(), record.sourceFrom(), record.sourceTo());
            return contentId;
        }
        contentId.hash(bytes, tenantFrom, tenantTo, record.source(), record.sourceFrom(), record.sourceTo());
        return contentId;
    }
}
