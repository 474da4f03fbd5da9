package dev.throughline.ingest.otlp;

/**
 * Bounds of one request.
 *
 * @param recordsMax log records, spans or metrics; counted before the first is handed on
 * @param depthMax nested arrays and key-value lists in one attribute value or body
 * @param documentBytesMax one record's document, and what its resource and scope add to it; OTLP/JSON: one string
 * @param jsonTokensMax OTLP/JSON: tokens of the whole body, of 16 bytes each in memory
 * @param jsonTokensKept OTLP/JSON: tokens that a decoder keeps room for between requests
 */
public record OtlpLimits(int recordsMax, int depthMax, int documentBytesMax, int jsonTokensMax, int jsonTokensKept) {
    public static final OtlpLimits DEFAULT = new OtlpLimits(50_000, 32, 2 << 20, 1_200_000, 256 << 10);

    public OtlpLimits {
        if (documentBytesMax < 1_024
                || recordsMax < 1
                || depthMax < 1
                || depthMax > 256
                || jsonTokensMax < 1
                || jsonTokensKept < 0) {
            throw new IllegalArgumentException("a bound of OTLP requests is out of range");
        }
    }
}
