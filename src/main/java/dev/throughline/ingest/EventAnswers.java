package dev.throughline.ingest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** {@code POST /v1/events}: JSON counts, problem details on error. */
final class EventAnswers implements Answers {
    static final EventAnswers INSTANCE = new EventAnswers();
    private static final int SECOND_MS = 1000;

    private EventAnswers() {}

    @Override
    public void write(HttpServerResponse response, Outcome outcome) {
        switch (outcome) {
            case Outcome.Processed processed -> processed(response, processed.tally());
            case Outcome.Malformed malformed -> problem(response, 400, malformed.code(), malformed.detail());
            case Outcome.TooLarge large -> problem(response, 413, large.code(), large.detail());
            case Outcome.Unsupported unsupported -> problem(response, 415, unsupported.code(), unsupported.detail());
            case Outcome.Unauthenticated ignored -> {
                response.putHeader("WWW-Authenticate", "Bearer realm=\"throughline\"");
                problem(response, 401, "unauthenticated", "A valid token is needed: Authorization: Bearer <token>.");
            }
            case Outcome.TimedOut ignored -> problem(response, 408, "read_timeout", "The body did not come in time.");
            case Outcome.Unavailable unavailable -> {
                response.putHeader("Retry-After", seconds(unavailable.retryAfter()));
                problem(response, 503, unavailable.code(), "Nothing was kept; send the same request again later.");
            }
            case Outcome.OverQuota quota -> {
                response.putHeader("Retry-After", seconds(quota.retryAfter()));
                problem(response, 429, quota.code(), "Nothing was kept; send the same request again later.");
            }
        }
    }

    private static void processed(HttpServerResponse response, Tally tally) {
        if (tally.allRefused()) {
            send(response, 422, "application/problem+json", JsonAnswers.allRefused(tally));
        } else {
            if (tally.received() == 1 && tally.generated().size() == 1) {
                response.putHeader(
                        "X-Correlation-Id", tally.generated().getFirst().correlationId());
            }
            send(response, 200, "application/json", JsonAnswers.counts(tally));
        }
    }

    private static void problem(HttpServerResponse response, int status, String code, String detail) {
        send(response, status, "application/problem+json", JsonAnswers.problem(status, code, detail));
    }

    private static void send(HttpServerResponse response, int status, String contentType, byte[] body) {
        response.setStatusCode(status).putHeader("Content-Type", contentType).end(Buffer.buffer(body));
    }

    /** Whole seconds, at least one (RFC 9110, section 10.2.3). */
    static String seconds(Duration retryAfter) {
        return Long.toString(Math.max(1, (retryAfter.toMillis() + SECOND_MS - 1) / SECOND_MS));
    }
}
