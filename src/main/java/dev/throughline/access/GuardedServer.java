package dev.throughline.access;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.SslChannelProvider;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x' server, with the door before it from the moment that a connection is accepted: Vert.x itself tells of a connection only when it
 * has brought the head of a request.
 *
 * <p>HTTP/2 is spoken by those who begin with its preface (RFC 9113, section 3.3). {@code Upgrade: h2c}, which that RFC took
 * back, is not answered: the request is served over HTTP/1.1, as by every server that does not know it (RFC 9110, section 7.8).
 */
final class GuardedServer extends HttpServerImpl {
    private static final String HANDLER = "handler";
    private static final String GATE = "gate";

    /** What the door does with a connection; on the connection's event loop. */
    interface Door {
        /** It was accepted, and nothing of it was read; whether it may stay. */
        boolean accepted(Channel connection);

        Http1Gate http1Gate(Channel connection);

        Http2Gate http2Gate(Channel connection, long idleNanosMax);
    }

    private final Door door;
    private final HttpServerOptions wanted;
    /** Never listens: it has the HTTP/1 side of the connections of this one. Null where there is no other side. */
    private final @Nullable GuardedServer http1;

    GuardedServer(VertxInternal vertx, HttpServerOptions options, Door door) {
        super(vertx, options);
        this.door = door;
        this.wanted = options;
        this.http1 = options.isHttp2ClearTextEnabled()
                ? new GuardedServer(vertx, new HttpServerOptions(options).setHttp2ClearTextEnabled(false), door)
                : null;
    }

    @Override
    protected BiConsumer<Channel, SslChannelProvider> childHandler(
            ContextInternal context, SocketAddress address, GlobalTrafficShapingHandler shaping) {
        BiConsumer<Channel, SslChannelProvider> any = super.childHandler(context, address, shaping);
        if (http1 == null) {
            return (connection, tls) -> {
                if (isAccepted(connection)) {
                    startHttp1(connection, tls, any);
                }
            };
        }
        http1.requestHandler(requestHandler());
        BiConsumer<Channel, SslChannelProvider> old = http1.http1Handler(context, address, shaping);
        return (connection, tls) -> {
            if (isAccepted(connection)) {
                detect(connection, tls, old, any);
            }
        };
    }

    private BiConsumer<Channel, SslChannelProvider> http1Handler(
            ContextInternal context, SocketAddress address, GlobalTrafficShapingHandler shaping) {
        return super.childHandler(context, address, shaping);
    }

    private boolean isAccepted(Channel connection) {
        boolean accepted = door.accepted(connection);
        if (!accepted) {
            var _ = connection.close();
        }
        return accepted;
    }

    private void startHttp1(
            Channel connection, SslChannelProvider tls, BiConsumer<Channel, SslChannelProvider> handler) {
        handler.accept(connection, tls);
        connection.pipeline().addBefore(HANDLER, GATE, door.http1Gate(connection));
    }

    private long idleNanosMax() {
        return wanted.getIdleTimeoutUnit().toNanos(wanted.getIdleTimeout());
    }

    /** By the first bytes. */
    private void detect(
            Channel connection,
            SslChannelProvider tls,
            BiConsumer<Channel, SslChannelProvider> old,
            BiConsumer<Channel, SslChannelProvider> any) {
        ChannelPipeline pipeline = connection.pipeline();
        IdleStateHandler idle = new IdleStateHandler(0, 0, wanted.getIdleTimeout(), wanted.getIdleTimeoutUnit());
        pipeline.addLast(idle);
        pipeline.addLast(new Http1xOrH2CHandler() {
            @Override
            protected void configure(ChannelHandlerContext context, boolean http2) {
                pipeline.remove(idle);
                if (http2) {
                    pipeline.addLast(GATE, door.http2Gate(connection, idleNanosMax()));
                    any.accept(connection, tls);
                } else {
                    startHttp1(connection, tls, old);
                }
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event instanceof IdleStateEvent idled && idled.state() == IdleState.ALL_IDLE) {
                    var _ = context.close();
                }
            }
        });
    }
}
