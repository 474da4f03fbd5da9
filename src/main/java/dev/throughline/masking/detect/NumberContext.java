package dev.throughline.masking.detect;

/** What the field's name and the words around a number say about it; read once for each number, and only when asked. */
final class NumberContext {
    private static final int UNKNOWN = -1;

    private byte[] text = new byte[0];
    private int to;
    private int floor;
    private int fieldContext;
    private int context;
    private int contextAfter;
    private int contextAt;

    void begin(byte[] source, int end, int field) {
        text = source;
        to = end;
        fieldContext = field;
    }

    /** A number starts at {@code start}; nothing before {@code lowest} counts. */
    void number(int start, int lowest) {
        context = UNKNOWN;
        contextAfter = UNKNOWN;
        contextAt = start;
        floor = lowest;
    }

    int field() {
        return fieldContext;
    }

    boolean says(int bits, int end) {
        return ((fieldContext | context()) & bits) != 0 || (after(end) & bits) != 0;
    }

    int context() {
        if (context == UNKNOWN) {
            context = ContextWords.before(text, contextAt, floor);
        }
        return context;
    }

    int after(int end) {
        if (contextAfter == UNKNOWN) {
            contextAfter = ContextWords.after(text, end, to);
        }
        return contextAfter;
    }

    /** Whether words or a prefix say that this is a number of another kind. */
    boolean isOther(int start) {
        return (fieldContext | context()) == ContextWords.OTHER_NUMBER || isReference(start);
    }

    /** {@code PO-4500012345}, {@code #4500012345}, {@code id_4500012345}. */
    boolean isReference(int start) {
        if (start - 1 < floor) {
            return false;
        }
        byte before = text[start - 1];
        return before == '#' || before == '_' || (before == '-' && start - 2 >= floor && Chars.alnum(text[start - 2]));
    }
}
