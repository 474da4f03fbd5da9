package dev.throughline.telemetry;

/**
 * Writes documents from {@link DocumentTemplate}s:
 *
 * <pre>{@code
 * writer.begin(template, bytes);
 * for (each slot) { writer.next(); writer.text(…); or writer.out(), and writer.written() }
 * writer.finish(tape);
 * }</pre>
 *
 * <p>The document is valid until the next one begins. Reused, not thread-safe.
 */
public final class TemplateWriter {
    /** What a slot takes that is no text. */
    private static final int SLOT_BYTES = 32;
    /** A byte as an escape. */
    private static final int ESCAPE_BYTES = 6;

    private final JsonWriter out = new JsonWriter(4_096);
    private final int[] shifts = new int[128];
    private final int[] marks = new int[128];
    private DocumentTemplate template;
    private byte[] target = out.bytes();
    private int at;
    private int part;

    public TemplateWriter(DocumentTemplate first) {
        template = first;
    }

    /**
     * Begins a document.
     *
     * @param bytes what all texts that will be written take at most, before they are escaped
     */
    public void begin(DocumentTemplate of, int bytes) {
        template = of;
        part = 0;
        at = 0;
        out.reset();
        out.ensure(of.text.length + ESCAPE_BYTES * bytes + SLOT_BYTES * of.slots.length + Long.BYTES);
        target = out.bytes();
    }

    /** Goes to the next slot: what stands before it is written. */
    public void next() {
        part();
        marks[part - 1] = 0;
    }

    private void part() {
        DocumentTemplate of = template;
        int which = part++;
        shifts[which] = at - of.partAt[which];
        at = JsonWriter.copyWords(of.text, of.partFrom[which], of.partFrom[which + 1], target, at);
    }

    /** Fills the slot with UTF-8 text, escaped as needed; false where it is not UTF-8 or takes more than so many bytes. */
    public boolean text(byte[] utf8, int from, int to, int bytesMax) {
        if (JsonWriter.copyPlain(utf8, from, to, target, at)) {
            at += to - from;
            return to - from <= bytesMax;
        }
        return mixedText(utf8, from, to, bytesMax);
    }

    private boolean mixedText(byte[] utf8, int from, int to, int bytesMax) {
        int start = at;
        out.truncate(at);
        int found = out.mixedContent(utf8, from, to);
        at = out.length();
        target = out.bytes();
        marks[part - 1] = found;
        return found >= 0 && at - start <= bytesMax;
    }

    /** Fills the slot with what a string has between its quotes in JSON text that was parsed. */
    public void content(JsonTape source, int node) {
        int from = source.start(node);
        int to = source.end(node);
        byte[] bytes = source.bytes();
        if (bytes.length - to >= Long.BYTES) {
            at = JsonWriter.copyWords(bytes, from, to, target, at);
        } else {
            System.arraycopy(bytes, from, target, at, to - from);
            at += to - from;
        }
        marks[part - 1] = source.head(node) & JsonTape.OF_TEXT;
    }

    /** Where a slot's content that is no text is written to, without quotes; {@link #written} comes behind it. */
    public JsonWriter out() {
        out.truncate(at);
        return out;
    }

    /**
     * Takes what was written to {@link #out}.
     *
     * @param integer false for a number with a fraction or exponent
     */
    public void written(boolean integer) {
        at = out.length();
        target = out.bytes();
        marks[part - 1] = integer ? 0 : JsonTape.NOT_INTEGER;
    }

    /** Writes the rest and puts the document on the tape. */
    public void finish(JsonTape tape) {
        part();
        tape.fill(template, target, shifts, marks);
    }

    @Override
    public String toString() {
        return "TemplateWriter[" + at + " bytes]";
    }
}
