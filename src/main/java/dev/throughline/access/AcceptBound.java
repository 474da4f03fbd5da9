package dev.throughline.access;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before the acceptor of one listener. {@link OpenConnections} closes one connection for another on event loops that may be behind:
 * here what is accepted over a higher bound is closed at once. Where a process has no
 * descriptor left, nothing is accepted for a second. On the acceptor's event loop.
 */
@Sharable
final class AcceptBound extends ChannelInboundHandlerAdapter {
    private static final String NAME = "bound";
    private final int max;
    private final Runnable ended;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param max connections of the listener, those that are being closed included
     * @param ended told where a connection is closed because there are too many
     */
    AcceptBound(int max, Runnable ended) {
        this.max = max;
        this.ended = ended;
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
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            ended.run();
            connection.unsafe().closeForcibly();
            return;
        }
        connection.closeFuture().addListener(_ -> open.decrementAndGet());
        context.fireChannelRead(accepted);
    }
}
