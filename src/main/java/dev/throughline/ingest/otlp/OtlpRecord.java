package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;

/**
 * One record of a request as it is handed on: its document, and where in the body it came from. A view that is moved from record
 * to record; document and body are borrowed until the callback returns. The content is unmasked.
 *
 * <p>A record id is best taken over the document: it holds all that was received of record, scope and resource, so that equal
 * records of two hosts stay two. A refused record has no document: its id is taken over its range of the body.
 */
public final class OtlpRecord {
    private Signal signal = Signal.LOG;
    private byte[] source = new byte[0];
    private byte[] document = new byte[0];
    private int documentTo;
    private int sourceFrom;
    private int sourceTo;
    private int index;
    private int points;
    private boolean parsed;

    void begin(Signal kind, int number, byte[] body, int from, int to) {
        signal = kind;
        source = body;
        index = number;
        sourceFrom = from;
        sourceTo = to;
        documentTo = 0;
        points = 1;
        parsed = false;
    }

    void ready(byte[] bytes, int to, int dataPoints) {
        document = bytes;
        documentTo = to;
        points = dataPoints;
    }

    void parsed(JsonTape tape) {
        document = tape.bytes();
        documentTo = tape.end(0);
        parsed = true;
    }

    /** Whether the document stands on the decoder's tape already. */
    public boolean isParsed() {
        return parsed;
    }

    public Signal signal() {
        return signal;
    }

    /** The place in the request, from 0 over all resources and scopes. */
    public int index() {
        return index;
    }

    /** Holds the document from 0 to {@link #documentTo()}. */
    public byte[] document() {
        return document;
    }

    public int documentTo() {
        return documentTo;
    }

    /** The body. */
    public byte[] source() {
        return source;
    }

    /** First byte of the record's own message, or JSON object, in the body. */
    public int sourceFrom() {
        return sourceFrom;
    }

    public int sourceTo() {
        return sourceTo;
    }

    /** What OTLP counts refusals in: a metric's data points; 1 for a log or span. */
    public int points() {
        return points;
    }

    @Override
    public String toString() {
        return "OtlpRecord[" + signal + " " + index + ", " + documentTo + " bytes]";
    }
}
