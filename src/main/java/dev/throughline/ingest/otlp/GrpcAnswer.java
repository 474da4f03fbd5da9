package dev.throughline.ingest.otlp;

/**
 * How a gRPC call ends, as trailers.
 *
 * @param status {@code grpc-status}
 * @param message {@code grpc-message}, percent-encoded; empty: leave it out
 * @param details {@code grpc-status-details-bin}, base64 without padding; empty: leave it out
 */
public record GrpcAnswer(int status, String message, String details) {
    /** All went well; the message in the body tells the rest. */
    public static final GrpcAnswer OK = new GrpcAnswer(0, "", "");
}
