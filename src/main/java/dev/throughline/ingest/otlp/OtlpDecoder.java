package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.Signal;

/**
 * Export requests of OTLP to documents, one record after the other. Logs become {@code integration-log/v1} objects, spans and
 * metrics compact OTLP/JSON. Both encodings give the same documents. Reused by one worker; not thread-safe.
 */
public final class OtlpDecoder {
    /** Room for a document that is kept between requests. */
    private static final int DOCUMENT_BYTES_KEPT = 1 << 20;

    private final OtlpLimits limits;
    private JsonWriter out = new JsonWriter(0);
    private ProtobufRequests protobuf;
    private JsonRequests json;

    public OtlpDecoder(OtlpLimits limits) {
        this.limits = limits;
        LogDocument log = new LogDocument();
        CompactDocument document = begin();
        this.protobuf = new ProtobufRequests(limits, log, document);
        this.json = new JsonRequests(limits, log, document);
    }

    private CompactDocument begin() {
        out = new JsonWriter(4_096);
        return new CompactDocument(out);
    }

    /** Reads {@code ExportLogsServiceRequest}, {@code ExportTraceServiceRequest} or {@code ExportMetricsServiceRequest}. */
    public OtlpDecoded decodeProtobuf(Signal signal, byte[] body, int from, int to, OtlpRecords records) {
        requireOtlp(signal);
        try {
            return new OtlpDecoded.Complete(protobuf.decode(signal, body, from, to, records));
        } catch (OtlpSyntaxException e) {
            return new OtlpDecoded.Failed(e.problem(), e.offset() - from);
        } finally {
            shrink();
        }
    }

    /** Reads the same requests in OTLP/JSON. */
    public OtlpDecoded decodeJson(Signal signal, byte[] body, int from, int to, OtlpRecords records) {
        requireOtlp(signal);
        try {
            return new OtlpDecoded.Complete(json.decode(signal, body, from, to, records));
        } catch (OtlpSyntaxException e) {
            return new OtlpDecoded.Failed(e.problem(), e.offset() - from);
        } finally {
            shrink();
        }
    }

    private static void requireOtlp(Signal signal) {
        if (signal == Signal.QUARANTINE_ENTRY) {
            throw new IllegalArgumentException("OTLP has no " + signal);
        }
    }

    /** After a record far larger than usual, starts over with small buffers. */
    private void shrink() {
        if (out.bytes().length > DOCUMENT_BYTES_KEPT) {
            LogDocument log = new LogDocument();
            CompactDocument document = begin();
            protobuf = new ProtobufRequests(limits, log, document);
            json = new JsonRequests(limits, log, document);
        }
    }

    @Override
    public String toString() {
        return "OtlpDecoder";
    }
}
