package dev.throughline.ingest;

import dev.throughline.ingest.Protocol.Kind;
import dev.throughline.ingest.otlp.GrpcAnswer;
import dev.throughline.ingest.otlp.GrpcFraming;
import dev.throughline.ingest.otlp.OtlpAnswers;
import dev.throughline.telemetry.Signal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** OTLP/gRPC over HTTP/2: a length-prefixed message and trailers, or trailers alone. */
record OtlpGrpcAnswers(Signal signal) implements Answers {
    static OtlpGrpcAnswers of(Kind kind) {
        return new OtlpGrpcAnswers(OtlpHttpAnswers.signalOf(kind));
    }

    /** For a service or method that is not there. */
    static void unimplemented(HttpServerResponse response) {
        end(response, OtlpAnswers.refused(OtlpAnswers.UNIMPLEMENTED, "unknown method"), null);
    }

    @Override
    public void write(HttpServerResponse response, Outcome outcome) {
        switch (outcome) {
            case Outcome.Processed processed ->
                end(
                        response,
                        GrpcAnswer.OK,
                        Buffer.buffer(GrpcFraming.frame(OtlpHttpAnswers.response(signal, processed.tally(), false))));
            case Outcome.Malformed malformed ->
                refused(response, OtlpAnswers.INVALID_ARGUMENT, malformed.code(), malformed.detail());
            case Outcome.TooLarge large ->
                refused(response, OtlpAnswers.RESOURCE_EXHAUSTED, large.code(), large.detail());
            case Outcome.Unsupported unsupported ->
                refused(response, OtlpAnswers.UNIMPLEMENTED, unsupported.code(), unsupported.detail());
            case Outcome.Unauthenticated ignored ->
                refused(response, OtlpAnswers.UNAUTHENTICATED, "unauthenticated", "A valid token is needed.");
            case Outcome.TimedOut ignored ->
                end(response, OtlpAnswers.unavailable("read_timeout", java.time.Duration.ofSeconds(1)), null);
            case Outcome.Unavailable unavailable ->
                end(response, OtlpAnswers.unavailable(unavailable.code(), unavailable.retryAfter()), null);
            case Outcome.OverQuota quota ->
                end(response, OtlpAnswers.unavailable(quota.code(), quota.retryAfter()), null);
        }
    }

    private static void refused(HttpServerResponse response, int rpcCode, String code, String detail) {
        end(response, OtlpAnswers.refused(rpcCode, code + ": " + detail), null);
    }

    private static void end(
            HttpServerResponse response, GrpcAnswer answer, @org.jspecify.annotations.Nullable Buffer message) {
        response.setStatusCode(200).putHeader("content-type", "application/grpc+proto");
        if (message != null) {
            response.setChunked(true).write(message);
        }
        response.putTrailer("grpc-status", Integer.toString(answer.status()));
        if (!answer.message().isEmpty()) {
            response.putTrailer("grpc-message", answer.message());
        }
        if (!answer.details().isEmpty()) {
            response.putTrailer("grpc-status-details-bin", answer.details());
        }
        response.end();
    }
}
