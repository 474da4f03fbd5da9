package dev.throughline.access;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The open streams of one HTTP/2 connection: each costs some kilobytes until its answer was taken, which is up to the peer and his windows.
 * So a connection has few until it has shown the token, and is told so by SETTINGS_MAX_CONCURRENT_STREAMS (RFC 9113, section 5.1.2), and where all
 * connections together have many, each has a few. Belongs to the connection's event loop.
 */
final class OpenStreams extends Http2ConnectionAdapter {
    static final int WITHOUT_TOKEN_MAX = 8;
    static final int WITH_TOKEN_MAX = 100;
    static final int OF_ALL_MAX = 1_024;
    static final int AT_LEAST = 4;

    private final Http2Connection connection;
    private final AtomicInteger all;
    private final Map<Integer, Runnable> whenClosed = new HashMap<>();
    private int open;

    /** @param all the open streams of all connections */
    OpenStreams(Http2Connection connection, AtomicInteger all) {
        this.connection = connection;
        this.all = all;
        this.open = connection.numActiveStreams();
        all.addAndGet(open);
        connection.addListener(this);
    }

    /** Whether the newest stream is one too many. */
    boolean areTooMany(boolean authenticated) {
        return (open > WITHOUT_TOKEN_MAX && !authenticated) || (open > AT_LEAST && all.get() > OF_ALL_MAX);
    }

    /** The connection has shown the token. */
    static void grantMore(HttpConnection connection) {
        connection.updateSettings(new Http2Settings(connection.settings()).setMaxConcurrentStreams(WITH_TOKEN_MAX));
    }

    /** What a stream may send ahead of being read becomes at least this. */
    static void widen(Http2Connection connection, Http2Stream stream, int bytes) {
        Http2LocalFlowController flow = connection.local().flowController();
        int more = bytes - flow.initialWindowSize(stream);
        if (more > 0) {
            try {
                flow.incrementWindowSize(stream, more);
            } catch (Http2Exception e) {
                // It was closed meanwhile, or has a window that is wide enough.
            }
        }
    }

    /** Told once when the stream has its answer, or ended without. */
    void whenClosed(int stream, Runnable then) {
        if (connection.stream(stream) == null) {
            then.run();
        } else {
            whenClosed.put(stream, then);
        }
    }

    @Override
    public void onStreamActive(Http2Stream stream) {
        open++;
        all.incrementAndGet();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        open--;
        all.decrementAndGet();
        Runnable then = whenClosed.remove(stream.id());
        if (then != null) {
            then.run();
        }
    }
}
