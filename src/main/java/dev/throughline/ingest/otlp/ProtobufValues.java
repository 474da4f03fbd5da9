package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;
import java.util.Arrays;

/** {@code AnyValue}, {@code KeyValue} and texts on the protobuf wire. A reference is the offset of a length prefix. */
final class ProtobufValues implements ValueSource {
    private static final int KEY = ProtobufReader.tag(1, ProtobufReader.LENGTH_DELIMITED);
    private static final int VALUE = ProtobufReader.tag(2, ProtobufReader.LENGTH_DELIMITED);
    private static final int ITEM = ProtobufReader.tag(1, ProtobufReader.LENGTH_DELIMITED);

    private static final int STRING = ProtobufReader.tag(1, ProtobufReader.LENGTH_DELIMITED);
    private static final int BOOL = ProtobufReader.tag(2, ProtobufReader.VARINT);
    private static final int INT = ProtobufReader.tag(3, ProtobufReader.VARINT);
    private static final int DOUBLE = ProtobufReader.tag(4, ProtobufReader.EIGHT_BYTES);
    private static final int ARRAY = ProtobufReader.tag(5, ProtobufReader.LENGTH_DELIMITED);
    private static final int ENTRIES = ProtobufReader.tag(6, ProtobufReader.LENGTH_DELIMITED);
    private static final int BYTES = ProtobufReader.tag(7, ProtobufReader.LENGTH_DELIMITED);

    private final ProtobufReader reader;
    private final CompactValues compact;
    private final int depthMax;
    private int bodyEnd;
    private int depth;

    private int keyFrom;
    private int keyTo;
    private int valueRef;

    ProtobufValues(ProtobufReader reader, CompactValues compact, int depthMax) {
        this.reader = reader;
        this.compact = compact;
        this.depthMax = depthMax;
    }

    /** Starts a body that ends at {@code to}. */
    void begin(int to) {
        bodyEnd = to;
        reset();
    }

    /** Forgets what an error left open. */
    void reset() {
        depth = 0;
        compact.reset();
    }

    @Override
    public boolean isUnset(int ref) throws OtlpSyntaxException {
        if (ref == NONE) {
            return true;
        }
        reader.seek(ref);
        int end = reader.end(bodyEnd);
        return end == reader.at();
    }

    @Override
    public void text(int ref, JsonWriter out) throws OtlpSyntaxException {
        reader.seek(ref);
        int end = reader.end(bodyEnd);
        out.string(reader.bytes(), reader.at(), end);
        reader.seek(end);
    }

    @Override
    public boolean id(int ref, JsonWriter out) throws OtlpSyntaxException {
        reader.seek(ref);
        int end = reader.end(bodyEnd);
        int from = reader.at();
        reader.seek(end);
        for (int at = from; at < end; at++) {
            if (reader.bytes()[at] != 0) {
                hex(from, end, out);
                return true;
            }
        }
        return false;
    }

    void hex(int from, int to, JsonWriter out) {
        out.raw((byte) '"').hex(reader.bytes(), from, to).raw((byte) '"');
    }

    @Override
    public void value(int ref, JsonWriter out) throws OtlpSyntaxException {
        if (ref == NONE) {
            out.raw(CompactValues.NULL);
            return;
        }
        reader.seek(ref);
        int end = reader.end(bodyEnd);
        any(end, out);
        reader.seek(end);
    }

    /** The value whose message starts at the reader and ends at {@code end}; of several, the last one counts. */
    private void any(int end, JsonWriter out) throws OtlpSyntaxException {
        int from = reader.at();
        if (from < end && reader.bytes()[from] == STRING) {
            reader.seek(from + 1);
            int to = reader.end(end);
            if (to == end) {
                out.string(reader.bytes(), reader.at(), to);
                return;
            }
            reader.seek(from);
        }
        scanned(end, out);
    }

    private static boolean isValue(int tag) {
        return tag == STRING
                || tag == BOOL
                || tag == INT
                || tag == DOUBLE
                || tag == ARRAY
                || tag == ENTRIES
                || tag == BYTES;
    }

    private void scanned(int end, JsonWriter out) throws OtlpSyntaxException {
        int last = 0;
        int payload = 0;
        while (reader.at() < end) {
            int tag = reader.tag(end);
            int at = reader.at();
            reader.skip(tag, end);
            if (isValue(tag)) {
                last = tag;
                payload = at;
            }
        }
        reader.seek(payload);
        if (last == STRING) {
            int to = reader.end(end);
            out.string(reader.bytes(), reader.at(), to);
        } else if (last == INT) {
            out.number(reader.varint(end));
        } else if (last == BOOL) {
            out.raw(reader.varint(end) != 0 ? CompactValues.TRUE : CompactValues.FALSE);
        } else if (last == DOUBLE) {
            CompactValues.attributeDouble(out, Double.longBitsToDouble(reader.fixed64(end)));
        } else if (last == BYTES) {
            int to = reader.end(end);
            out.ensure(to - reader.at()); // Over the bound it stops here, before the copies.
            CompactValues.bytes(out, Arrays.copyOfRange(reader.bytes(), reader.at(), to));
        } else if (last == 0) {
            out.raw(CompactValues.NULL);
        } else {
            nested(last, reader.end(end), out);
        }
    }

    private void nested(int tag, int end, JsonWriter out) throws OtlpSyntaxException {
        if (++depth > depthMax) {
            throw new OtlpSyntaxException(OtlpProblem.TOO_DEEP, reader.at());
        }
        if (tag == ARRAY) {
            array(end, out);
        } else {
            compact.openObject(out);
            while (reader.at() < end) {
                if (nextItem(end)) {
                    entry(reader.end(end), true, out);
                }
            }
            compact.closeObject(out);
        }
        depth--;
    }

    private void array(int end, JsonWriter out) throws OtlpSyntaxException {
        out.raw((byte) '[');
        boolean first = true;
        while (reader.at() < end) {
            if (nextItem(end)) {
                if (!first) {
                    out.raw((byte) ',');
                }
                first = false;
                int itemEnd = reader.end(end);
                any(itemEnd, out);
                reader.seek(itemEnd);
            }
        }
        out.raw((byte) ']');
    }

    /** Whether the next field is an item of the list; anything else is passed over. */
    private boolean nextItem(int end) throws OtlpSyntaxException {
        int tag = reader.tag(end);
        if (tag == ITEM) {
            return true;
        }
        reader.skip(tag, end);
        return false;
    }

    /** A {@code KeyValue} from the reader to {@code end} as a member of the open object. */
    void entry(int end, boolean dollarDoubled, JsonWriter out) throws OtlpSyntaxException {
        readEntry(end);
        int ref = valueRef;
        if (compact.member(out, reader.bytes(), keyFrom, keyTo, dollarDoubled, keyFrom)) {
            value(ref, out);
        }
        reader.seek(end);
    }

    /** A {@code KeyValue} from the reader to {@code end} as an attribute of a log. */
    void attribute(int end, LogAttributes attributes) throws OtlpSyntaxException {
        readEntry(end);
        attributes.add(reader.bytes(), keyFrom, keyTo, this, valueRef, keyFrom);
        reader.seek(end);
    }

    private void readEntry(int end) throws OtlpSyntaxException {
        keyFrom = reader.at();
        keyTo = keyFrom;
        valueRef = NONE;
        while (reader.at() < end) {
            int tag = reader.tag(end);
            if (tag == KEY) {
                keyTo = reader.end(end);
                keyFrom = reader.at();
                reader.seek(keyTo);
            } else {
                if (tag == VALUE) {
                    valueRef = reader.at();
                }
                reader.skip(tag, end);
            }
        }
    }

    @Override
    public String toString() {
        return "ProtobufValues";
    }
}
