package dev.throughline.ingest;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import org.jspecify.annotations.Nullable;

/**
 * Splits a body of JSON events into records, whatever its framing: one object, an array, concatenated objects, NDJSON, or a mix.
 * The framing is seen from the bytes, not believed from a header. One bad line does not refuse the lines around it; what is not
 * JSON at all refuses the request. Reused by one worker.
 */
final class EventReader {
    private final JsonTape tape;
    private final int recordsMax;
    private int records;
    private int readable;
    private @Nullable JsonSyntaxException first;

    /** Receives the records in order. */
    interface Sink {
        /** A record stands on the tape; its bytes are {@code [from, to)} of the body. */
        void record(byte[] body, int from, int to);

        /** What should be a record at {@code from} is not one. */
        void unreadable(JsonSyntaxException why, byte[] body, int from, int to);
    }

    EventReader(JsonTape tape, int recordsMax) {
        this.tape = tape;
        this.recordsMax = recordsMax;
    }

    /** Reads all; the answer is null where the request can be judged record by record, else its outcome as a whole. */
    @Nullable
    Outcome read(byte[] body, int from, int to, Sink sink) {
        records = 0;
        readable = 0;
        first = null;
        int at = skipByteOrderMark(body, from, to);
        at = JsonTape.skipBlanks(body, at, to);
        while (at < to) {
            at = body[at] == '[' ? array(body, at, to, sink) : value(body, at, to, sink);
            if (at < 0) {
                return malformed();
            }
            if (records > recordsMax) {
                return new Outcome.TooLarge("too_many_records", "A request may have " + recordsMax + " records.");
            }
            at = JsonTape.skipBlanks(body, at, to);
        }
        return records > 0 && readable == 0 && first != null && !first.problem().isBound() ? malformed() : null;
    }

    private Outcome malformed() {
        JsonSyntaxException why = first;
        return new Outcome.Malformed(
                "malformed_json",
                why == null ? "The body is not JSON." : "The body is not JSON: " + why.getMessage() + " of a record.");
    }

    private static int skipByteOrderMark(byte[] body, int from, int to) {
        boolean marked = to - from >= 3
                && body[from] == (byte) 0xEF
                && body[from + 1] == (byte) 0xBB
                && body[from + 2] == (byte) 0xBF;
        return marked ? from + 3 : from;
    }

    private int value(byte[] body, int from, int to, Sink sink) {
        records++;
        try {
            int after = tape.parse(body, from, to);
            readable++;
            sink.record(body, from, after);
            return after;
        } catch (JsonSyntaxException e) {
            note(e);
            int after = endOf(e, body, from, to);
            if (after < 0) {
                after = from;
                while (after < to && body[after] != '\n') {
                    after++;
                }
            }
            sink.unreadable(e, body, from, after);
            return after;
        }
    }

    /** The items of an array as records; -1 where it is not an array to its end. */
    private int array(byte[] body, int from, int to, Sink sink) {
        int at = JsonTape.skipBlanks(body, from + 1, to);
        if (at < to && body[at] == ']') {
            return at + 1;
        }
        while (at < to && records <= recordsMax) {
            records++;
            try {
                int after = tape.parse(body, at, to);
                readable++;
                sink.record(body, at, after);
                at = after;
            } catch (JsonSyntaxException e) {
                note(e);
                int after = endOf(e, body, at, to);
                if (after < 0) {
                    return -1;
                }
                sink.unreadable(e, body, at, after);
                at = after;
            }
            at = JsonTape.skipBlanks(body, at, to);
            if (at < to && body[at] == ']') {
                return at + 1;
            }
            if (at >= to || body[at] != ',') {
                note(new JsonSyntaxException(
                        at < to
                                ? JsonSyntaxException.Problem.UNEXPECTED_CHARACTER
                                : JsonSyntaxException.Problem.UNEXPECTED_END,
                        at - from));
                return -1;
            }
            at++;
        }
        if (records <= recordsMax) {
            note(new JsonSyntaxException(JsonSyntaxException.Problem.UNEXPECTED_END, to - from));
            return -1;
        }
        return to;
    }

    /** Lets the body go. */
    void release() {
        tape.release();
    }

    private void note(JsonSyntaxException e) {
        if (first == null || e.problem() == JsonSyntaxException.Problem.UNEXPECTED_END) {
            first = e;
        }
    }

    /** Where a record ends that is over a bound or has a name twice, so that the ones behind it can be read; -1 where it is not JSON. */
    private static int endOf(JsonSyntaxException why, byte[] body, int from, int to) {
        boolean whole = why.problem().isBound() || why.problem() == JsonSyntaxException.Problem.DUPLICATE_KEY;
        return whole ? ValueEnd.of(body, JsonTape.skipBlanks(body, from, to), to) : -1;
    }
}
