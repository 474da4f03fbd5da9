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

    private final int bytesMax;
    private JsonWriter known;
    private JsonWriter http;
    private JsonWriter rest;
    private final MemberNames restNames = new MemberNames();
    private final int[] memberFrom = new int[LogField.count()];
    private final int[] valueFrom = new int[LogField.count()];
    private final int[] valueTo = new int[LogField.count()];
    private final int[] keys = new int[LogField.count()];
    private int mask;
    /** Fields whose value lost its quotes. */
    private int unquoted;
    /** Whether text stands in between that no field has any more. */
    private boolean holes;

    /** @param bytesMax of the attributes that give a field, and of those that give none; over it: JsonTooLongException */
    LogAttributes(int bytesMax) {
        this.bytesMax = bytesMax;
        known = empty();
        http = empty();
        rest = empty();
    }

    private JsonWriter empty() {
        return new JsonWriter(BYTES_AT_FIRST, bytesMax);
    }

    void reset() {
        known = reset(known);
        http = reset(http);
        rest = reset(rest);
        restNames.reset();
        mask = 0;
        unquoted = 0;
        holes = false;
    }

    private JsonWriter reset(JsonWriter text) {
        if (text.bytes().length > BYTES_KEPT) {
            return empty();
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
        LogField field = LogField.of(found);
        JsonWriter text = textOf(1 << field.ordinal());
        int member = text.length();
        text.raw(field.jsonPrefix());
        int value = text.length();
        source.value(ref, text);
        if (LogField.isErrorType(found) && !isErrorCode(value)) {
            demote(found, text, value, text.length(), false, offset);
            text.truncate(member);
        } else {
            take(field, found, member, value, offset);
        }
    }

    /** Takes the record's own event name, which wins over attributes. */
    void ownEventName(ValueSource source, int ref, int offset) throws OtlpSyntaxException {
        int member = known.length();
        known.raw(LogField.EVENT_NAME.jsonPrefix());
        int value = known.length();
        source.text(ref, known);
        if (known.length() - value > 2) {
            take(LogField.EVENT_NAME, OWN, member, value, offset);
        } else {
            known.truncate(member);
        }
    }

    private JsonWriter textOf(int bit) {
        return (bit & LogField.HTTP_PARTS) != 0 ? http : known;
    }

    private void take(LogField field, int found, int member, int value, int offset) throws OtlpSyntaxException {
        int slot = field.ordinal();
        int bit = 1 << slot;
        JsonWriter text = textOf(bit);
        if ((mask & bit) != 0) {
            boolean weaker = found != OWN && (keys[slot] == OWN || keys[slot] <= found);
            if (weaker) {
                if (keys[slot] != found) {
                    demote(found, text, value, text.length(), false, offset);
                }
                text.truncate(member);
                return;
            }
            demote(keys[slot], text, valueFrom[slot], valueTo[slot], (unquoted & bit) != 0, offset);
            unquoted &= ~bit;
            holes = true;
        }
        if (field.isNumber() && NumberText.unquote(text, value, field != LogField.DURATION_MS)) {
            unquoted |= bit;
        }
        mask |= bit;
        keys[slot] = found;
        memberFrom[slot] = member;
        valueFrom[slot] = value;
        valueTo[slot] = text.length();
        text.raw((byte) ',');
    }

    /** Moves a field that another key gives to the rest, under its own key. */
    void demote(LogField field) throws OtlpSyntaxException {
        int slot = field.ordinal();
        demote(keys[slot], textOf(1 << slot), valueFrom[slot], valueTo[slot], false, 0);
        mask &= ~(1 << slot);
        holes = true;
    }

    private void demote(int found, JsonWriter text, int from, int to, boolean quoted, int offset)
            throws OtlpSyntaxException {
        if (found == OWN) {
            return;
        }
        byte[] key = LogField.key(found);
        if (openRest(key, 0, key.length, offset)) {
            value(text, from, to, quoted, rest);
        }
    }

    private static void value(JsonWriter text, int from, int to, boolean quoted, JsonWriter out) {
        if (quoted) {
            out.raw((byte) '"');
        }
        out.raw(text.bytes(), from, to);
        if (quoted) {
            out.raw((byte) '"');
        }
    }

    /** Writes the members of the fields that {@code lost} names under their own keys; for a level that is not to change. */
    void writeLost(int lost, JsonWriter out) {
        for (int bits = lost; bits != 0; bits &= bits - 1) {
            int slot = Integer.numberOfTrailingZeros(bits);
            if (out.bytes()[out.length() - 1] != '{') {
                out.raw((byte) ',');
            }
            byte[] key = LogField.key(keys[slot]);
            out.string(key, 0, key.length).raw((byte) ':');
            value(textOf(1 << slot), valueFrom[slot], valueTo[slot], (unquoted & 1 << slot) != 0, out);
        }
    }

    /** Writes the members of the fields that {@code wanted} names, each with a comma behind it. */
    void writeFields(int wanted, boolean httpParts, JsonWriter out) {
        int group = httpParts ? LogField.HTTP_PARTS : ~LogField.HTTP_PARTS;
        int given = mask & group & wanted;
        JsonWriter text = httpParts ? http : known;
        if (given == (mask & group) && !holes) {
            out.raw(text.bytes(), 0, text.length());
            return;
        }
        for (int bits = given; bits != 0; bits &= bits - 1) {
            int slot = Integer.numberOfTrailingZeros(bits);
            out.raw(text.bytes(), memberFrom[slot], valueTo[slot]).raw((byte) ',');
        }
    }

    private boolean openRest(byte[] key, int from, int to, int offset) throws OtlpSyntaxException {
        if (restNames.isFull()) {
            throw new OtlpSyntaxException(OtlpProblem.TOO_MANY_MEMBERS, offset);
        }
        int start = rest.length();
        if (start > 0) {
            rest.raw((byte) ',');
        }
        int quote = rest.length();
        rest.string(key, from, to);
        if (!restNames.add(rest, quote + 1, rest.length() - 1)) {
            rest.truncate(start);
            return false;
        }
        rest.raw((byte) ':');
        return true;
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
