package dev.throughline.access;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before the acceptor of one listener. {@link OpenConnections} closes one connection for another on event loops that may be behind, and
 * a connection that is closed has its memory until its event loop has told all its handlers. While there are too many of both, no more
 * are accepted: they wait in the operating system's queue, where none of them is closed. On the acceptor's event loop.
 */
@Sharable
final class AcceptBound extends ChannelInboundHandlerAdapter {
    private static final String NAME = "bound";
    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    /** @param max connections of the listener, those that are being closed included */
    AcceptBound(int max) {
        this.max = max;
    }

    /** Before the listener of this connection, once. From any thread. */
    void standBefore(Channel connection) {
        Channel listener = connection.parent();
        if (listener != null && listener.pipeline().get(NAME) == null) {
            listener.eventLoop().execute(() -> {
                if (listener.pipeline().get(NAME) == null) {
                    listener.pipeline().addFirst(NAME, this);
                }
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        Channel listener = context.channel();
        if (open.incrementAndGet() >= max) {
            listener.config().setAutoRead(false);
        }
        connection.closeFuture().addListener(_ -> afterClose(connection, listener));
        context.fireChannelRead(accepted);
    }

    /** Its handlers are told by a task that its event loop has, or is about to get: behind that one it is gone. */
    private void afterClose(Channel connection, Channel listener) {
        if (connection.isRegistered()) {
            EventLoop loop = connection.eventLoop();
            loop.execute(() -> loop.execute(() -> gone(listener)));
        } else {
            gone(listener);
        }
    }

    private void gone(Channel listener) {
        if (open.decrementAndGet() < max && !listener.config().isAutoRead()) {
            listener.config().setAutoRead(true);
        }
    }
}
