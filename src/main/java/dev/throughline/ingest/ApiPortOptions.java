package dev.throughline.ingest;

import dev.throughline.access.HttpGuard;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes from the API's port what nobody uses: each handler is asked about every piece of every body. */
@ApplicationScoped
class ApiPortOptions implements HttpServerOptionsCustomizer {
    /** What a stream may send before there is room for its body; {@link HttpGuard#expect} grants the rest. */
    static final int STREAM_WINDOW_BYTES = 16 << 10;
    /**
     * What a connection may send ahead of being read: streams that wait for room do not keep from the others what they need (RFC 9113,
     * section 5.2.1), however many wait.
     */
    private static final int CONNECTION_WINDOW_BYTES = 2 * HttpGuard.STREAMS_MAX * STREAM_WINDOW_BYTES;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setPerFrameWebSocketCompressionSupported(false).setPerMessageWebSocketCompressionSupported(false);
        bound(options);
    }

    /** Bounds what HTTP/2 may hold of a connection outside of the {@link BodyBudget}. */
    static void bound(HttpServerOptions options) {
        options.setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES);
        options.getInitialSettings()
                .setInitialWindowSize(STREAM_WINDOW_BYTES)
                .setMaxConcurrentStreams(HttpGuard.STREAMS_AT_FIRST);
    }
}
