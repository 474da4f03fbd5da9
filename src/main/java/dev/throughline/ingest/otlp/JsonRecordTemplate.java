package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.DocumentTemplate;
import dev.throughline.telemetry.JsonStrings;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.TapeRange;
import dev.throughline.telemetry.TemplateWriter;

/**
 * A record in OTLP/JSON of known structure: its nodes, the texts that must be what they were, and which of its values goes into which
 * slot of its document. Immutable.
 */
final class JsonRecordTemplate {
    /** Digits of a positive number that fits a {@code long} for sure. */
    private static final int DIGITS_MAX = 18;

    private static final int NANOS_DIGITS = 19;

    private final TapeRange structure;
    private final int hash;
    private final DocumentTemplate document;
    /** Values that no slot has, but must fit all the same, come behind those of the slots. */
    private final int[] nodes;

    private final byte[] kinds;

    /** @param nodes by slot, then those that are only checked; counted from the record's node */
    JsonRecordTemplate(TapeRange structure, int hash, DocumentTemplate document, int[] nodes, byte[] kinds) {
        this.structure = structure;
        this.hash = hash;
        this.document = document;
        this.nodes = nodes;
        this.kinds = kinds;
    }

    /** The {@link TapeRange#hash} of records of this structure. */
    int hash() {
        return hash;
    }

    /** Whether the record at a node has this structure. */
    boolean isOf(JsonTape source, int record) {
        return structure.isAt(source, record);
    }

    /** Writes the document of a record of this structure, and puts it on the tape; false where a value does not fit. */
    boolean write(JsonTape source, int record, TemplateWriter writer, Timestamps timestamps, JsonTape onto) {
        int textBytesMax = onto.limits().stringBytesMax();
        int slots = document.slotCount();
        writer.begin(document, source.end(record) - source.start(record));
        for (int i = 0; i < nodes.length; i++) {
            int node = record + nodes[i];
            if (!fits(kinds[i], source, node, textBytesMax)) {
                return false;
            }
            if (i < slots) {
                writer.next();
                if (kinds[i] == JsonRecord.TIMESTAMP) {
                    timestamps.writeContent(nanos(source.bytes(), source.start(node), source.end(node)), writer.out());
                    writer.written(true);
                } else if (!source.isEscaped(node)) {
                    writer.content(source, node);
                } else {
                    byte[] utf8 = JsonStrings.utf8(source.text(node));
                    if (!writer.text(utf8, 0, utf8.length, textBytesMax)) {
                        return false;
                    }
                }
            }
        }
        writer.finish(onto);
        return true;
    }

    private static boolean fits(byte kind, JsonTape source, int node, int textBytesMax) {
        byte[] bytes = source.bytes();
        int from = source.start(node);
        int to = source.end(node);
        return switch (kind) {
            case JsonRecord.TEXT -> to - from <= textBytesMax;
            case JsonRecord.OWN_TEXT -> from < to && to - from <= textBytesMax;
            case JsonRecord.ERROR_CODE -> ErrorCodeShape.matches(bytes, from, to);
            case JsonRecord.ID -> to - from <= textBytesMax && isId(bytes, from, to);
            case JsonRecord.TIMESTAMP -> nanos(bytes, from, to) > 0;
            case JsonRecord.DIGITS -> to - from <= DIGITS_MAX + 1 && nanos(bytes, from, to) > 0;
            case JsonRecord.INTEGER -> isInteger(bytes, from, to);
            default -> throw new IllegalStateException("kind " + kind);
        };
    }

    /** Lower-case hex that is not all zero. */
    private static boolean isId(byte[] text, int from, int to) {
        int given = 0;
        for (int at = from; at < to; at++) {
            byte b = text[at];
            if ((b < '0' || b > '9') && (b < 'a' || b > 'f')) {
                return false;
            }
            given |= b ^ '0';
        }
        return given != 0;
    }

    /** A positive number as it would be written, or 0. */
    private static long nanos(byte[] text, int from, int to) {
        if (from >= to || to - from > NANOS_DIGITS || text[from] == '0') {
            return 0;
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = value * 10 + digit;
        }
        return Math.max(0, value);
    }

    /** As it would be written. */
    private static boolean isInteger(byte[] text, int from, int to) {
        int at = from < to && text[from] == '-' ? from + 1 : from;
        if (to - at > DIGITS_MAX || at == to) {
            return false;
        }
        if (text[at] == '0') {
            return to - from == 1;
        }
        for (; at < to; at++) {
            if (text[at] < '0' || text[at] > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "JsonRecordTemplate[" + structure + "]";
    }
}
