package dev.throughline.ingest;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Bounds how many requests an HTTP/1.1 connection may send ahead of their answers (RFC 9112, section 9.3.2): each is kept in memory
 * until its turn, and the server itself keeps any number. A connection with more is closed. Belongs to the connection's event loop.
 */
public final class PipeliningBound extends ChannelDuplexHandler {
    private static final int REQUESTS_MAX = 100;
    private static final String NAME = "throughline-pipelining";
    /** The server's own handler, to which requests go. */
    private static final String SERVER = "handler";

    /** The first request came before this handler was there. */
    private int unanswered = 1;

    private PipeliningBound() {}

    /** Bounds the connection of a request, once; on its event loop. */
    public static void of(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2 || !(request.connection() instanceof ConnectionBase connection)) {
            return;
        }
        ChannelPipeline pipeline = connection.channelHandlerContext().pipeline();
        if (pipeline.get(NAME) == null && pipeline.get(SERVER) != null) {
            pipeline.addBefore(SERVER, NAME, new PipeliningBound());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            unanswered++;
            if (unanswered > REQUESTS_MAX) {
                var _ = context.close();
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
        if (message instanceof LastHttpContent) {
            unanswered--;
        }
        var _ = context.write(message, written);
    }
}
