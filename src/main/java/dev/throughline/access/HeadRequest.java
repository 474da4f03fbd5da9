package dev.throughline.access;

import io.quarkus.vertx.http.runtime.filters.AbstractResponseWrapper;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/**
 * A HEAD request over HTTP/2, whose answer has the fields of one to GET and no content (RFC 9110, section 9.3.2). Vert.x leaves the
 * content out over HTTP/1 only.
 */
final class HeadRequest extends HttpServerRequestWrapper {
    private final HttpServerResponse response;

    HeadRequest(HttpServerRequest request) {
        super((HttpServerRequestInternal) request);
        response = new WithoutContent(request.response());
    }

    @Override
    public HttpServerResponse response() {
        return response;
    }

    private static final class WithoutContent extends AbstractResponseWrapper {
        private static final Future<Void> WRITTEN = Future.succeededFuture();

        WithoutContent(HttpServerResponse response) {
            super(response);
        }

        private Future<Void> endInsteadOf(int bytes) {
            if (!headWritten() && !headers().contains(HttpHeaders.CONTENT_LENGTH)) {
                putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(bytes));
            }
            return end();
        }

        @Override
        public Future<Void> end(Buffer chunk) {
            return endInsteadOf(chunk.length());
        }

        @Override
        public void end(Buffer chunk, Handler<AsyncResult<Void>> then) {
            end(chunk).onComplete(then);
        }

        @Override
        public Future<Void> end(String chunk) {
            return end(Buffer.buffer(chunk));
        }

        @Override
        public void end(String chunk, Handler<AsyncResult<Void>> then) {
            end(chunk).onComplete(then);
        }

        @Override
        public Future<Void> end(String chunk, String encoding) {
            return end(Buffer.buffer(chunk, encoding));
        }

        @Override
        public void end(String chunk, String encoding, Handler<AsyncResult<Void>> then) {
            end(chunk, encoding).onComplete(then);
        }

        @Override
        public Future<Void> send(Buffer chunk) {
            return end(chunk);
        }

        @Override
        public Future<Void> send(String chunk) {
            return end(chunk);
        }

        @Override
        public Future<Void> write(Buffer data) {
            return WRITTEN;
        }

        @Override
        public void write(Buffer data, Handler<AsyncResult<Void>> then) {
            WRITTEN.onComplete(then);
        }

        @Override
        public Future<Void> write(String chunk) {
            return WRITTEN;
        }

        @Override
        public void write(String chunk, Handler<AsyncResult<Void>> then) {
            WRITTEN.onComplete(then);
        }

        @Override
        public Future<Void> write(String chunk, String encoding) {
            return WRITTEN;
        }

        @Override
        public void write(String chunk, String encoding, Handler<AsyncResult<Void>> then) {
            WRITTEN.onComplete(then);
        }
    }
}
