package dev.throughline.ingest.otlp;

/**
 * What takes the records of a request, in the order of the body. All of it is provisional until the decoder has returned {@link
 * OtlpDecoded.Complete}: a protobuf body may turn out malformed behind records that were handed on.
 */
public interface OtlpRecords {
    /**
     * Before the first record: what they will come to, and what the decoder holds meanwhile. What is thrown here reaches the decoder's
     * caller before a document was written.
     *
     * @param records how many there are
     * @param sharedBytes about what they have of their resources and scopes together, in which each counts once a record: not more than
     *     that by much
     * @param heldBytes memory that the parsed body takes beside the body
     */
    default void expect(int records, long sharedBytes, long heldBytes) {}

    /** A record's document, whole and ready to be parsed. It may still hold malformed UTF-8, which the parser refuses. */
    void record(OtlpRecord record);

    /** A record that has no document: over a bound or, in JSON, with a value that its field cannot take. */
    void refused(OtlpRecord record, OtlpProblem problem);

    /** A record that the decoder itself fails on, which nobody expects: its id is taken over its range of the body. */
    default void failed(OtlpRecord record, Throwable why) {
        refused(record, OtlpProblem.PROCESSING_FAILED);
    }
}
