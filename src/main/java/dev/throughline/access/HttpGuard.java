package dev.throughline.access;

import dev.throughline.Defects;
import dev.throughline.OpenFileLimit;
import dev.throughline.ProblemDetail;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The door of every HTTP port. It stands before all routers and resources, so that none of them can be reached in a way that it
 * does not see: a request without the token is handed to nothing but the handlers of {@link GuardedPort#open()}. It also refuses what
 * is not in normal form, pages of other origins and names that are not ours, sets the headers of every answer, and
 * answers 503 where a handler fails. Everything runs on the request's event loop and costs well under a microsecond.
 */
@ApplicationScoped
public class HttpGuard {
    private static final Logger LOG = Logger.getLogger(HttpGuard.class);
    /** Streams that an HTTP/2 connection may have open before it has shown the token. */
    public static final int STREAMS_AT_FIRST = OpenStreams.WITHOUT_TOKEN_MAX;
    /** Those that it may have from then on. */
    public static final int STREAMS_MAX = OpenStreams.WITH_TOKEN_MAX;

    /** What one stream may send ahead of being read, once there is room for its body. */
    private static final int STREAM_WINDOW_BYTES_MAX = 256 << 10;

    /** Answers that are held back at one time. Over it they are given at once, and the connection ends. */
    private static final int HELD_BACK_MAX = 256;

    /** Nothing of it was looked at: it may be sent again (RFC 9113, section 8.7). */
    private static final long REFUSED_STREAM = 7;

    private static final AttributeKey<OpenStreams> STREAMS = AttributeKey.valueOf(HttpGuard.class, "streams");
    /** Until a connection that is told to end is ended. */
    private static final long SHUTDOWN_MS = 1_000;

    private static final AttributeKey<Allowance> ALLOWANCE = AttributeKey.valueOf(HttpGuard.class, "allowance");
    private static final CharSequence ORIGIN = HttpHeaders.createOptimized("Origin");

    private final Vertx vertx;
    private final AccessToken token;
    private final Defects defects;
    private final MeterRegistry registry;
    private final HostNames hosts;
    private final FailedAttempts attempts;
    private final AtomicInteger heldBack = new AtomicInteger();
    private final AtomicInteger openStreams = new AtomicInteger();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Map<String, OpenConnections> open = new ConcurrentHashMap<>();
    private final int connectionsMax;
    private final int acceptedMax;
    private final ConnectionDrain drain = new ConnectionDrain(connections, HttpGuard::isBusy);
    private volatile boolean servesNothing;
    private long report = -1;

    HttpGuard(Vertx vertx, AccessToken token, Defects defects, HttpConfig config, MeterRegistry registry) {
        this.vertx = vertx;
        this.token = token;
        this.defects = defects;
        this.registry = registry;
        this.hosts = new HostNames(config.allowedHosts().orElse(List.of()));
        long descriptors = OpenFileLimit.ofThisProcess();
        this.connectionsMax = OpenConnections.within(config.connectionsMax(), descriptors);
        this.acceptedMax = OpenConnections.acceptedMax(connectionsMax, descriptors);
        byte[] key = new byte[16];
        new SecureRandom().nextBytes(key);
        this.attempts = new FailedAttempts(registry, System::nanoTime, key);
    }

    void start(@Observes StartupEvent event) {
        report = vertx.setPeriodic(
                TimeUnit.SECONDS.toMillis(FailedAttempts.INTERVAL_SECONDS),
                _ -> attempts.interval().forEach(LOG::warn));
    }

    @PreDestroy
    void stop() {
        vertx.cancelTimer(report);
    }

    /** A server with the door before it. It does not listen yet; its request handler is set. */
    public HttpServer server(HttpServerOptions options, GuardedPort port) {
        OpenConnections ofPort = open.computeIfAbsent(
                port.name(),
                name -> new OpenConnections(
                        connectionsMax, HttpGuard::activity, () -> ended(name, "connections"), System::nanoTime));
        AcceptBound bound = new AcceptBound(acceptedMax);
        HttpServer server = new GuardedServer((VertxInternal) vertx, options, new DoorOf(port.name(), ofPort, bound));
        return server.requestHandler(request -> {
            drain.requested(channel(request));
            boolean isHead = HttpMethod.HEAD.equals(request.method()) && request.version() == HttpVersion.HTTP_2;
            handle(port, ofPort, isHead ? new HeadRequest(request) : request);
        });
    }

    private void ended(String port, String surplus) {
        registry.counter("throughline_ended_connections", "port", port, "surplus", surplus)
                .increment();
    }

    /** What a connection of a port meets. */
    private final class DoorOf implements GuardedServer.Door {
        private final String port;
        private final OpenConnections ofPort;
        private final AcceptBound bound;

        DoorOf(String port, OpenConnections ofPort, AcceptBound bound) {
            this.port = port;
            this.ofPort = ofPort;
            this.bound = bound;
        }

        @Override
        public boolean accepted(Channel connection) {
            connection.attr(ALLOWANCE).set(new Allowance());
            connections.add(connection);
            drain.opened(connection);
            bound.standBefore(connection);
            return ofPort.opened(connection);
        }

        @Override
        public Http1Gate http1Gate(Channel connection) {
            return new Http1Gate(connection.attr(ALLOWANCE).get(), () -> ended(port, "chunks"), drain::isDraining);
        }

        @Override
        public Http2Gate http2Gate(Channel connection, long idleNanosMax) {
            return new Http2Gate(connection.attr(ALLOWANCE).get(), () -> ended(port, "frames"), idleNanosMax);
        }
    }

    private OpenStreams streams(Channel connection) {
        OpenStreams known = connection.attr(STREAMS).get();
        if (known == null) {
            known = new OpenStreams(
                    connection.pipeline().get(Http2ConnectionHandler.class).connection(), openStreams);
            connection.attr(STREAMS).set(known);
        }
        return known;
    }

    /** Tells once when the answer is with the operating system, or will never be; from the request's event loop, and on it. */
    public void whenAnswered(HttpServerRequest request, Runnable then) {
        Channel connection = channel(request);
        Http1Gate http1 = connection.pipeline().get(Http1Gate.class);
        if (!connection.isActive()) {
            then.run();
        } else if (http1 == null) {
            streams(connection).whenClosed(request.response().streamId(), then);
        } else {
            http1.whenAnswered(then);
        }
    }

    /**
     * There is room for so many more bytes of the request's body: over HTTP/2 its stream may send them ahead, up to a bound. On the
     * request's event loop.
     */
    public static void expect(HttpServerRequest request, int bytes) {
        if (request.version() == HttpVersion.HTTP_2 && bytes > 0) {
            Http2ConnectionHandler http2 = channel(request).pipeline().get(Http2ConnectionHandler.class);
            Http2Stream stream = http2 == null
                    ? null
                    : http2.connection().stream(request.response().streamId());
            if (stream != null) {
                OpenStreams.widen(http2.connection(), stream, Math.min(bytes, STREAM_WINDOW_BYTES_MAX));
            }
        }
    }

    private static Channel channel(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }

    /** From here on an HTTP/1 connection ends with its next answer, and an HTTP/2 one is told to open no more streams. */
    public void drain() {
        drain.begin();
    }

    /** From here on every request is answered 503: what would serve it is closed. */
    public void serveNothing() {
        servesNothing = true;
    }

    /** Closes the ports that were used, answers who has just come, and closes all connections; after this time at the latest. */
    public void endConnections(long millis) throws InterruptedException {
        drain.end(millis);
    }

    /** Returns when no connection has a request that waits for its answer, or after this time. Not on an event loop. */
    public boolean awaitAnswers(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (Channel connection : connections) {
            while (!isIdle(connection)) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        return true;
    }

    private static boolean isIdle(Channel connection) throws InterruptedException {
        var idle = connection.eventLoop().submit(() -> !isBusy(connection));
        return !idle.await(1, TimeUnit.SECONDS) || !idle.isSuccess() || idle.getNow();
    }

    /** As it was a moment ago. */
    private static OpenConnections.Activity activity(Channel connection) {
        if (!isBusy(connection)) {
            return OpenConnections.Activity.IDLE;
        }
        Http1Gate http1 = connection.pipeline().get(Http1Gate.class);
        Http2Gate http2 = connection.pipeline().get(Http2Gate.class);
        return (http1 != null && http1.isReceiving()) || (http2 != null && http2.isReceiving())
                ? OpenConnections.Activity.RECEIVES
                : OpenConnections.Activity.WAITS;
    }

    /** Whether a request is under way. Exact on the connection's event loop, else as it was a moment ago. */
    private static boolean isBusy(Channel connection) {
        Http1Gate gate = connection.pipeline().get(Http1Gate.class);
        Http2ConnectionHandler http2 = connection.pipeline().get(Http2ConnectionHandler.class);
        return (gate != null && !gate.isIdle())
                || (http2 != null && http2.connection().numActiveStreams() > 0);
    }

    private void handle(GuardedPort port, OpenConnections ofPort, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        ResponseHeaders.onEveryAnswer(response::putHeader);
        try {
            Refusal refusal = refusal(request);
            if (servesNothing) {
                turnAway(port, request);
            } else if (refusal == null) {
                admit(port, ofPort, request);
            } else {
                refuse(request, refusal);
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            defects.count(port.name(), e);
            if (!response.ended() && !response.headWritten()) {
                port.unavailable().handle(request);
            } else if (!response.ended()) {
                response.reset();
            }
        }
    }

    private void turnAway(GuardedPort port, HttpServerRequest request) {
        Context context = vertx.getOrCreateContext();
        request.pause();
        drain.answer(() -> context.runOnContext(_ -> {
            if (!request.response().closed()) {
                port.unavailable().handle(request);
                RefusedBody.drop(vertx, request);
            }
        }));
    }

    /** What does not depend on who asks. */
    private @Nullable Refusal refusal(HttpServerRequest request) {
        String target = request.uri();
        if (target == null || !RequestTarget.isNormal(target) || isNamedTwice(request) || saysTwice(request)) {
            return Refusal.MALFORMED;
        }
        String origin = request.getHeader(ORIGIN);
        return origin == null || hosts.isOurOrigin(origin, authority(request)) ? null : Refusal.FOREIGN_ORIGIN;
    }

    private void admit(GuardedPort port, OpenConnections ofPort, HttpServerRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        boolean authenticated = token.isCarriedBy(authorization);
        Channel connection = channel(request);
        ofPort.used(connection, authenticated);
        if (request.version() == HttpVersion.HTTP_2 && streams(connection).areTooMany(authenticated)) {
            request.response().reset(REFUSED_STREAM);
            return;
        }
        if (authenticated) {
            if (!connection.attr(ALLOWANCE).get().admitted() && request.version() == HttpVersion.HTTP_2) {
                OpenStreams.grantMore(request.connection());
            }
        }
        Handler<HttpServerRequest> open = isRead(request.method()) ? port.open().get(request.path()) : null;
        if (!authenticated && !isOurHost(request)) {
            refuse(request, Refusal.UNKNOWN_HOST);
        } else if (open != null) {
            open.handle(request);
        } else if (authenticated || !port.takesTokens()) {
            port.served().handle(request);
        } else {
            unauthenticated(port, request, authorization != null);
        }
    }

    private static boolean isRead(HttpMethod method) {
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
    }

    /** Browsers attach no token by themselves, so a request with one is not led here by a foreign name. */
    private boolean isOurHost(HttpServerRequest request) {
        String authority = authority(request);
        return authority == null ? request.version() == HttpVersion.HTTP_1_0 : hosts.isOurs(authority);
    }

    private static @Nullable String authority(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return request.getHeader(HttpHeaders.HOST);
        }
        HostAndPort authority = request.authority();
        return authority == null ? null : authority.toString();
    }

    /** RFC 9113, section 8.3.1: a Host that differs from {@code :authority}. */
    private static boolean isNamedTwice(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return false;
        }
        List<String> named = request.headers().getAll(HttpHeaders.HOST);
        return named.size() > 1 || (named.size() == 1 && !named.getFirst().equalsIgnoreCase(authority(request)));
    }

    /** Who asks, and from where, in two ways: another reader could take the other one. */
    private static boolean saysTwice(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.AUTHORIZATION).size() > 1
                || request.headers().getAll(ORIGIN).size() > 1;
    }

    private void unauthenticated(GuardedPort port, HttpServerRequest request, boolean wrong) {
        Allowance allowance = channel(request).attr(ALLOWANCE).get();
        allowance.refused();
        if (allowance.isSpent() && request.version() == HttpVersion.HTTP_2) {
            request.connection().shutdown(SHUTDOWN_MS, TimeUnit.MILLISECONDS); // HTTP/1 ends with its answer.
        }
        FailedAttempts.Reaction reaction =
                attempts.failed(request.remoteAddress().hostAddress(), port.name(), wrong);
        if (!reaction.line().isEmpty()) {
            LOG.warn(reaction.line());
        }
        if (reaction.delayMillis() == 0) {
            port.unauthenticated().handle(request);
            RefusedBody.drop(vertx, request);
        } else if (heldBack.incrementAndGet() > HELD_BACK_MAX) {
            heldBack.decrementAndGet();
            port.unauthenticated().handle(request);
            request.connection().close();
        } else {
            request.pause();
            vertx.setTimer(reaction.delayMillis(), _ -> {
                heldBack.decrementAndGet();
                if (!request.response().closed()) {
                    port.unauthenticated().handle(request);
                    RefusedBody.drop(vertx, request);
                }
            });
        }
    }

    private void refuse(HttpServerRequest request, Refusal refusal) {
        request.response()
                .setStatusCode(refusal.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemDetail.MEDIA_TYPE)
                .end(Buffer.buffer(refusal.json()));
        RefusedBody.drop(vertx, request);
    }
}
