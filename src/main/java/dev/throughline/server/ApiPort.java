package dev.throughline.server;

import dev.throughline.access.GuardedPort;
import dev.throughline.access.HttpConfig;
import dev.throughline.access.HttpGuard;
import dev.throughline.console.Page;
import dev.throughline.ingest.IngestHttp;
import io.netty.channel.MultithreadEventLoopGroup;
import io.quarkus.arc.All;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.value.registry.ValueRegistry;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.runtime.VertxHttpBuildTimeConfig;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.options.HttpServerOptionsUtils;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.BindException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * The port of API, page and {@code /v1/events}. Quarkus brings the router with everything behind it and its settings
 * ({@code quarkus.http.…}); the port is opened here ({@code quarkus.http.host-enabled} is false), so that the door stands before it as
 * before the other ports, and it stays open until the drain is over. One server an event loop, as the last step of the start.
 */
@ApplicationScoped
public class ApiPort {
    static final String NAME = "api";

    private static final String METRICS = "/q/metrics";
    /** A free port that the instances share. */
    private static final int ANY_FREE = -1;

    private final Vertx vertx;
    private final HttpGuard guard;
    private final HttpConfig config;
    private final VertxHttpBuildTimeConfig builtConfig;
    private final VertxHttpConfig quarkusConfig;
    private final List<HttpServerOptionsCustomizer> customizers;
    private final ValueRegistry values;
    private final HealthProbes probes;
    private final IngestHttp ingest;
    private String deployment = "";
    private long readsTimer = -1;

    ApiPort(
            Vertx vertx,
            HttpGuard guard,
            HttpConfig config,
            VertxHttpBuildTimeConfig builtConfig,
            VertxHttpConfig quarkusConfig,
            @All List<HttpServerOptionsCustomizer> customizers,
            ValueRegistry values,
            HealthProbes probes,
            IngestHttp ingest) {
        this.vertx = vertx;
        this.guard = guard;
        this.config = config;
        this.builtConfig = builtConfig;
        this.quarkusConfig = quarkusConfig;
        this.customizers = customizers;
        this.values = values;
        this.probes = probes;
        this.ingest = ingest;
    }

    void open(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
        HttpServerOptions options = options();
        GuardedPort port = port();
        int loops = ((MultithreadEventLoopGroup) ((VertxInternal) vertx).getEventLoopGroup()).executorCount();
        try {
            deployment = vertx.deployVerticle(
                            () -> new Listener(options, port), new DeploymentOptions().setInstances(loops))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BindException taken) {
                throw new IllegalStateException(
                        "the port of the API cannot be opened",
                        new QuarkusBindException(options.getHost(), options.getPort(), taken));
            }
            throw e;
        }
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions();
        HttpServerOptionsUtils.applyCommonOptions(options, builtConfig, quarkusConfig, List.of());
        int port = quarkusConfig.determinePort(LaunchMode.current());
        options.setPort(port == 0 ? ANY_FREE : port);
        customizers.forEach(customizer -> customizer.customizeHttpServer(options));
        return options;
    }

    /** The one list of what this port answers without a token. */
    private GuardedPort port() {
        Handler<HttpServerRequest> router = VertxHttpRecorder.getRootHandler();
        Map<String, Handler<HttpServerRequest>> open = new HashMap<>(Page.routes());
        open.putAll(probes.routes(NAME));
        if (config.publicMetrics()) {
            open.put(METRICS, router);
        }
        ReadPlaces reads = new ReadPlaces(vertx, guard, router, HealthProbes::busy);
        readsTimer = reads.start();
        return new GuardedPort(
                NAME,
                open,
                IngestHttp::unauthenticated,
                ingest::unavailable,
                request -> (IngestHttp.takes(request.path()) ? router : (Handler<HttpServerRequest>) reads::read)
                        .handle(request),
                true);
    }

    /** Returns when the port is closed. */
    void close() {
        vertx.cancelTimer(readsTimer);
        if (!deployment.isEmpty()) {
            vertx.undeploy(deployment).toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Quarkus' own bean of the port reads it there, and so do its tests. */
    private synchronized void opened(int port) {
        if (!values.containsKey(HttpServer.HTTP_PORT)) {
            values.register(HttpServer.HTTP_PORT, port);
            values.register(HttpServer.LOCAL_BASE_URI, URI.create("http://localhost:" + port));
            if (LaunchMode.current().isDevOrTest()) {
                values.register(HttpServer.HTTP_TEST_PORT, port);
            }
        }
    }

    /** One event loop's share of the connections. */
    private final class Listener extends AbstractVerticle {
        private final HttpServerOptions options;
        private final GuardedPort port;

        Listener(HttpServerOptions options, GuardedPort port) {
            this.options = options;
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            guard.server(options, port)
                    .listen()
                    .onSuccess(server -> opened(server.actualPort()))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
