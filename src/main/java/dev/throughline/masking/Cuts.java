package dev.throughline.masking;

import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.JsonWriter;
import java.util.Arrays;

/** Changes to one document in the order of its text, kept apart until the whole record is masked. Reused, not thread-safe. */
final class Cuts {
    private int count;
    private int[] from = new int[16];
    private int[] to = new int[16];
    private int[] textEnd = new int[16];
    private final JsonWriter text = new JsonWriter(256);

    void reset() {
        count = 0;
        text.reset();
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Where the replacement of the next {@link #add} is written. */
    JsonWriter text() {
        return text;
    }

    /** Replaces {@code [start, stop)} by what was written to {@link #text()} since the last one. */
    void add(int start, int stop) {
        if (count == from.length) {
            from = Arrays.copyOf(from, count * 2);
            to = Arrays.copyOf(to, count * 2);
            textEnd = Arrays.copyOf(textEnd, count * 2);
        }
        from[count] = start;
        to[count] = stop;
        textEnd[count++] = text.length();
    }

    void moveTo(Edits edits) {
        int textFrom = 0;
        for (int i = 0; i < count; i++) {
            edits.replace(from[i], to[i], text.bytes(), textFrom, textEnd[i]);
            textFrom = textEnd[i];
        }
    }

    /** Copies {@code [start, stop)} with the changes made. */
    void render(byte[] source, int start, int stop, JsonWriter out) {
        int at = start;
        int textFrom = 0;
        for (int i = 0; i < count; i++) {
            out.raw(source, at, from[i]);
            out.raw(text.bytes(), textFrom, textEnd[i]);
            textFrom = textEnd[i];
            at = to[i];
        }
        out.raw(source, at, stop);
    }
}
