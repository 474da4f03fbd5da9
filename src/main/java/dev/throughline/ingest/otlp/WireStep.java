package dev.throughline.ingest.otlp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One thing that comes in a record on the protobuf wire, told by all of it that is not a value: its tag, an attribute's key, the kind of
 * the value. Steps form a tree: what came after this one, the last time first. The end of a record that was learned has its
 * {@link RecordTemplate}.
 */
final class WireStep {
    /** A whole field, byte by byte. */
    static final int LITERAL = 0;
    /** The end of a nested message. */
    static final int LEAVE = 1;
    /** A field of a message. */
    static final int FIELD = 2;
    /** A field that is an {@code AnyValue}. */
    static final int VALUE = 3;
    /** A field that is a {@code KeyValue}. */
    static final int ENTRY = 4;

    /** What a field, value or entry holds. */
    static final int TEXT = 0;

    static final int ID = 1;
    static final int EIGHT_BYTES = 2;
    static final int INTEGER = 3;
    static final int REAL = 4;
    /** A message whose fields are steps of their own. */
    static final int NESTED = 5;

    private static final int SUCCESSORS_MAX = 12;

    private final int form;
    private final int holds;
    /** LITERAL: the field. ENTRY: the key with its tag and length, and the tag of the value. */
    private final byte[] label;

    private final byte tag;
    /** VALUE, ENTRY: the tag of the kind of value. */
    private final byte kind;
    /** Whether only a text in the shape of an error code fits. */
    private final boolean errorCode;

    private @Nullable WireStep[] successors = new @Nullable WireStep[2];
    private int count;
    private @Nullable RecordTemplate template;

    WireStep(int form, int holds, byte tag, byte kind, byte[] label, boolean errorCode) {
        this.form = form;
        this.holds = holds;
        this.tag = tag;
        this.kind = kind;
        this.label = label;
        this.errorCode = errorCode;
    }

    static WireStep root() {
        return literal(new byte[0]);
    }

    static WireStep literal(byte[] field) {
        return new WireStep(LITERAL, TEXT, (byte) 0, (byte) 0, field, false);
    }

    static WireStep leave() {
        return new WireStep(LEAVE, TEXT, (byte) 0, (byte) 0, new byte[0], false);
    }

    int holds() {
        return holds;
    }

    /** Whether it gives a value: an item. */
    boolean isItem() {
        return form >= FIELD && holds != NESTED;
    }

    @Nullable
    RecordTemplate template() {
        return template;
    }

    void template(RecordTemplate learned) {
        template = learned;
    }

    /** The step after this one that fits at the cursor, which is then behind it; null where none does. */
    @Nullable
    WireStep follow(WireCursor cursor) {
        for (int i = 0; i < count; i++) {
            WireStep next = successors[i];
            if (next != null && next.matches(cursor)) {
                if (i > 0) {
                    successors[i] = successors[i - 1];
                    successors[i - 1] = next;
                }
                return next;
            }
        }
        return null;
    }

    /** The equal step after this one, which is added where there is none; null where there is no room. */
    @Nullable
    WireStep add(WireStep step) {
        for (int i = 0; i < count; i++) {
            WireStep known = successors[i];
            if (known != null && known.isSame(step)) {
                return known;
            }
        }
        if (count == SUCCESSORS_MAX) {
            return null;
        }
        if (count == successors.length) {
            successors = Arrays.copyOf(successors, Math.min(SUCCESSORS_MAX, count * 2));
        }
        successors[count++] = step;
        return step;
    }

    private boolean isSame(WireStep o) {
        return form == o.form
                && holds == o.holds
                && tag == o.tag
                && kind == o.kind
                && errorCode == o.errorCode
                && Arrays.equals(label, o.label);
    }

    /** Whether it stands at the cursor, which is then behind it; where it does not, the cursor may be anywhere before its end. */
    boolean matches(WireCursor cursor) {
        if (form == ENTRY) {
            return entry(cursor);
        }
        if (form == LITERAL) {
            return cursor.passLiteral(label);
        }
        if (form == LEAVE) {
            return cursor.leave();
        }
        byte[] bytes = cursor.bytes;
        int at = cursor.at;
        if (at >= cursor.end || bytes[at] != tag) {
            return false;
        }
        if (holds == EIGHT_BYTES) {
            return cursor.eightBytes(at + 1);
        }
        long length = cursor.length(at + 1, cursor.end);
        if (length < 0) {
            return false;
        }
        return form == FIELD
                ? content((int) length, WireCursor.end(length), cursor, true)
                : value((int) length, WireCursor.end(length), cursor);
    }

    private boolean entry(WireCursor cursor) {
        byte[] bytes = cursor.bytes;
        int at = cursor.at;
        int valueAt = at + 2 + label.length;
        if (cursor.end - valueAt < 3 || bytes[at] != tag) {
            return cursor.end > at && bytes[at] == tag && longEntry(cursor);
        }
        int length = bytes[at + 1];
        int valueLength = bytes[valueAt];
        if (length != valueLength + label.length + 1 || valueLength < 2) {
            return longEntry(cursor);
        }
        // All lengths are of one byte, and fit.
        int end = valueAt + 1 + valueLength;
        if (end > cursor.end || bytes[valueAt + 1] != kind || !cursor.isAt(label, at + 2)) {
            return false;
        }
        if (holds == TEXT && !errorCode) {
            return bytes[valueAt + 2] == valueLength - 2 && cursor.pass(valueAt + 3, end);
        }
        return value(valueAt + 1, end, cursor);
    }

    private boolean longEntry(WireCursor cursor) {
        int at = cursor.at;
        long length = cursor.length(at + 1, cursor.end);
        if (length < 0) {
            return false;
        }
        int from = (int) length;
        int end = WireCursor.end(length);
        int valueAt = from + label.length;
        if (valueAt > end || !cursor.isAt(label, from)) {
            return false;
        }
        long valueLength = cursor.length(valueAt, end);
        return valueLength >= 0 && WireCursor.end(valueLength) == end && value((int) valueLength, end, cursor);
    }

    /** An {@code AnyValue} from {@code at} to {@code end} that is this one field. */
    private boolean value(int at, int end, WireCursor cursor) {
        if (at >= end || cursor.bytes[at] != kind) {
            return false;
        }
        if (holds == INTEGER) {
            return cursor.integer(at + 1, end);
        }
        if (holds == REAL) {
            return cursor.real(at + 1, end);
        }
        long length = cursor.length(at + 1, end);
        return length >= 0 && WireCursor.end(length) == end && content((int) length, end, cursor, false);
    }

    private boolean content(int from, int end, WireCursor cursor, boolean own) {
        if (holds == NESTED) {
            return cursor.enter(from, end);
        }
        if (holds == ID ? !cursor.isGiven(from, end) : own && from == end) {
            return false;
        }
        if (errorCode && !ErrorCodeShape.matches(cursor.bytes, from, end)) {
            return false;
        }
        return cursor.pass(from, end);
    }

    @Override
    public String toString() {
        return "WireStep[" + form + ", " + holds + ", " + count + " after it]";
    }
}
