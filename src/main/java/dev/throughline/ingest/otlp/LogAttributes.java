package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;

/**
 * The attributes of one level (a record, its scope or its resource): those that give a field of the schema, and the rest, both
 * as JSON text. Reused, not thread-safe.
 */
final class LogAttributes {
    /** Stronger than any attribute key: the record's own field. */
    private static final int OWN = -1;

    private static final int BYTES_AT_FIRST = 512;
    /** What a record far larger than usual made a buffer grow to is let go beyond this. */
    private static final int BYTES_KEPT = 256 << 10;

    private static final byte[] EVENT_NAME_KEY = CompactValues.ascii("event_name");

    private JsonWriter known = new JsonWriter(BYTES_AT_FIRST);
    private JsonWriter rest = new JsonWriter(BYTES_AT_FIRST);
    private final MemberNames restNames = new MemberNames();
    private final int[] entryFrom = new int[LogField.count()];
    private final int[] valueFrom = new int[LogField.count()];
    private final int[] valueTo = new int[LogField.count()];
    private final int[] ranks = new int[LogField.count()];
    private int mask;

    void reset() {
        known = reset(known);
        rest = reset(rest);
        restNames.reset();
        mask = 0;
    }

    private static JsonWriter reset(JsonWriter text) {
        if (text.bytes().length > BYTES_KEPT) {
            return new JsonWriter(BYTES_AT_FIRST);
        }
        text.reset();
        return text;
    }

    /** A bit for each {@link LogField} that this level gives. */
    int mask() {
        return mask;
    }

    /** The members of what gives no field, without brackets; may be empty. */
    JsonWriter rest() {
        return rest;
    }

    /** Takes an attribute; of equal keys the first stays. A field's key without a value counts as absent. */
    void add(byte[] key, int from, int to, ValueSource source, int ref, int offset) throws OtlpSyntaxException {
        int found = LogField.find(key, from, to);
        if (found < 0) {
            if (openRest(key, from, to, offset)) {
                source.value(ref, rest);
            }
            return;
        }
        if (source.isUnset(ref)) {
            return;
        }
        int entry = known.length();
        known.string(key, from, to).raw((byte) ':');
        int value = known.length();
        source.value(ref, known);
        if (LogField.isErrorType(found) && !isErrorCode(value)) {
            demote(entry, value, known.length(), offset);
            known.truncate(entry);
        } else {
            take(LogField.of(found), LogField.rank(found), entry, value, offset);
        }
    }

    /** Takes the record's own event name, which wins over attributes. */
    void ownEventName(ValueSource source, int ref, int offset) throws OtlpSyntaxException {
        int entry = known.length();
        known.string(EVENT_NAME_KEY, 0, EVENT_NAME_KEY.length).raw((byte) ':');
        int value = known.length();
        source.text(ref, known);
        if (known.length() - value > 2) {
            take(LogField.EVENT_NAME, OWN, entry, value, offset);
        }
    }

    private void take(LogField field, int rank, int entry, int value, int offset) throws OtlpSyntaxException {
        int slot = field.ordinal();
        boolean taken = (mask & 1 << slot) != 0;
        if (taken && ranks[slot] == rank) {
            known.truncate(entry);
            return;
        }
        if (taken && ranks[slot] < rank) {
            demote(entry, value, known.length(), offset);
            known.truncate(entry);
            return;
        }
        if (taken) {
            demote(entryFrom[slot], valueFrom[slot], valueTo[slot], offset);
        }
        mask |= 1 << slot;
        ranks[slot] = rank;
        entryFrom[slot] = entry;
        valueFrom[slot] = value;
        valueTo[slot] = known.length();
    }

    /** Moves a field that another level or key gives to the rest, under its own key. */
    void demote(LogField field) throws OtlpSyntaxException {
        int slot = field.ordinal();
        demote(entryFrom[slot], valueFrom[slot], valueTo[slot], 0);
        mask &= ~(1 << slot);
    }

    private void demote(int entry, int value, int to, int offset) throws OtlpSyntaxException {
        checkRoom(offset);
        int start = rest.length();
        comma();
        int quote = rest.length();
        rest.raw(known.bytes(), entry, to);
        if (!restNames.add(rest, quote + 1, quote + (value - entry) - 2)) {
            rest.truncate(start);
        }
    }

    /** Writes the members of the fields that {@code lost} names, as they came; for a level that is not to change. */
    void writeLost(int lost, JsonWriter out) {
        for (int bits = lost; bits != 0; bits &= bits - 1) {
            int slot = Integer.numberOfTrailingZeros(bits);
            if (out.bytes()[out.length() - 1] != '{') {
                out.raw((byte) ',');
            }
            out.raw(known.bytes(), entryFrom[slot], valueTo[slot]);
        }
    }

    void writeValue(int slot, JsonWriter out) {
        out.raw(known.bytes(), valueFrom[slot], valueTo[slot]);
    }

    private boolean openRest(byte[] key, int from, int to, int offset) throws OtlpSyntaxException {
        checkRoom(offset);
        int start = rest.length();
        comma();
        int quote = rest.length();
        rest.string(key, from, to);
        if (!restNames.add(rest, quote + 1, rest.length() - 1)) {
            rest.truncate(start);
            return false;
        }
        rest.raw((byte) ':');
        return true;
    }

    private void checkRoom(int offset) throws OtlpSyntaxException {
        if (restNames.isFull()) {
            throw new OtlpSyntaxException(OtlpProblem.TOO_MANY_MEMBERS, offset);
        }
    }

    private void comma() {
        if (rest.length() > 0) {
            rest.raw((byte) ',');
        }
    }

    /** {@code [A-Z][A-Z0-9_]{1,63}} in quotes. */
    private boolean isErrorCode(int value) {
        byte[] text = known.bytes();
        return text[value] == '"' && ErrorCodeShape.matches(text, value + 1, known.length() - 1);
    }

    @Override
    public String toString() {
        return "LogAttributes[" + Integer.bitCount(mask) + " fields, " + rest.length() + " bytes of others]";
    }
}
