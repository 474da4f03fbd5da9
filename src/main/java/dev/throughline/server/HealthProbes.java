package dev.throughline.server;

import dev.throughline.Defects;
import dev.throughline.ProblemDetail;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What a kubelet asks: {@code /q/health/live}, {@code ready} and {@code started}, which need no token. They tell state, numbers and
 * codes, and no content. Who asks within {@value #FRESH_MS} ms is told what the last one was told: asking costs everybody little.
 */
@ApplicationScoped
public class HealthProbes {
    private static final Map<String, Function<SmallRyeHealthReporter, Uni<SmallRyeHealth>>> PROBES = Map.of(
            "/q/health/live", SmallRyeHealthReporter::getLivenessAsync,
            "/q/health/ready", SmallRyeHealthReporter::getReadinessAsync,
            "/q/health/started", SmallRyeHealthReporter::getStartupAsync);

    private static final long FRESH_MS = 100;

    private final Vertx vertx;
    private final SmallRyeHealthReporter health;
    private final Defects defects;
    private final Map<String, Uni<State>> states = new HashMap<>();

    HealthProbes(Vertx vertx, SmallRyeHealthReporter health, Defects defects) {
        this.vertx = vertx;
        this.health = health;
        this.defects = defects;
        PROBES.forEach((path, probe) -> states.put(
                path,
                Uni.createFrom()
                        .deferred(() -> probe.apply(health))
                        .map(this::state)
                        .memoize()
                        .forFixedDuration(Duration.ofMillis(FRESH_MS))));
    }

    /** An answer, as it is sent. */
    private record State(int status, Buffer body) {}

    static boolean isProbe(String path) {
        return PROBES.containsKey(path);
    }

    /** By path, for the port of this name. */
    Map<String, Handler<HttpServerRequest>> routes(String port) {
        Map<String, Handler<HttpServerRequest>> routes = new HashMap<>();
        states.forEach((path, state) -> routes.put(path, request -> answer(request, port, state)));
        return routes;
    }

    private void answer(HttpServerRequest request, String port, Uni<State> asked) {
        Context context = vertx.getOrCreateContext();
        asked.subscribe()
                .with(
                        state -> context.runOnContext(_ -> report(request, state)),
                        failure -> context.runOnContext(_ -> failed(request, port, failure)));
    }

    private State state(SmallRyeHealth found) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        health.reportHealth(body, found);
        return new State(found.isDown() ? 503 : 200, Buffer.buffer(body.toByteArray()));
    }

    private static void report(HttpServerRequest request, State state) {
        end(request, state.status(), "application/json; charset=UTF-8", state.body());
    }

    private void failed(HttpServerRequest request, String port, Throwable failure) {
        defects.count(port, failure);
        unavailable(request);
    }

    static void unavailable(HttpServerRequest request) {
        request.response().putHeader("Retry-After", Defects.RETRY_AFTER_SECONDS);
        problem(request, Problems.of(Problems.UNAVAILABLE));
    }

    static void busy(HttpServerRequest request) {
        request.response().putHeader("Retry-After", Defects.RETRY_AFTER_SECONDS);
        problem(request, Problems.BUSY);
    }

    static void problem(HttpServerRequest request, ProblemDetail problem) {
        end(request, problem.status(), ProblemDetail.MEDIA_TYPE, Buffer.buffer(problem.json()));
    }

    private static void end(HttpServerRequest request, int status, String type, Buffer body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", type)
                    .end(body);
        }
    }
}
