package dev.throughline.server;

import dev.throughline.access.GuardedPort;
import dev.throughline.access.HttpGuard;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.Map;
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
    private static final String NAME = "probes";

    private final ProbeConfig config;
    private final HealthProbes probes;
    private final HttpGuard guard;
    private final HttpServer api;
    private volatile int port = NOT_OPEN;

    ProbePort(ProbeConfig config, HealthProbes probes, HttpGuard guard, HttpServer api) {
        this.config = config;
        this.probes = probes;
        this.guard = guard;
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
        Map<String, Handler<HttpServerRequest>> open = new HashMap<>();
        probes.routes(NAME).forEach((path, probe) -> open.put(path, request -> answer(request, probe)));
        var server = guard.server(
                options,
                new GuardedPort(NAME, open, ProbePort::refuse, HealthProbes::unavailable, ProbePort::refuse, false));
        server.listen().toCompletionStage().toCompletableFuture().join();
        port = server.actualPort();
        LOG.infof("probes are answered on port %d of every address", port);
    }

    private void answer(HttpServerRequest request, Handler<HttpServerRequest> probe) {
        endsConnection(request);
        if (api.getPort() == NOT_OPEN) {
            HealthProbes.unavailable(request);
        } else {
            probe.handle(request);
        }
    }

    private static void refuse(HttpServerRequest request) {
        endsConnection(request);
        boolean wrongMethod = HealthProbes.isProbe(request.path());
        if (wrongMethod) {
            request.response().putHeader("Allow", "GET");
        }
        HealthProbes.problem(request, Problems.of(wrongMethod ? 405 : 404));
    }

    /** One request a connection: nobody who may send nothing keeps one, or has a body read. */
    private static void endsConnection(HttpServerRequest request) {
        request.response()
                .putHeader("Connection", "close")
                .endHandler(_ -> request.connection().close());
    }
}
