package dev.throughline.ingest;

/** What became of a body's content encoding. */
public sealed interface DecodedBody {
    /**
     * The content.
     *
     * @param bytes borrowed: the body itself where it was not encoded, else the decoder's buffer until its next use or release
     */
    @SuppressWarnings("ArrayRecordComponent") // borrowed, and never compared by its bytes
    record Content(byte[] bytes, int from, int to) implements DecodedBody {
        @Override
        public String toString() {
            return "Content[" + (to - from) + " bytes]";
        }
    }

    /** Over a bound; decoding stopped there. The code is {@code decompressed_bytes} or {@code decompression_ratio}. */
    record TooLarge(String code) implements DecodedBody {}

    /** Not what the encoding says. The code is {@code malformed_gzip} and so on. */
    record Malformed(String code) implements DecodedBody {}

    /** An encoding that is not understood, or a list of several. */
    record Unsupported() implements DecodedBody {}
}
