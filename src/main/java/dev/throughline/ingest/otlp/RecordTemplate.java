package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.DocumentTemplate;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.TemplateWriter;

/** How a record of known structure becomes its document: which of its values goes into which slot, and how it is written there. */
final class RecordTemplate {
    /** How a value is written. */
    static final int TEXT = 0;

    static final int HEX = 1;
    static final int TIMESTAMP = 2;
    static final int DECIMAL = 3;
    static final int INTEGER = 4;
    static final int REAL = 5;

    private final DocumentTemplate document;
    /** By slot. */
    private final byte[] items;

    private final byte[] forms;

    RecordTemplate(DocumentTemplate document, byte[] items, byte[] forms) {
        this.document = document;
        this.items = items;
        this.forms = forms;
    }

    /** Writes the document of the record that the cursor has passed, and puts it on the tape; false where a value does not fit. */
    boolean write(WireCursor record, TemplateWriter writer, Timestamps timestamps, int textBytesMax, JsonTape tape) {
        writer.begin(document, record.length());
        byte[] bytes = record.bytes;
        for (int slot = 0; slot < items.length; slot++) {
            writer.next();
            int item = items[slot];
            if (forms[slot] != TEXT) {
                number(record, item, forms[slot], writer, timestamps);
            } else if (!writer.text(bytes, record.from(item), record.to(item), textBytesMax)) {
                return false;
            }
        }
        writer.finish(tape);
        return true;
    }

    private static void number(WireCursor record, int item, int form, TemplateWriter writer, Timestamps timestamps) {
        JsonWriter out = writer.out();
        switch (form) {
            case HEX -> out.hex(record.bytes, record.from(item), record.to(item));
            case TIMESTAMP -> timestamps.writeContent(record.bits(item), out);
            case DECIMAL -> CompactValues.digits(out, record.bits(item), true);
            case INTEGER -> out.number(record.bits(item));
            case REAL -> out.ascii(Double.toString(Double.longBitsToDouble(record.bits(item))));
            default -> throw new IllegalStateException("form " + form);
        }
        writer.written(form != REAL);
    }

    @Override
    public String toString() {
        return "RecordTemplate[" + document + "]";
    }
}
