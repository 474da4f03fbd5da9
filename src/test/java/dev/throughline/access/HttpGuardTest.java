package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.Defects;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door over a server with nothing behind it but these handlers; what the program's own routes are is {@code DoorTest}'s. */
class HttpGuardTest {
    private static final String TOKEN = "a-token-of-some-length";
    private static final String BEARER = "Authorization: Bearer " + TOKEN;
    private static final String HOST = "Host: gateway.example";

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private final ConcurrentLinkedQueue<String> served = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    private HttpGuard guard;
    private int port;

    private record Config(int port, Optional<List<String>> allowedHosts, int connectionsMax, boolean publicMetrics)
            implements HttpConfig {}

    @BeforeEach
    void open() throws Exception {
        guard = new HttpGuard(
                vertx,
                AccessToken.of(TOKEN),
                new Defects(metrics),
                new Config(0, Optional.of(List.of("Gateway.example")), 100, false),
                metrics);
        GuardedPort guarded = new GuardedPort(
                "test",
                Map.of("/open", request -> request.response().end("open")),
                request -> request.response().setStatusCode(401).end("who?"),
                request -> request.response()
                        .setStatusCode(503)
                        .putHeader("Retry-After", "2")
                        .end("later"),
                this::serve,
                true);
        HttpServerOptions options =
                new HttpServerOptions().setHost("127.0.0.1").setPort(0).setMaxHeaderSize(8192);
        port = guard.server(options, guarded)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private void serve(HttpServerRequest request) {
        served.add(request.method() + " " + request.uri());
        switch (request.path()) {
            case "/throws" -> throw new IllegalStateException("planted");
            case "/held" -> held.add(request);
            case "/body" -> request.bodyHandler(body -> request.response().end("read " + body.length()));
            default -> request.response().end("served");
        }
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private String send(String head, String body) throws IOException {
        return RawHttp.bytes(port, head.replace("\n", "\r\n") + "\r\n\r\n" + body);
    }

    private static void isProblem(String answer, int status, String code) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("x-content-type-options: nosniff")
                .containsIgnoringCase("connection: close")
                .contains("\"status\":" + status)
                .contains("\"code\":\"" + code + "\"")
                .endsWith("}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\nContent-Length: 5",
                "Content-Length: 5\nTransfer-Encoding: chunked",
                "Transfer-Encoding: identity",
                "Content-Length: 5\nContent-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: -1",
                "Host: other.example",
                "Host : gateway.example",
                "Transfer-Encoding : chunked",
                "X Y: z",
                ": z",
                "NoColon"
            })
    void whatCanBeReadInTwoWaysIsRefusedAndNothingBehindItIsServed(String header) throws IOException {
        String smuggled = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n" + BEARER + "\r\n\r\n";
        String answer = send("POST /body HTTP/1.1\n" + HOST + "\n" + BEARER + "\n" + header, "0\r\n\r\n" + smuggled);
        isProblem(answer, 400, "malformed_request");
        assertThat(answer.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
        assertThat(served).isEmpty();
    }

    @Test
    void chunkedIsRead() throws IOException {
        for (String coding : List.of("chunked", "Chunked", " chunked ")) {
            String head =
                    "POST /body HTTP/1.1\n" + HOST + "\n" + BEARER + "\nConnection: close\nTransfer-Encoding:" + coding;
            assertThat(send(head, "3\r\nabc\r\n0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("read 3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nabc\r\n", "-1\r\nabc\r\n", "3\r\nabcd\r\n0\r\n\r\n"})
    void aMalformedChunkIsAProblem(String body) throws IOException {
        String head = "POST /body HTTP/1.1\n" + HOST + "\n" + BEARER + "\nTransfer-Encoding: chunked";
        isProblem(send(head, body), 400, "malformed_request");
    }

    @Test
    void aHeadOverItsBoundIsAProblem() throws IOException {
        isProblem(send("GET /" + "a".repeat(9000) + " HTTP/1.1\n" + HOST, ""), 414, "uri_too_long");
        isProblem(send("GET / HTTP/1.1\n" + HOST + "\nX-Long: " + "a".repeat(9000), ""), 431, "headers_too_large");
        isProblem(send("NONSENSE", ""), 400, "malformed_request");
        isProblem(send("GET / HTTP/1.1", ""), 400, "malformed_request");
        isProblem(send("GET / HTTP/9.9.9\n" + HOST, ""), 400, "malformed_request");
    }

    @Test
    void aRequestBeforeTheMalformedOneIsAnsweredFirst() throws IOException {
        String answer =
                send("GET /first HTTP/1.1\n" + HOST + "\n" + BEARER, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").contains("servedHTTP/1.1 400");
        assertThat(served).containsExactly("GET /first");
    }

    @Test
    void aNameThatIsConfiguredIsOurs() throws IOException {
        assertThat(RawHttp.answer(port, "GET /open HTTP/1.1", "Host: GATEWAY.example:443"))
                .endsWith("open");
        assertThat(RawHttp.answer(port, "GET /open HTTP/1.1", "Host: other.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(RawHttp.answer(port, "GET /open HTTP/1.0"))
                .startsWith("HTTP/1.")
                .endsWith("open");
        assertThat(RawHttp.answer(port, "GET /open HTTP/1.1", "Host: x", "Origin: https://gateway.example"))
                .endsWith("open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::1].evil.example",
                "127.0.0.1:80@evil.example",
                "127.0.0.1:abc",
                "127.0.0.1:123456",
                "localhost@evil.example",
                "[::1",
                "[::1]x",
                "::1",
                "127.0.0.1/x",
                "gateway.example.evil.example",
                "localhost."
            })
    void aNameThatOnlyLooksLikeOursIsForeign(String host) throws IOException {
        assertThat(RawHttp.answer(port, "GET /open HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 403");
    }

    @Test
    void whoSaysTwiceWhoHeIsIsNobody() throws IOException {
        for (String twice :
                List.of("Authorization: Bearer other", "Origin: http://127.0.0.1\r\nOrigin: http://e.example")) {
            assertThat(RawHttp.answer(port, "GET /x HTTP/1.1", HOST, BEARER, twice))
                    .startsWith("HTTP/1.1 400")
                    .contains("malformed_request");
        }
        assertThat(served).isEmpty();
    }

    @Test
    void onlyPagesOfTheWebAreOrigins() throws IOException {
        for (String origin : List.of("ftp://127.0.0.1:1", "file://127.0.0.1:1", "//127.0.0.1:1", "null", "")) {
            assertThat(RawHttp.answer(port, "GET /open HTTP/1.1", "Host: 127.0.0.1:1", "Origin: " + origin))
                    .as(origin)
                    .startsWith("HTTP/1.1 403");
        }
        assertThat(RawHttp.answer(port, "GET /open HTTP/1.1", "Host: 127.0.0.1:1", "Origin: http://127.0.0.1:1"))
                .endsWith("open");
    }

    @Test
    void aHandlerThatFailsIsA503AndADefect() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(RawHttp.answer(port, "GET /throws HTTP/1.1", HOST, BEARER))
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: 2")
                    .doesNotContain("planted");
        }
        assertThat(metrics.counter("throughline_defects", "kind", "IllegalStateException", "part", "test")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void wrongTokensAreSlowedAndRightOnesAreNot() throws IOException {
        for (int i = 0; i < 6; i++) {
            assertThat(RawHttp.answer(port, "GET /x HTTP/1.1", HOST, "Authorization: Bearer guess-" + i))
                    .startsWith("HTTP/1.1 401");
        }
        long wrong = System.nanoTime();
        assertThat(RawHttp.answer(port, "GET /x HTTP/1.1", HOST, "Authorization: Bearer guess"))
                .startsWith("HTTP/1.1 401");
        assertThat(Duration.ofNanos(System.nanoTime() - wrong)).isGreaterThan(Duration.ofMillis(380));
        long right = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertThat(RawHttp.answer(port, "GET /x HTTP/1.1", HOST, BEARER)).endsWith("served");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - right)).isLessThan(Duration.ofMillis(380));
        assertThat(metrics.counter("throughline_failed_authentications", "port", "test", "reason", "wrong")
                        .count())
                .isEqualTo(7);
    }

    @Test
    void aRefusedBodyIsReadAndTheConnectionServesTheNextRequest() throws IOException {
        String body = "x".repeat(100_000);
        String refused = "POST /x HTTP/1.1\r\n" + HOST + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        String next = "GET /x HTTP/1.1\r\n" + HOST + "\r\n" + BEARER + "\r\nConnection: close\r\n\r\n";
        assertThat(RawHttp.bytes(port, refused + next))
                .startsWith("HTTP/1.1 401")
                .endsWith("served");
    }

    @Test
    void aDrainEndsEachConnectionWithItsAnswerAndWaitsForWhatIsUnderWay() throws Exception {
        try (Socket open = new Socket("127.0.0.1", port)) {
            open.getOutputStream()
                    .write(("GET /held HTTP/1.1\r\n" + HOST + "\r\n" + BEARER + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(5)).until(() -> !held.isEmpty());
            guard.drain();
            assertThat(guard.awaitAnswers(200)).isFalse();
            HttpServerRequest request = held.remove();
            vertx.runOnContext(_ -> request.response().end("at last"));
            assertThat(guard.awaitAnswers(5_000)).isTrue();
            InputStream in = open.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("connection: close")
                    .endsWith("at last");
        }
    }
}
