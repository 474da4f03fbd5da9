package dev.throughline.telemetry;

import java.util.Arrays;

/**
 * What is to change in a record's text while it is written out: ranges of the source and the text that takes their place, in
 * the order of the source. Replacement text goes into the JSON as it stands: the caller escapes it. Reused, not thread-safe.
 */
public final class Edits {
    private int count;
    private int[] from = new int[16];
    private int[] to = new int[16];
    private int[] textFrom = new int[16];
    private int[] textTo = new int[16];
    private final JsonWriter text = new JsonWriter(256);
    /** For each field that was inserted, where its text starts and ends in {@link #text}; -1 where it was not. */
    private final int[] insertedFrom = new int[Field.count()];

    private final int[] insertedTo = new int[Field.count()];
    private boolean inserts;

    public Edits() {
        reset();
    }

    public void reset() {
        count = 0;
        text.reset();
        inserts = false;
        Arrays.fill(insertedFrom, -1);
    }

    public int count() {
        return count;
    }

    public int from(int edit) {
        return from[edit];
    }

    public int to(int edit) {
        return to[edit];
    }

    public int textLength(int edit) {
        return textTo[edit] - textFrom[edit];
    }

    /** Replaces {@code [start, stop)} of the source; an empty range inserts. */
    public void replace(int start, int stop, byte[] replacement) {
        replace(start, stop, replacement, 0, replacement.length);
    }

    /**
     * Replaces {@code [start, stop)} of the source. Edits may come in any order; two inserts at one place keep theirs.
     *
     * @throws IllegalStateException where it overlaps another edit
     */
    public void replace(int start, int stop, byte[] replacement, int replacementFrom, int replacementTo) {
        if (count == from.length) {
            grow();
        }
        int at = count;
        while (at > 0 && (from[at - 1] > start || (from[at - 1] == start && to[at - 1] > stop))) {
            at--;
        }
        if ((at > 0 && to[at - 1] > start) || (at < count && from[at] < stop)) {
            throw new IllegalStateException("edits overlap");
        }
        int tail = count - at;
        if (tail > 0) {
            System.arraycopy(from, at, from, at + 1, tail);
            System.arraycopy(to, at, to, at + 1, tail);
            System.arraycopy(textFrom, at, textFrom, at + 1, tail);
            System.arraycopy(textTo, at, textTo, at + 1, tail);
        }
        from[at] = start;
        to[at] = stop;
        textFrom[at] = text.length();
        text.raw(replacement, replacementFrom, replacementTo);
        textTo[at] = text.length();
        count++;
    }

    /**
     * Inserts a member that holds a field; its text is found again by the frame's slot.
     *
     * @param at where in the source: after the opening brace
     * @param member the member as written, its comma included
     * @param valueFrom where in {@code member} the field's own text starts
     */
    public void insertField(Field field, int at, byte[] member, int valueFrom, int valueTo) {
        replaceByField(field, at, at, member, valueFrom, valueTo);
    }

    /** Puts what holds a field in the place of {@code [start, stop)}. */
    public void replaceByField(Field field, int start, int stop, byte[] member, int valueFrom, int valueTo) {
        int before = text.length();
        replace(start, stop, member);
        insertedFrom[field.ordinal()] = before + valueFrom;
        insertedTo[field.ordinal()] = before + valueTo;
        inserts = true;
    }

    private void grow() {
        int capacity = count * 2;
        from = Arrays.copyOf(from, capacity);
        to = Arrays.copyOf(to, capacity);
        textFrom = Arrays.copyOf(textFrom, capacity);
        textTo = Arrays.copyOf(textTo, capacity);
    }

    /** The length of {@code [start, stop)} after all edits. */
    int lengthAfter(int start, int stop) {
        int length = stop - start;
        for (int i = 0; i < count; i++) {
            length += textLength(i) - (to[i] - from[i]);
        }
        return length;
    }

    /** Copies {@code [start, stop)} of {@code source} with all edits applied; returns the offset after it. */
    int write(byte[] source, int start, int stop, byte[] target, int targetOffset) {
        int out = targetOffset;
        int at = start;
        byte[] replacements = text.bytes();
        for (int i = 0; i < count; i++) {
            System.arraycopy(source, at, target, out, from[i] - at);
            out += from[i] - at;
            System.arraycopy(replacements, textFrom[i], target, out, textLength(i));
            out += textLength(i);
            at = to[i];
        }
        System.arraycopy(source, at, target, out, stop - at);
        return out + stop - at;
    }

    /** Where the source offset at which a slot starts lies after the edits. */
    int mapStart(int offset) {
        int mapped = offset;
        for (int i = 0; i < count && to[i] <= offset; i++) {
            mapped += textLength(i) - (to[i] - from[i]);
        }
        return mapped;
    }

    /** Where the source offset at which a slot ends lies after the edits: what is inserted there is not part of it. */
    int mapEnd(int offset) {
        int mapped = offset;
        for (int i = 0; i < count && from[i] < offset; i++) {
            mapped += textLength(i) - (to[i] - from[i]);
        }
        return mapped;
    }

    boolean inserts(int field) {
        return inserts && insertedFrom[field] >= 0;
    }

    /** Where an inserted field's text starts after the edits. */
    int insertedStart(int field) {
        int shift = 0;
        for (int i = 0; i < count; i++) {
            if (insertedFrom[field] >= textFrom[i] && insertedFrom[field] < textTo[i]) {
                return from[i] + shift + insertedFrom[field] - textFrom[i];
            }
            shift += textLength(i) - (to[i] - from[i]);
        }
        throw new IllegalStateException("inserted field without an edit");
    }

    int insertedLength(int field) {
        return insertedTo[field] - insertedFrom[field];
    }

    @Override
    public String toString() {
        return "Edits[" + count + "]";
    }
}
