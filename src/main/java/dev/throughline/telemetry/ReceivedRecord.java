package dev.throughline.telemetry;

import java.util.Arrays;

/**
 * A record as it came, unmasked: its parsed document and the nodes of the fields that matter to all. It stops at ingest: nothing
 * that keeps or forwards may see this type. Reused by one worker; not thread-safe.
 */
public final class ReceivedRecord {
    private final JsonTape tape;
    private final int[] slots = new int[Field.count()];
    private Signal signal = Signal.LOG;
    private byte[] source = new byte[0];
    private int sourceFrom;
    private int sourceTo;

    public ReceivedRecord(JsonTape tape) {
        this.tape = tape;
    }

    /** Lets the bytes of the last record go. */
    public void release() {
        source = new byte[0];
    }

    /**
     * Starts over with a document that stands on the tape.
     *
     * @param bytes the bytes as received (not the transcoded ones), over which the record id is taken
     */
    public void begin(Signal kind, byte[] bytes, int from, int to) {
        signal = kind;
        source = bytes;
        sourceFrom = from;
        sourceTo = to;
        Arrays.fill(slots, -1);
    }

    public Signal signal() {
        return signal;
    }

    /** The document; node 0 is its root object. */
    public JsonTape tape() {
        return tape;
    }

    /** The value node of a field, or -1 where it is absent or null. */
    public int node(Field field) {
        return slots[field.ordinal()];
    }

    /** The same by the field's ordinal. */
    int node(int ordinal) {
        return slots[ordinal];
    }

    public boolean has(Field field) {
        return slots[field.ordinal()] >= 0;
    }

    public void set(Field field, int node) {
        slots[field.ordinal()] = node;
    }

    /** The nodes of all fields, to be given to {@link #locate} for records of the same shape. */
    public int[] fields() {
        return slots.clone();
    }

    /** Sets all fields: they are where they are in every record of one shape. */
    public void locate(int[] fields) {
        System.arraycopy(fields, 0, slots, 0, slots.length);
    }

    /** Whether all fields are at these nodes. */
    public boolean isLocated(int[] fields) {
        return Arrays.equals(fields, slots);
    }

    public byte[] source() {
        return source;
    }

    public int sourceFrom() {
        return sourceFrom;
    }

    public int sourceTo() {
        return sourceTo;
    }

    /** Kind and size only: the content is unmasked. */
    @Override
    public String toString() {
        return "ReceivedRecord[" + signal + ", " + (sourceTo - sourceFrom) + " bytes]";
    }
}
