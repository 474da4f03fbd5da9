package dev.throughline.ingest.otlp;

/** How the decoding of a body ended. */
public sealed interface OtlpDecoded {
    /**
     * Every record was handed on.
     *
     * @param records documents and refusals together
     */
    record Complete(int records) implements OtlpDecoded {}

    /**
     * The body is not what it should be, or over a bound as a whole: none of it may be kept.
     *
     * @param offset bytes from the start of the body
     */
    record Failed(OtlpProblem problem, int offset) implements OtlpDecoded {}
}
