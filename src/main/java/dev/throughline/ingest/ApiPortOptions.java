package dev.throughline.ingest;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes from the API's port what nobody uses: each handler is asked about every piece of every body. */
@ApplicationScoped
class ApiPortOptions implements HttpServerOptionsCustomizer {
    /** What a connection, and each of its streams, may send ahead of being read; granted again as it is read. */
    private static final int WINDOW_BYTES = 64 << 10;

    private static final int STREAMS_MAX = 100;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setPerFrameWebSocketCompressionSupported(false).setPerMessageWebSocketCompressionSupported(false);
        bound(options);
    }

    /** Bounds what HTTP/2 may hold of a connection outside of the {@link BodyBudget}. */
    static void bound(HttpServerOptions options) {
        options.setHttp2ConnectionWindowSize(WINDOW_BYTES);
        options.getInitialSettings().setInitialWindowSize(WINDOW_BYTES).setMaxConcurrentStreams(STREAMS_MAX);
    }
}
