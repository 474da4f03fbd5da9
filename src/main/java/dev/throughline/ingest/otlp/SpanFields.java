package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.otlp.NameTable;
import java.nio.charset.StandardCharsets;

/**
 * Finds the fields of a span or metric in its compact document: attributes of the span win over those of its scope and they over
 * those of its resource, {@code throughline.} before the bare key, {@code error.type} last and only in the shape of an error
 * code. A metric's points are not looked at: they may be of several tenants. A slot is set only to a string or number. Stateless.
 */
public final class SpanFields {
    private static final Field[] FROM_ATTRIBUTES = {
        Field.CORRELATION_ID,
        Field.TENANT_ID,
        Field.CONNECTOR,
        Field.ENTITY_TYPE,
        Field.ENTITY_ID,
        Field.ERROR_CODE,
        Field.ATTEMPT,
        Field.RECORD_UID
    };
    private static final int RANKS = 4;
    private static final int PREFIXED = 0;
    private static final int BARE = 1;
    private static final int SEMANTIC = 2;
    private static final NameTable KEYS = new NameTable(32);

    private static final byte[] ATTRIBUTES_NAME = "attributes".getBytes(StandardCharsets.US_ASCII);
    private static final int RESOURCE = 1;
    private static final int SCOPE = 2;
    private static final int RECORD = 3;
    private static final int CORRELATION = 4;
    private static final NameTable ROOT = new NameTable(8);

    private static final int ATTRIBUTES = 100;
    private static final NameTable MEMBERS = new NameTable(8);
    private static final NameTable METRIC_MEMBERS = new NameTable(4);

    static {
        for (Field field : FROM_ATTRIBUTES) {
            KEYS.put("throughline." + field.key(), field.ordinal() * RANKS + PREFIXED);
            KEYS.put(field.key(), field.ordinal() * RANKS + BARE);
        }
        KEYS.put("error.type", Field.ERROR_CODE.ordinal() * RANKS + SEMANTIC);
        ROOT.put("resource", RESOURCE);
        ROOT.put("scope", SCOPE);
        ROOT.put("span", RECORD);
        ROOT.put("metric", RECORD);
        ROOT.put("correlation_id", CORRELATION);
        MEMBERS.put("attributes", ATTRIBUTES);
        MEMBERS.put("traceId", Field.TRACE_ID.ordinal());
        MEMBERS.put("spanId", Field.SPAN_ID.ordinal());
        MEMBERS.put("name", Field.EVENT_NAME.ordinal());
        MEMBERS.put("startTimeUnixNano", Field.TIMESTAMP.ordinal());
        METRIC_MEMBERS.put("name", Field.EVENT_NAME.ordinal());
    }

    private SpanFields() {}

    /** Sets the slots of a record that has begun. */
    public static void locate(ReceivedRecord record) {
        JsonTape tape = record.tape();
        if (tape.size() == 0 || tape.kind(0) != JsonTape.OBJECT) {
            return;
        }
        int resource = -1;
        int scope = -1;
        int own = -1;
        for (int key = tape.firstChild(0); key < tape.next(0); key = tape.next(tape.value(key))) {
            int value = tape.value(key);
            switch (number(ROOT, tape, key)) {
                case RESOURCE -> resource = value;
                case SCOPE -> scope = value;
                case RECORD -> own = value;
                case CORRELATION -> set(record, Field.CORRELATION_ID, value);
                default -> {}
            }
        }
        // The stronger levels come later and take the slot.
        attributes(record, memberOf(tape, resource));
        attributes(record, memberOf(tape, scope));
        if (own >= 0 && tape.kind(own) == JsonTape.OBJECT) {
            members(record, own);
        }
    }

    private static int number(NameTable names, JsonTape tape, int key) {
        return names.get(tape, key);
    }

    private static int memberOf(JsonTape tape, int holder) {
        return holder < 0 ? -1 : tape.member(holder, ATTRIBUTES_NAME);
    }

    private static void members(ReceivedRecord record, int own) {
        JsonTape tape = record.tape();
        NameTable names = record.signal() == Signal.METRIC ? METRIC_MEMBERS : MEMBERS;
        for (int key = tape.firstChild(own); key < tape.next(own); key = tape.next(tape.value(key))) {
            int number = number(names, tape, key);
            if (number == ATTRIBUTES) {
                attributes(record, tape.value(key));
            } else if (number >= 0) {
                set(record, Field.ofOrdinal(number), tape.value(key));
            }
        }
    }

    private static void attributes(ReceivedRecord record, int object) {
        JsonTape tape = record.tape();
        if (object < 0 || tape.kind(object) != JsonTape.OBJECT) {
            return;
        }
        int prefixed = 0;
        int taken = 0;
        for (int key = tape.firstChild(object); key < tape.next(object); key = tape.next(tape.value(key))) {
            int found = number(KEYS, tape, key);
            if (found < 0) {
                continue;
            }
            int bit = 1 << (found / RANKS);
            int rank = found % RANKS;
            boolean weaker = switch (rank) {
                case PREFIXED -> false;
                case BARE -> (prefixed & bit) != 0;
                default -> (taken & bit) != 0;
            };
            boolean fits = rank != SEMANTIC || isErrorCode(tape, tape.value(key));
            if (!weaker && fits && set(record, Field.ofOrdinal(found / RANKS), tape.value(key))) {
                prefixed |= rank == PREFIXED ? bit : 0;
                taken |= rank == SEMANTIC ? 0 : bit;
            }
        }
    }

    private static boolean isErrorCode(JsonTape tape, int node) {
        return tape.kind(node) == JsonTape.STRING
                && ErrorCodeShape.matches(tape.bytes(), tape.start(node), tape.end(node));
    }

    private static boolean set(ReceivedRecord record, Field field, int node) {
        int kind = record.tape().kind(node);
        boolean scalar = kind == JsonTape.STRING || kind == JsonTape.NUMBER;
        if (scalar) {
            record.set(field, node);
        }
        return scalar;
    }
}
