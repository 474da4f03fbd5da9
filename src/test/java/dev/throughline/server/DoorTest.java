package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throughline.access.RawHttp;
import dev.throughline.ingest.IngestHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Without the token nothing is answered on any port but what is named in one list, however a request for it is written: every route that
 * the program knows, in many spellings, by every method, over HTTP/1, HTTP/2 and the upgrade between them, which is not answered.
 */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
@QuarkusTestResource(value = ProbePortTest.On.class, restrictToAnnotatedClass = true)
class DoorTest {
    /** The whole list. Another entry is a decision. */
    private static final Set<String> PUBLIC =
            Set.of("/", "/index.html", "/app.js", "/app.css", "/q/health/live", "/q/health/ready", "/q/health/started");

    private static final Set<String> PROBES = Set.of("/q/health/live", "/q/health/ready", "/q/health/started");

    private static final List<String> METHODS = List.of(
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "BREW", "CONNECT");

    private static final Set<Integer> REFUSED = Set.of(400, 401, 404, 405);

    @Inject
    HttpServer server;

    @Inject
    IngestHttp ingest;

    @Inject
    ProbePort probes;

    @Inject
    Router router;

    @Inject
    Vertx vertx;

    private List<String> paths;

    @BeforeEach
    void everyPath() {
        Set<String> known = new LinkedHashSet<>(PUBLIC);
        JsonNode described =
                new Sender(server.getPort()).get("/openapi?format=json").json().get("paths");
        described.fieldNames().forEachRemaining(path -> known.add(path.replaceAll("\\{\\w+}", Events.correlationId())));
        router.getRoutes().stream()
                .map(io.vertx.ext.web.Route::getPath)
                .filter(path -> path != null && path.startsWith("/"))
                .map(path -> path.replaceAll(":\\w+|\\*", "x"))
                .forEach(known::add);
        known.addAll(
                List.of("/q/health", "/q/health/well", "/q/metrics", "/q/health/group/x", "/openapi.json", "/nope"));
        known.add("/opentelemetry.proto.collector.logs.v1.LogsService/Export");
        assertThat(known)
                .contains("/v1/records", "/v1/status", "/v1/events", "/v1/policy", "/v1/quarantine", "/q/metrics");
        paths = List.copyOf(known);
    }

    /** The same path in other words: some library somewhere takes each of them for the path itself. */
    private static List<String> spellings(String path) {
        List<String> all =
                new ArrayList<>(List.of(path, path + "?x=1", path + "/", path + ";a=b", path + "%00", path + "\u0001"));
        int second = path.indexOf('/', 1);
        String first = second < 0 ? path : path.substring(0, second);
        String rest = second < 0 ? "" : path.substring(second);
        all.addAll(List.of(
                first + ";" + rest,
                first + ";x=/../y" + rest,
                first + ".json" + rest,
                "/" + path,
                path.replace("/", "//"),
                path.replace("/", "/./"),
                "/x/.." + path,
                "/x/%2e%2e" + path,
                "/%2e" + path,
                first + "%2f" + rest.replaceFirst("^/", ""),
                first + "%5c" + rest.replaceFirst("^/", ""),
                path.replace("/", "\\"),
                first + "/" + rest,
                first + "%20" + rest,
                first + "%3b" + rest,
                path.toUpperCase(java.util.Locale.ROOT),
                path.replace("v", "%76"),
                path.replace("q", "%71"),
                "http://127.0.0.1" + path,
                "http://example.com" + path,
                "//example.com" + path,
                "*",
                ""));
        return all;
    }

    @Test
    void everySpellingOfEveryRouteByEveryMethodNeedsTheTokenOverHttp1() throws Exception {
        for (int port : new int[] {server.getPort(), ingest.otlpHttpPort(), ingest.otlpGrpcPort(), probes.port()}) {
            List<String> wrong = new ArrayList<>();
            int asked = 0;
            for (String path : paths) {
                for (String target : spellings(path)) {
                    for (String method : target.equals(path) ? METHODS : List.of("GET", "POST", "OPTIONS")) {
                        int status = RawHttp.status(port, method + " " + target + " HTTP/1.1");
                        asked++;
                        if (!isExpected(port, method, target, status)) {
                            wrong.add(port + " " + method + " " + target + ": " + status);
                        }
                    }
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(asked).isGreaterThan(1000);
        }
    }

    private boolean isExpected(int port, String method, String target, int status) {
        boolean read = method.equals("GET") || method.equals("HEAD");
        String path = target.replaceAll("\\?.*", "");
        boolean open =
                port == server.getPort() ? PUBLIC.contains(path) : port == probes.port() && PROBES.contains(path);
        return read && open ? status == 200 : REFUSED.contains(status);
    }

    @Test
    void theMatrixParameterOfTheTrialIsRefusedWithAndWithoutItsTrick() throws Exception {
        assertThat(RawHttp.status(server.getPort(), "GET /v1;/records HTTP/1.1"))
                .isEqualTo(400);
        assertThat(RawHttp.status(server.getPort(), "GET /v1/records HTTP/1.1")).isEqualTo(401);
        assertThat(RawHttp.status(
                        server.getPort(), "GET /v1/records HTTP/1.1", "Authorization: Bearer " + TemporaryData.token()))
                .isEqualTo(200);
    }

    @Test
    void everyRouteNeedsTheTokenOverHttp2() throws Exception {
        for (boolean upgrade : new boolean[] {false, true}) {
            HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(upgrade)
                    .setHttp2ClearTextUpgradeWithPreflightRequest(false));
            try {
                for (String path : paths) {
                    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS)) {
                        for (String target : List.of(path, path + ";a", "/x/.." + path)) {
                            HttpClientResponse answer = ask(client, server.getPort(), method, target);
                            assertThat(answer.version()).isEqualTo(upgrade ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_2);
                            assertThat(isExpected(server.getPort(), method.name(), target, answer.statusCode()))
                                    .as("%s %s: %d", method, target, answer.statusCode())
                                    .isTrue();
                        }
                    }
                    HttpClientResponse grpc = ask(client, ingest.otlpGrpcPort(), HttpMethod.POST, path);
                    if (upgrade) {
                        assertThat(grpc.statusCode()).as(path).isEqualTo(401);
                    } else {
                        assertThat(grpc.trailers().get("grpc-status")).as(path).isEqualTo("16");
                    }
                }
            } finally {
                client.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
            }
        }
    }

    private HttpClientResponse ask(HttpClient client, int port, HttpMethod method, String target) throws Exception {
        CompletableFuture<HttpClientResponse> answered = new CompletableFuture<>();
        // On one event loop, so that the end of an answer is not missed.
        vertx.getOrCreateContext()
                .runOnContext(_ -> client.request(new RequestOptions()
                                .setHost("127.0.0.1")
                                .setPort(port)
                                .setMethod(method)
                                .setURI(target))
                        .compose(request -> request.send())
                        .compose(response -> response.end().map(response))
                        .onSuccess(answered::complete)
                        .onFailure(answered::completeExceptionally));
        return answered.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aForeignNameOrOriginIsRefused() throws Exception {
        int api = server.getPort();
        for (String host : List.of("127.0.0.1:8080", "localhost", "[::1]:80", "gateway", "10.1.2.3")) {
            assertThat(RawHttp.answer(api, "GET / HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 200");
        }
        for (String host : List.of(
                "evil.example", "evil.example:8080", "127.0.0.1.nip.example", "localhost.example", "1.2.3.4.5")) {
            assertThat(RawHttp.answer(api, "GET / HTTP/1.1", "Host: " + host))
                    .as(host)
                    .startsWith("HTTP/1.1 403")
                    .contains("\"unknown_host\"");
            assertThat(RawHttp.answer(api, "GET /v1/status HTTP/1.1", "Host: " + host, bearer()))
                    .as("nobody is led there with a token")
                    .startsWith("HTTP/1.1 200");
        }
        for (int port : new int[] {api, ingest.otlpHttpPort(), probes.port()}) {
            for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:1", "file://")) {
                assertThat(RawHttp.answer(
                                port, "GET /q/health/live HTTP/1.1", "Host: 127.0.0.1", "Origin: " + origin, bearer()))
                        .as(origin)
                        .startsWith("HTTP/1.1 403")
                        .contains("\"foreign_origin\"");
            }
        }
        assertThat(RawHttp.answer(api, "GET / HTTP/1.1", "Host: 127.0.0.1:1", "Origin: http://127.0.0.1:1"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void anAnswerIsNeitherKeptNorGuessedNorFramed() throws Exception {
        for (String path : List.of("/v1/status", "/v1/nope", "/v1/records?limit=x", "/v1/events", "/q/metrics")) {
            assertThat(RawHttp.answer(server.getPort(), "GET " + path + " HTTP/1.1", "Host: x", bearer()))
                    .as(path)
                    .containsIgnoringCase("\r\ncache-control: no-store\r\n")
                    .containsIgnoringCase("\r\nx-content-type-options: nosniff\r\n");
        }
        Sender.Answer taken = new Sender(server.getPort()).post("/v1/events", Events.event(Events.correlationId(), 1));
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.header("Cache-Control")).isEqualTo("no-store");
        Sender.Answer page = new Sender(server.getPort()).get("/");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("Content-Security-Policy"))
                .contains("frame-ancestors 'none'")
                .contains("script-src 'self'");
    }

    @Test
    void assetsCarryTheirVersion() {
        Sender api = new Sender(server.getPort());
        String page = api.get("/").text();
        for (String asset : List.of("/app.js", "/app.css")) {
            String versioned = java.util.regex.Pattern.compile(asset.replace(".", "\\.") + "\\?v=[0-9a-f]{16}")
                    .matcher(page)
                    .results()
                    .map(java.util.regex.MatchResult::group)
                    .collect(Collectors.joining());
            assertThat(api.get(versioned).header("Cache-Control")).contains("immutable");
            assertThat(api.get(asset).header("Cache-Control")).isEqualTo("no-cache");
            assertThat(api.get(asset + "?v=0123456789abcdef").header("Cache-Control"))
                    .isEqualTo("no-cache");
            assertThat(api.get(versioned).text())
                    .isEqualTo(api.get(asset).text())
                    .isNotEmpty();
        }
    }

    private static String bearer() {
        return "Authorization: Bearer " + TemporaryData.token();
    }
}
