package dev.throughline.access;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What comes behind a request that has its refusal: read and dropped, so that its sender sees the answer and not a reset. */
final class RefusedBody {
    private static final long DROPPED_BYTES_MAX = 4L << 20;
    private static final long DROPPING_MS_MAX = 1_000;
    private static final long NO_ERROR = 0;

    private RefusedBody() {}

    /** On the request's event loop, behind the answer. Over a bound of bytes or time the connection ends. */
    static void drop(Vertx vertx, HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        long timer = vertx.setTimer(DROPPING_MS_MAX, _ -> hangUp(request));
        long[] dropped = {0};
        request.exceptionHandler(_ -> vertx.cancelTimer(timer));
        request.endHandler(_ -> vertx.cancelTimer(timer));
        request.handler(chunk -> {
            dropped[0] += chunk.length();
            if (dropped[0] > DROPPED_BYTES_MAX) {
                request.handler(null);
                hangUp(request);
            }
        });
        request.resume();
    }

    /** A stream of many ends alone, and its answer stands (RFC 9113, section 8.1). */
    private static void hangUp(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }
}
