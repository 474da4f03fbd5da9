package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonTooLongException;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.LearningPace;
import dev.throughline.telemetry.Signal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Export requests of OTLP to documents, one record after the other. Logs become {@code integration-log/v1} objects, spans and
 * metrics compact OTLP/JSON. Both encodings give the same documents. Reused by one worker; not thread-safe.
 */
public final class OtlpDecoder {
    /** Room for a document that is kept between requests. */
    private static final int DOCUMENT_BYTES_KEPT = 1 << 20;

    private final OtlpLimits limits;
    private final @Nullable ProtobufTemplates protobufTemplates;
    private final @Nullable JsonTemplates jsonTemplates;
    private JsonWriter out = new JsonWriter(0);
    private ProtobufRequests protobuf;
    private JsonRequests json;

    /** A decoder that knows nothing of the records before: every one is written, and then to be parsed. */
    public OtlpDecoder(OtlpLimits limits) {
        this(limits, null);
    }

    /** What templates are learned from. */
    private static final class LongWay {
        final ProtobufRequests protobuf;
        final JsonRequests json;

        LongWay(OtlpLimits limits) {
            LogDocument log = new LogDocument(limits.documentBytesMax());
            CompactDocument document = new CompactDocument(new JsonWriter(4_096, limits.documentBytesMax()));
            protobuf = new ProtobufRequests(limits, log, document, null);
            json = new JsonRequests(limits, log, document, null);
        }
    }

    /** A decoder that puts records of known structure onto this tape, parsed. */
    public OtlpDecoder(OtlpLimits limits, @Nullable JsonTape tape) {
        this(limits, tape, LearningPace::new);
    }

    OtlpDecoder(OtlpLimits limits, @Nullable JsonTape tape, Supplier<LearningPace> pace) {
        this.limits = limits;
        LongWay other = tape == null ? null : new LongWay(limits);
        this.protobufTemplates =
                tape == null || other == null ? null : new ProtobufTemplates(tape, other.protobuf, pace.get());
        this.jsonTemplates = tape == null || other == null ? null : new JsonTemplates(tape, other.json, pace.get());
        LogDocument log = new LogDocument(limits.documentBytesMax());
        CompactDocument document = begin();
        this.protobuf = new ProtobufRequests(limits, log, document, protobufTemplates);
        this.json = new JsonRequests(limits, log, document, jsonTemplates);
    }

    private CompactDocument begin() {
        out = new JsonWriter(4_096, limits.documentBytesMax());
        return new CompactDocument(out);
    }

    /** Reads {@code ExportLogsServiceRequest}, {@code ExportTraceServiceRequest} or {@code ExportMetricsServiceRequest}. */
    public OtlpDecoded decodeProtobuf(Signal signal, byte[] body, int from, int to, OtlpRecords records) {
        requireOtlp(signal);
        try {
            return new OtlpDecoded.Complete(protobuf.decode(signal, body, from, to, records));
        } catch (OtlpSyntaxException e) {
            return new OtlpDecoded.Failed(e.problem(), e.offset() - from);
        } catch (JsonTooLongException e) { // A resource or a scope.
            return new OtlpDecoded.Failed(OtlpProblem.TOO_LARGE, 0);
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
        } catch (JsonTooLongException e) { // A resource or a scope.
            return new OtlpDecoded.Failed(OtlpProblem.TOO_LARGE, 0);
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
        protobuf.end();
        if (protobufTemplates != null && jsonTemplates != null) {
            protobufTemplates.end();
            jsonTemplates.end();
        }
        if (out.bytes().length > DOCUMENT_BYTES_KEPT) {
            LogDocument log = new LogDocument(limits.documentBytesMax());
            CompactDocument document = begin();
            protobuf = new ProtobufRequests(limits, log, document, protobufTemplates);
            json = new JsonRequests(limits, log, document, jsonTemplates);
        }
    }

    @Override
    public String toString() {
        return "OtlpDecoder";
    }
}
