package dev.throughline.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The short way from JSON text to its tape, for records whose structure one before had: senders write the same members in the same order
 * with the same blanks. What is known is a tree of steps: the text up to a value, which is compared, and the value, whose end is looked
 * for. Only values of plain ASCII are taken; all else is parsed. Bounded; not thread-safe.
 */
final class TextSteps {
    private static final int SUCCESSORS_MAX = 12;
    private static final int STEPS_MAX = 8_192;
    private static final int VALUES_MAX = 126;
    private static final int BYTES_MAX = 16 << 10;

    private final LearningPace pace = new LearningPace();
    private final int stringBytesMax;
    private final int[] partStarts = new int[VALUES_MAX + 2];
    private final int[] marks = new int[VALUES_MAX + 2];
    private Step root = new Step(new byte[0], false);
    private int steps;

    /** Text that is always the same, and what comes after it: a string's content, a number, or nothing. */
    private static final class Step {
        final byte[] text;
        final boolean number;

        @Nullable
        Step[] successors = new @Nullable Step[2];

        int count;
        /** Where the record ends with this text. */
        @Nullable
        DocumentTemplate template;

        Step(byte[] text, boolean number) {
            this.text = text;
            this.number = number;
        }

        @Nullable
        Step follow(byte[] source, int at, int end) {
            for (int i = 0; i < count; i++) {
                Step next = successors[i];
                if (next != null && next.isAt(source, at, end)) {
                    if (i > 0) {
                        successors[i] = successors[i - 1];
                        successors[i - 1] = next;
                    }
                    return next;
                }
            }
            return null;
        }

        private boolean isAt(byte[] source, int at, int end) {
            int length = text.length;
            if (end - at < length) {
                return false;
            }
            if (length < Long.BYTES) {
                return Arrays.equals(text, 0, length, source, at, at + length);
            }
            int last = length - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                if (JsonWriter.word(text, i) != JsonWriter.word(source, at + i)) {
                    return false;
                }
            }
            return JsonWriter.word(text, last) == JsonWriter.word(source, at + last);
        }

        /** The equal step after this one, or null where there is none. */
        @Nullable
        Step known(Step step) {
            for (int i = 0; i < count; i++) {
                Step next = successors[i];
                if (next != null && next.number == step.number && Arrays.equals(next.text, step.text)) {
                    return next;
                }
            }
            return null;
        }
    }

    TextSteps(int stringBytesMax) {
        this.stringBytesMax = stringBytesMax;
    }

    /** Puts the record at {@code from} on the tape: the offset after it, or -1 where it is to be parsed. */
    int match(byte[] source, int from, int to, JsonTape tape) {
        Step step = root;
        int at = from;
        for (int value = 0; value <= VALUES_MAX; value++) {
            step = step.follow(source, at, to);
            if (step == null) {
                return -1;
            }
            partStarts[value] = at;
            at += step.text.length;
            DocumentTemplate found = step.template;
            if (found != null) {
                finish(found, source, tape);
                return at;
            }
            int end = step.number ? numberEnd(source, at, to, value) : stringEnd(source, at, to, value);
            if (end < 0) {
                return -1;
            }
            at = end;
        }
        return -1;
    }

    private int numberEnd(byte[] source, int at, int to, int value) {
        if (at >= to) {
            return -1;
        }
        long read = NumberLiteral.read(source, at, to);
        int end = NumberLiteral.end(read);
        marks[value] = NumberLiteral.isInteger(read) ? 0 : JsonTape.NOT_INTEGER;
        return NumberLiteral.problem(read) == null && end - at <= NumberLiteral.BYTES_MAX ? end : -1;
    }

    /** Where the closing quote is, if what comes before it is plain. */
    private int stringEnd(byte[] source, int from, int to, int value) {
        marks[value] = 0;
        for (int at = from; to - at >= Long.BYTES; at += Long.BYTES) {
            long stops = StopBits.stops(source, at);
            if (stops != 0) {
                int end = at + (Long.numberOfTrailingZeros(stops) >>> 3);
                return source[end] == '"' && end - from <= stringBytesMax ? end : -1;
            }
        }
        return -1;
    }

    private void finish(DocumentTemplate found, byte[] source, JsonTape tape) {
        int[] partAt = found.partAt;
        for (int part = 0; part < partAt.length; part++) {
            partStarts[part] -= partAt[part];
        }
        tape.fill(found, source, partStarts, marks);
    }

    /** Notes that the record on the tape had to be parsed: one of many is learned. */
    void missed(JsonTape tape) {
        boolean full = steps >= STEPS_MAX;
        if (tape.kind(0) != JsonTape.OBJECT || tape.end(0) - tape.start(0) > BYTES_MAX || !pace.isDue(full)) {
            return;
        }
        if (pace.isToForget(full)) {
            root = new Step(new byte[0], false);
            steps = 0;
            pace.forgot();
        }
        boolean learned = false;
        try {
            learned = learn(tape);
        } finally {
            long memory = 2L * (tape.end(0) - tape.start(0)) + DocumentTemplate.bytesOf(tape);
            pace.tried(learned, memory); // Whatever went wrong is not tried again with the next record.
        }
    }

    private boolean learn(JsonTape tape) {
        int[] slots = new int[tape.size()];
        int count = 0;
        for (int node = 0; node < tape.size(); node++) {
            int kind = tape.kind(node);
            if (kind == JsonTape.STRING || kind == JsonTape.NUMBER) {
                slots[count++] = node;
            }
        }
        DocumentTemplate template = count == 0 ? null : DocumentTemplate.of(tape, Arrays.copyOf(slots, count));
        if (template == null) {
            return false;
        }
        Step step = root;
        for (int part = 0; part <= count; part++) {
            byte[] text = Arrays.copyOfRange(template.text, template.partFrom[part], template.partFrom[part + 1]);
            Step next = new Step(text, part < count && tape.kind(slots[part]) == JsonTape.NUMBER);
            if (part == count) {
                next.template = template;
            }
            Step known = step.known(next);
            if (known == null) {
                if (step.count == SUCCESSORS_MAX) {
                    return false;
                }
                if (step.count == step.successors.length) {
                    step.successors = Arrays.copyOf(step.successors, Math.min(SUCCESSORS_MAX, step.count * 2));
                }
                step.successors[step.count++] = next;
                steps++;
                known = next;
            }
            step = known;
        }
        return true;
    }

    @Override
    public String toString() {
        return "TextSteps[" + steps + ", " + pace + "]";
    }
}
