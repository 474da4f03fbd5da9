package dev.throughline.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A document but for the texts of some of its nodes, the slots: the parts of text between them, and the tape. Whoever knows that the next
 * record has the structure of an earlier one writes its texts into a copy ({@link TemplateWriter}) and has document and tape without
 * parsing. A slot is a scalar: the content of a string, or a number. Immutable.
 */
public final class DocumentTemplate {
    /** Larger documents, or ones with more slots, have none. */
    private static final int NODES_MAX = 512;

    private static final int SLOTS_MAX = 126;

    /** The parts one after the other, with room behind them to be read by words. */
    final byte[] text;

    /** Where the part with this index starts in {@link #text}; one more than there are parts. */
    final int[] partFrom;

    /** Where the part starts in the document that the template was made from. */
    final int[] partAt;

    final int[] nodes;

    /** By node: the parts that its offsets move with. */
    final byte[] startPart;

    final byte[] endPart;
    final int[] slots;
    final int namesHash;

    private DocumentTemplate(JsonTape tape, int[] slots) {
        int base = tape.start(0);
        int length = tape.end(0) - base;
        this.slots = slots;
        this.namesHash = tape.namesHash();
        int parts = slots.length + 1;
        partFrom = new int[parts + 1];
        partAt = new int[parts];
        text = new byte[length + Long.BYTES];
        int written = 0;
        int at = 0;
        for (int part = 0; part < parts; part++) {
            int end = part < slots.length ? tape.start(slots[part]) - base : length;
            partAt[part] = at;
            partFrom[part] = written;
            System.arraycopy(tape.bytes(), base + at, text, written, end - at);
            written += end - at;
            at = part < slots.length ? tape.end(slots[part]) - base : length;
        }
        partFrom[parts] = written;
        int count = tape.size();
        nodes = tape.copyOfNodes();
        startPart = new byte[count];
        endPart = new byte[count];
        for (int node = 0; node < count; node++) {
            nodes[node * JsonTape.STRIDE + 1] -= base;
            nodes[node * JsonTape.STRIDE + 2] -= base;
            startPart[node] = (byte) partOf(tape.start(node) - base);
            endPart[node] = (byte) partOf(tape.end(node) - base);
        }
        for (int slot = 0; slot < slots.length; slot++) {
            startPart[slots[slot]] = (byte) slot;
            endPart[slots[slot]] = (byte) (slot + 1);
            nodes[slots[slot] * JsonTape.STRIDE] &= ~(JsonTape.OF_TEXT | JsonTape.NOT_INTEGER);
        }
    }

    private int partOf(int offset) {
        int found = Arrays.binarySearch(partAt, offset);
        return found >= 0 ? found : -found - 2;
    }

    /**
     * The template of the object that stands on the tape; null where it is too large.
     *
     * @param slots strings and numbers, in document order
     */
    public static @Nullable DocumentTemplate of(JsonTape tape, int[] slots) {
        return tape.size() > NODES_MAX || slots.length > SLOTS_MAX ? null : new DocumentTemplate(tape, slots);
    }

    /** About what a template of the document on the tape takes of memory. */
    public static int bytesOf(JsonTape tape) {
        return tape.size() == 0 ? 0 : tape.end(0) - tape.start(0) + (Integer.BYTES * JsonTape.STRIDE + 2) * tape.size();
    }

    /** About what it takes of memory. */
    public int bytes() {
        return text.length + Integer.BYTES * nodes.length + 2 * startPart.length;
    }

    public int slotCount() {
        return slots.length;
    }

    @Override
    public String toString() {
        return "DocumentTemplate[" + startPart.length + " nodes, " + slots.length + " slots]";
    }
}
