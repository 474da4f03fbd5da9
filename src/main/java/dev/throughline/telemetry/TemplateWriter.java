package dev.throughline.telemetry;

/**
 * Writes documents from {@link DocumentTemplate}s:
 *
 * <pre>{@code
 * writer.begin(template);
 * for (each slot) { writer.next(); writer.text(…) or write to writer.out() and say writer.number(…); }
 * writer.finish(tape);
 * }</pre>
 *
 * <p>The document is valid until the next one begins. Reused, not thread-safe.
 */
public final class TemplateWriter {
    private final JsonWriter out = new JsonWriter(4_096);
    private final int[] shifts = new int[128];
    private final int[] marks = new int[128];
    private DocumentTemplate template;
    private int part;

    public TemplateWriter(DocumentTemplate first) {
        template = first;
    }

    /** Where a slot's content is written to, without quotes. */
    public JsonWriter out() {
        return out;
    }

    public void begin(DocumentTemplate of) {
        template = of;
        part = 0;
        out.reset();
    }

    /** Goes to the next slot: what stands before it is written. */
    public void next() {
        part();
        marks[part - 1] = 0;
    }

    private void part() {
        DocumentTemplate of = template;
        shifts[part] = out.length() - of.partAt[part];
        out.words(of.text, of.partFrom[part], of.partFrom[part + 1]);
        part++;
    }

    /** Fills the slot with UTF-8 text, escaped as needed; false where it is not UTF-8 or takes more than so many bytes. */
    public boolean text(byte[] utf8, int from, int to, int bytesMax) {
        int start = out.length();
        int found = out.content(utf8, from, to);
        marks[part - 1] = found;
        return found >= 0 && out.length() - start <= bytesMax;
    }

    /** Fills the slot with what a string has between its quotes in JSON text that was parsed. */
    public void content(JsonTape source, int node) {
        out.words(source.bytes(), source.start(node), source.end(node));
        marks[part - 1] = source.head(node) & JsonTape.OF_TEXT;
    }

    /** Says that what was written into the slot is a number with a fraction or exponent. */
    public void notInteger() {
        marks[part - 1] = JsonTape.NOT_INTEGER;
    }

    /** Writes the rest and puts the document on the tape. */
    public void finish(JsonTape tape) {
        part();
        tape.fill(template, out.bytes(), shifts, marks);
    }

    @Override
    public String toString() {
        return "TemplateWriter[" + out.length() + " bytes]";
    }
}
