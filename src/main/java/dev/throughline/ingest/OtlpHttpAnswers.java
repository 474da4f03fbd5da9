package dev.throughline.ingest;

import dev.throughline.ingest.Protocol.Kind;
import dev.throughline.ingest.otlp.OtlpAnswers;
import dev.throughline.telemetry.Signal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * OTLP/HTTP (specification 1.11): the export response, or {@code google.rpc.Status} in the request's content type. A request with
 * neither of OTLP's two types is answered in JSON, which people read.
 */
record OtlpHttpAnswers(Signal signal, boolean json) implements Answers {
    static OtlpHttpAnswers of(Kind kind, boolean json) {
        return new OtlpHttpAnswers(signalOf(kind), json);
    }

    static Signal signalOf(Kind kind) {
        return switch (kind) {
            case EVENTS, OTLP_LOGS -> Signal.LOG;
            case OTLP_TRACES -> Signal.SPAN;
            case OTLP_METRICS -> Signal.METRIC;
        };
    }

    /** The body of a 200 or OK: partial success where something was refused or is to be reported. */
    static byte[] response(Signal signal, Tally tally, boolean json) {
        if (tally.refused() > 0) {
            return OtlpAnswers.partial(signal, tally.refusedWeight(), message(tally), json);
        }
        if (tally.reported() > 0) {
            String warning =
                    tally.reported() + " spans lack attributes that the trace blueprint asks for (correlation_id, "
                            + "tenant_id, connector, entity_id, attempt; error_code where they failed); they were taken";
            return OtlpAnswers.partial(signal, 0, warning, json);
        }
        return OtlpAnswers.success(json);
    }

    /** The first refusals, shortened by who sends it: {@code record 3: out_of_range at /attempt (maximum)}. */
    private static String message(Tally tally) {
        StringBuilder message = new StringBuilder(256);
        message.append(tally.refused()).append(" refused and kept in quarantine");
        for (Refusal refusal : tally.refusals()) {
            message.append("; record ").append(refusal.index()).append(": ").append(refusal.code());
            if (!refusal.pointer().isEmpty()) {
                message.append(" at ").append(refusal.pointer());
            }
            if (!refusal.keyword().isEmpty()) {
                message.append(" (").append(refusal.keyword()).append(')');
            }
            if (message.length() > OtlpAnswers.MESSAGE_BYTES_MAX) {
                break;
            }
        }
        return message.toString();
    }

    @Override
    public void write(HttpServerResponse response, Outcome outcome) {
        switch (outcome) {
            case Outcome.Processed processed -> send(response, 200, response(signal, processed.tally(), json));
            case Outcome.Malformed malformed ->
                status(response, 400, OtlpAnswers.INVALID_ARGUMENT, malformed.code(), malformed.detail());
            case Outcome.TooLarge large ->
                status(response, 413, OtlpAnswers.RESOURCE_EXHAUSTED, large.code(), large.detail());
            case Outcome.Unsupported unsupported ->
                status(response, 415, OtlpAnswers.UNIMPLEMENTED, unsupported.code(), unsupported.detail());
            case Outcome.Unauthenticated ignored -> {
                response.putHeader("WWW-Authenticate", "Bearer realm=\"throughline\"");
                status(response, 401, OtlpAnswers.UNAUTHENTICATED, "unauthenticated", "A valid token is needed.");
            }
            case Outcome.TimedOut ignored ->
                status(response, 408, OtlpAnswers.UNAVAILABLE, "read_timeout", "The body did not come in time.");
            case Outcome.Unavailable unavailable -> {
                response.putHeader("Retry-After", EventAnswers.seconds(unavailable.retryAfter()));
                status(response, 503, OtlpAnswers.UNAVAILABLE, unavailable.code(), "Nothing was kept.");
            }
            case Outcome.OverQuota quota -> {
                response.putHeader("Retry-After", EventAnswers.seconds(quota.retryAfter()));
                status(response, 429, OtlpAnswers.UNAVAILABLE, quota.code(), "Nothing was kept.");
            }
        }
    }

    /** OTLP is only ever sent: any other method than POST. */
    void notAllowed(HttpServerResponse response) {
        response.putHeader("Allow", "POST");
        status(response, 405, OtlpAnswers.UNIMPLEMENTED, "method_not_allowed", "Only POST is served here.");
    }

    /** No signal is served at the path of a sender of protobuf. */
    static void unknownPath(HttpServerResponse response) {
        of(Kind.OTLP_LOGS, false)
                .status(
                        response,
                        404,
                        OtlpAnswers.UNIMPLEMENTED,
                        "not_found",
                        "OTLP is served at /v1/logs, /v1/traces and /v1/metrics.");
    }

    private void status(HttpServerResponse response, int httpStatus, int rpcCode, String code, String detail) {
        send(response, httpStatus, OtlpAnswers.status(rpcCode, code + ": " + detail, json));
    }

    private void send(HttpServerResponse response, int httpStatus, byte[] body) {
        response.setStatusCode(httpStatus)
                .putHeader("Content-Type", json ? "application/json" : "application/x-protobuf")
                .end(Buffer.buffer(body));
    }
}
