package dev.throughline.access;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Stands next to the socket of each connection. While the program drains, a connection that is closed on this side is closed for
 * writing, and what still comes is read and dropped until the other side closes or for a moment: a socket that is closed with input
 * unread is reset by the operating system, and the answer before it may be lost (RFC 9112, section 9.6). On its event loop.
 */
final class LingeringClose extends ChannelDuplexHandler {
    private static final long LINGER_MS = 1_000;
    /** Connections that linger hold descriptors; over it they are closed at once. */
    private static final int LINGERING_MAX = 128;

    private final long openedNanos = System.nanoTime();
    private final AtomicInteger lingeringNow;
    private final BooleanSupplier draining;
    private boolean lingering;
    private long lingeringNanos;

    /**
     * @param lingeringNow how many of all connections linger
     * @param draining whether the program drains
     */
    LingeringClose(AtomicInteger lingeringNow, BooleanSupplier draining) {
        this.lingeringNow = lingeringNow;
        this.draining = draining;
    }

    boolean isLingering() {
        return lingering;
    }

    /** Since when it has lingered; {@link System#nanoTime}. */
    long lingeringNanos() {
        return lingeringNanos;
    }

    /** Since when it has been open; {@link System#nanoTime}. */
    long openedNanos() {
        return openedNanos;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (lingering) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** Closes it at once, whatever still comes. From any thread. */
    static void now(Channel connection) {
        ChannelHandlerContext context = connection.pipeline().context(LingeringClose.class);
        if (context != null) {
            var _ = context.close();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (lingering) {
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
        } else if (draining.getAsBoolean()
                && context.channel() instanceof DuplexChannel socket
                && socket.isActive()
                && !socket.isOutputShutdown()
                && !socket.isInputShutdown()
                && mayLinger()) {
            linger(context, socket, promise);
        } else {
            var _ = context.close(promise);
        }
    }

    private boolean mayLinger() {
        if (lingeringNow.incrementAndGet() <= LINGERING_MAX) {
            return true;
        }
        lingeringNow.decrementAndGet();
        return false;
    }

    private void linger(ChannelHandlerContext context, DuplexChannel socket, ChannelPromise promise) {
        lingering = true;
        lingeringNanos = System.nanoTime();
        socket.closeFuture().addListener(_ -> {
            lingeringNow.decrementAndGet();
            promise.trySuccess();
        });
        // Behind all that is written and not yet sent.
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput(context));
    }

    /** Ends what is sent, and closes a moment later; until then what comes is to be dropped by the caller. On the event loop. */
    static void endOutput(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(true);
        if (context.channel() instanceof DuplexChannel socket) {
            var _ = socket.shutdownOutput();
        }
        var _ = context.executor()
                .schedule(
                        () -> {
                            var _ = context.close();
                        },
                        LINGER_MS,
                        TimeUnit.MILLISECONDS);
    }
}
