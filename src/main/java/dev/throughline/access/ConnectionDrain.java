package dev.throughline.access;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * How connections end when the program does, so that no request that was begun goes without its answer. From {@link #begin} on an
 * HTTP/1 connection ends with its next answer, and an HTTP/2 one is told to take its next requests elsewhere (GOAWAY, RFC 9113, section
 * 6.8) and still answered. {@link #end} is the last step: no new connections, an answer to who has just come, and the end of those
 * that are idle. Thread-safe.
 */
final class ConnectionDrain {
    /** Who connected so recently is about to ask. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** Answers are held back until no connection was opened for so long. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** How long they are at the most, but for the time that it takes to close the ports. */
    private static final long HOLD_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(200);
    /** Who has its last answer is waited for so long, to take it and to close. */
    private static final long LAST_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long POLL_MS = 2;
    private static final String LINGER = "linger";
    private static final AttributeKey<Boolean> LISTENING = AttributeKey.valueOf(ConnectionDrain.class, "listening");

    private final ChannelGroup connections;
    private final Predicate<Channel> busy;
    private final Set<Channel> listeners = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lingering = new AtomicInteger();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private volatile long lastOpenedNanos = System.nanoTime();
    private volatile boolean draining;

    /** @param busy whether a request of the connection is under way; asked on its event loop */
    ConnectionDrain(ChannelGroup connections, Predicate<Channel> busy) {
        this.connections = connections;
        this.busy = busy;
    }

    /** On the connection's event loop, before it is used. */
    LingeringClose opened(Channel connection) {
        LingeringClose linger = new LingeringClose(lingering, this::isDraining);
        connection.pipeline().addFirst(LINGER, linger);
        listeners.add(connection.parent());
        lastOpenedNanos = linger.openedNanos();
        return linger;
    }

    void begin() {
        draining = true;
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> goAway(connection));
        }
    }

    boolean isDraining() {
        return draining;
    }

    /** On the connection's event loop, where a request came. */
    void requested(Channel connection) {
        if (draining) {
            goAway(connection);
        }
    }

    /**
     * All streams that it opens nevertheless are still answered. Behind the answers to those that are open: some clients take nothing more
     * after GOAWAY.
     */
    private static void goAway(Channel connection) {
        Http2ConnectionHandler http2 = connection.pipeline().get(Http2ConnectionHandler.class);
        if (http2 == null || !connection.isActive() || http2.connection().goAwaySent()) {
            return;
        }
        if (http2.connection().numActiveStreams() == 0) {
            goAway(connection, http2, Integer.MAX_VALUE);
        } else if (connection.attr(LISTENING).setIfAbsent(true) == null) {
            http2.connection().addListener(new Http2ConnectionAdapter() {
                @Override
                public void onStreamClosed(Http2Stream stream) {
                    connection.eventLoop().execute(() -> goAway(connection));
                }
            });
        }
    }

    private static void goAway(Channel connection, Http2ConnectionHandler http2, int lastStream) {
        ChannelHandlerContext context = connection.pipeline().context(http2);
        var _ = http2.goAway(
                context, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
        context.flush();
    }

    /** Where the answer to a request is to be given: at once, or when the ports are closed. */
    void answer(Runnable answer) {
        synchronized (held) {
            if (holding) {
                held.add(answer);
                return;
            }
        }
        answer.run();
    }

    /**
     * Closes the ports, and then all connections, as far as that takes no longer. Just before, answers are held back: a connection that
     * the operating system has taken when its port is closed, and the program not yet, is reset, and whoever waits for an answer opens
     * none. Not on an event loop.
     */
    void end(long millis) throws InterruptedException {
        synchronized (held) {
            holding = true;
        }
        try {
            awaitQuiet();
            for (Channel listener : listeners) {
                listener.close().await(millis);
            }
        } finally {
            release();
        }
        long closed = System.nanoTime();
        long deadline = closed + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean all = false;
        while (!all && System.nanoTime() < deadline) {
            all = System.nanoTime() - closed > FRESH_NANOS; // Some are accepted, and no HTTP connections yet.
            for (Channel connection : connections) {
                all &= isEnded(connection, deadline);
            }
            if (!all) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
        }
        connections.forEach(LingeringClose::now);
    }

    private void awaitQuiet() throws InterruptedException {
        long begun = System.nanoTime();
        long now = begun;
        while (now - Math.max(begun, lastOpenedNanos) < QUIET_NANOS && now - begun < HOLD_NANOS_MAX) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
            now = System.nanoTime();
        }
    }

    private void release() {
        List<Runnable> answers;
        synchronized (held) {
            holding = false;
            answers = List.copyOf(held);
            held.clear();
        }
        answers.forEach(Runnable::run);
    }

    private boolean isEnded(Channel connection, long deadline) throws InterruptedException {
        Future<Boolean> ended = connection.eventLoop().submit(() -> end(connection));
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        return ended.await(left) && ended.isSuccess() && ended.getNow();
    }

    /** Whether nothing more is to be said to it; on its event loop. */
    private boolean end(Channel connection) {
        LingeringClose linger = connection.pipeline().get(LingeringClose.class);
        if (linger == null || !connection.isActive()) {
            return true;
        }
        if (linger.isLingering()) {
            return System.nanoTime() - linger.lingeringNanos() > LAST_LINGER_NANOS;
        }
        if (!busy.test(connection) && System.nanoTime() - linger.openedNanos() > FRESH_NANOS) {
            Http2ConnectionHandler http2 = connection.pipeline().get(Http2ConnectionHandler.class);
            if (http2 != null) {
                goAway(connection, http2, http2.connection().remote().lastStreamCreated());
            }
            var _ = connection.close();
        }
        return false;
    }
}
