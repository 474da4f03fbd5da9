package dev.throughline.ingest.otlp;

/**
 * What takes the records of a request, in the order of the body. All of it is provisional until the decoder has returned {@link
 * OtlpDecoded.Complete}: a protobuf body may turn out malformed behind records that were handed on.
 */
public interface OtlpRecords {
    /** A record's document, whole and ready to be parsed. It may still hold malformed UTF-8, which the parser refuses. */
    void record(OtlpRecord record);

    /** A record that has no document: over a bound or, in JSON, with a value that its field cannot take. */
    void refused(OtlpRecord record, OtlpProblem problem);
}
