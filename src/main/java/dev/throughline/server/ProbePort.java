package dev.throughline.server;

import dev.throughline.ProblemDetail;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * A port on every address that answers a kubelet's probes and nothing else, so that the ports for records can stay on loopback: a
 * kubelet asks a pod from outside. It serves what the API's port says under the same three paths, needs no token and tells no content.
 * Until the API's port is open every probe is told 503, so that a started sidecar is one that takes records.
 */
@ApplicationScoped
public class ProbePort {
    private static final Logger LOG = Logger.getLogger(ProbePort.class);
    private static final String EVERY_ADDRESS = "0.0.0.0";
    private static final int IDLE_SECONDS = 10;
    private static final int NOT_OPEN = -1;
    private static final Map<String, Function<SmallRyeHealthReporter, Uni<SmallRyeHealth>>> PROBES = Map.of(
            "/q/health/live", SmallRyeHealthReporter::getLivenessAsync,
            "/q/health/ready", SmallRyeHealthReporter::getReadinessAsync,
            "/q/health/started", SmallRyeHealthReporter::getStartupAsync);

    private final Vertx vertx;
    private final ProbeConfig config;
    private final SmallRyeHealthReporter health;
    private final HttpServer api;
    private volatile int port = NOT_OPEN;

    ProbePort(Vertx vertx, ProbeConfig config, SmallRyeHealthReporter health, HttpServer api) {
        this.vertx = vertx;
        this.config = config;
        this.health = health;
        this.api = api;
    }

    /** -1 where there is none. */
    int port() {
        return port;
    }

    void start(@Observes StartupEvent event) {
        if (config.port().isEmpty()) {
            return;
        }
        HttpServerOptions options = new HttpServerOptions()
                .setHost(EVERY_ADDRESS)
                .setPort(config.port().getAsInt())
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setReuseAddress(true);
        var server = vertx.createHttpServer(options).requestHandler(this::answer);
        server.listen().toCompletionStage().toCompletableFuture().join();
        port = server.actualPort();
        LOG.infof("probes are answered on port %d of every address", port);
    }

    private void answer(HttpServerRequest request) {
        var probe = PROBES.get(request.path());
        if (probe == null) {
            problem(request, Problems.of(404));
        } else if (!HttpMethod.GET.equals(request.method())) {
            request.response().putHeader("Allow", "GET");
            problem(request, Problems.of(405));
        } else if (api.getPort() == NOT_OPEN) {
            problem(request, Problems.of(503));
        } else {
            Context context = vertx.getOrCreateContext();
            probe.apply(health)
                    .subscribe()
                    .with(
                            state -> context.runOnContext(_ -> report(request, state)),
                            failure -> context.runOnContext(_ -> failed(request, failure)));
        }
    }

    private void report(HttpServerRequest request, SmallRyeHealth state) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        health.reportHealth(body, state);
        end(request, state.isDown() ? 503 : 200, "application/json; charset=UTF-8", body.toByteArray());
    }

    private static void failed(HttpServerRequest request, Throwable failure) {
        LOG.warnf("a probe could not be answered: %s", failure.getClass().getName());
        problem(request, Problems.of(503));
    }

    private static void problem(HttpServerRequest request, ProblemDetail problem) {
        end(request, problem.status(), ProblemDetail.MEDIA_TYPE, problem.json());
    }

    /** One request a connection: nobody who may send nothing keeps one, or has a body read. */
    private static void end(HttpServerRequest request, int status, String type, byte[] body) {
        var _ = request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", type)
                .putHeader("Connection", "close")
                .end(Buffer.buffer(body))
                .onComplete(_ -> request.connection().close());
    }
}
