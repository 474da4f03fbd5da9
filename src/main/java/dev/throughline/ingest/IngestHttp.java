package dev.throughline.ingest;

import dev.throughline.ProblemDetail;
import dev.throughline.access.GuardedPort;
import dev.throughline.access.HttpGuard;
import dev.throughline.ingest.Protocol.Form;
import dev.throughline.ingest.Protocol.Kind;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The ports: {@code POST /v1/events} and OTLP on the API's port, OTLP/HTTP and OTLP/gRPC on their own. Vert.x routes: the body
 * is streamed, and a request that may not be read yet stays in the sender's socket.
 */
@ApplicationScoped
public class IngestHttp {
    private static final String EVENTS_PATH = "/v1/events";
    private static final Map<String, Kind> HTTP_PATHS =
            Map.of("/v1/logs", Kind.OTLP_LOGS, "/v1/traces", Kind.OTLP_TRACES, "/v1/metrics", Kind.OTLP_METRICS);
    private static final Map<String, Kind> GRPC_PATHS = Map.of(
            "/opentelemetry.proto.collector.logs.v1.LogsService/Export", Kind.OTLP_LOGS,
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export", Kind.OTLP_TRACES,
            "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", Kind.OTLP_METRICS);
    private static final String PROTOBUF = "application/x-protobuf";
    /** As on the API's port (quarkus.http.idle-timeout). */
    private static final int IDLE_SECONDS = 75;
    /** How often bodies are looked at that others wait for; a look that is late by more says nothing about them. */
    private static final long SLOW_CHECK_MS = 50;

    private static final long SLOW_CHECK_LATE_NANOS = 100_000_000;

    private final Vertx vertx;
    private final HttpGuard guard;
    private final IngestService service;
    private final OtlpConfig config;
    private final ListenAddress address;
    private final List<HttpServer> servers = new ArrayList<>();
    private long slowCheckedNanos = System.nanoTime();
    private long slowCheck = -1;
    private volatile int httpPort;
    private volatile int grpcPort;

    IngestHttp(Vertx vertx, HttpGuard guard, IngestService service, OtlpConfig config, ListenAddress address) {
        this.vertx = vertx;
        this.guard = guard;
        this.service = service;
        this.config = config;
        this.address = address;
    }

    /** The port that OTLP/HTTP listens on, known once started. */
    public int otlpHttpPort() {
        return httpPort;
    }

    /** The port that OTLP/gRPC listens on, known once started. */
    public int otlpGrpcPort() {
        return grpcPort;
    }

    /** Whether records are sent to this path of the API's port. */
    public static boolean takes(String path) {
        return EVENTS_PATH.equals(path) || HTTP_PATHS.containsKey(path);
    }

    void routes(@Observes Router router) {
        router.route(EVENTS_PATH).handler(context -> events(context.request()));
        HTTP_PATHS.forEach((path, kind) -> router.route(path).handler(context -> otlp(context.request(), kind)));
    }

    void start(@Observes StartupEvent started) {
        HttpServerOptions http = options(config.httpPort()).setHttp2ClearTextEnabled(false);
        HttpServerOptions grpc = options(config.grpcPort());
        ApiPortOptions.bound(grpc);
        httpPort = listen(
                http,
                new GuardedPort(
                        "otlp_http", Map.of(), IngestHttp::unauthenticated, this::unavailable, this::otlpHttp, true));
        grpcPort = listen(
                grpc,
                new GuardedPort(
                        "otlp_grpc",
                        Map.of(),
                        request -> grpc(request, new Outcome.Unauthenticated()),
                        request -> grpc(request, service.unavailable()),
                        this::otlpGrpc,
                        true));
        slowCheck = vertx.setPeriodic(SLOW_CHECK_MS, _ -> cutSlow());
    }

    private HttpServerOptions options(int port) {
        return new HttpServerOptions()
                .setHost(address.literal())
                .setPort(port)
                .setIdleTimeout(IDLE_SECONDS)
                .setReuseAddress(true);
    }

    /** Senders are not slow because this process stood still. */
    private void cutSlow() {
        long now = System.nanoTime();
        if (now - slowCheckedNanos < SLOW_CHECK_LATE_NANOS) {
            service.cutSlow();
        }
        slowCheckedNanos = now;
    }

    private int listen(HttpServerOptions options, GuardedPort port) {
        HttpServer server = guard.server(options, port);
        server.listen().toCompletionStage().toCompletableFuture().join();
        servers.add(server);
        return server.actualPort();
    }

    /** Closes OTLP's own ports; returns when they are. */
    public void close() {
        vertx.cancelTimer(slowCheck);
        servers.forEach(server ->
                server.close().toCompletionStage().toCompletableFuture().join());
    }

    /** Answers a request that has no token, in the words of what it asks for; on any HTTP port. */
    public static void unauthenticated(HttpServerRequest request) {
        answer(request, new Outcome.Unauthenticated());
    }

    /** Answers 503 where a handler failed, in the words of what was asked; on any HTTP port. */
    public void unavailable(HttpServerRequest request) {
        answer(request, service.unavailable());
    }

    private static void answer(HttpServerRequest request, Outcome outcome) {
        Kind kind = HTTP_PATHS.get(request.path());
        boolean protobuf = mediaType(request).equals(PROTOBUF);
        Answers answers = kind == null && !protobuf
                ? EventAnswers.INSTANCE
                : OtlpHttpAnswers.of(kind == null ? Kind.OTLP_LOGS : kind, !protobuf);
        answers.write(request.response(), outcome);
    }

    /** HTTP/1 has no trailers that a gRPC client would read. */
    private static void grpc(HttpServerRequest request, Outcome outcome) {
        Answers answers =
                request.version() == HttpVersion.HTTP_2 ? OtlpGrpcAnswers.of(Kind.OTLP_LOGS) : EventAnswers.INSTANCE;
        answers.write(request.response(), outcome);
    }

    private void events(HttpServerRequest request) {
        if (!HttpMethod.POST.equals(request.method())) {
            request.response().putHeader("Allow", "POST");
            problem(request, 405, "method_not_allowed", "Only POST is served here.");
            return;
        }
        start(request, new Protocol(Kind.EVENTS, Form.JSON, EventAnswers.INSTANCE));
    }

    private void otlpHttp(HttpServerRequest request) {
        Kind kind = HTTP_PATHS.get(request.path());
        if (kind == null) {
            unknownPath(request);
            return;
        }
        otlp(request, kind);
    }

    private void otlp(HttpServerRequest request, Kind kind) {
        String media = mediaType(request);
        boolean protobuf = media.equals(PROTOBUF);
        OtlpHttpAnswers answers = OtlpHttpAnswers.of(kind, !protobuf);
        if (!HttpMethod.POST.equals(request.method())) {
            answers.notAllowed(request.response());
        } else if (!protobuf && !media.equals("application/json")) {
            answers.write(
                    request.response(),
                    new Outcome.Unsupported(
                            "unsupported_content_type", "OTLP is application/x-protobuf or application/json."));
        } else {
            start(request, new Protocol(kind, protobuf ? Form.PROTOBUF : Form.JSON, answers));
        }
    }

    /** In lower case and without parameters; empty where there is none. */
    private static String mediaType(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        return type == null
                ? ""
                : type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    }

    /** An exporter that was given a wrong path understands a status; everybody else a problem. */
    private static void unknownPath(HttpServerRequest request) {
        if (mediaType(request).equals(PROTOBUF)) {
            OtlpHttpAnswers.unknownPath(request.response());
        } else {
            problem(request, 404, "not_found", "OTLP is served at /v1/logs, /v1/traces and /v1/metrics.");
        }
    }

    private void otlpGrpc(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            problem(
                    request,
                    400,
                    "http2_required",
                    "OTLP/gRPC is spoken over HTTP/2; OTLP/HTTP has a port of its own.");
            return;
        }
        Kind kind = GRPC_PATHS.get(request.path());
        String type = request.getHeader("Content-Type");
        if (kind == null || type == null || !type.startsWith("application/grpc")) {
            OtlpGrpcAnswers.unimplemented(request.response());
            return;
        }
        start(request, new Protocol(kind, Form.GRPC, OtlpGrpcAnswers.of(kind)));
    }

    private void start(HttpServerRequest request, Protocol protocol) {
        new Exchange(service, request, protocol, vertx.getOrCreateContext()).start();
    }

    private static void problem(HttpServerRequest request, int status, String code, String detail) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", ProblemDetail.MEDIA_TYPE)
                .end(Buffer.buffer(JsonAnswers.problem(status, code, detail)));
    }
}
