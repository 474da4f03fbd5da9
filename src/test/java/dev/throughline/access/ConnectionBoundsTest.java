package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.Defects;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one connection, and all of them, may do before a request with the token comes. */
class ConnectionBoundsTest {
    private static final String TOKEN = "the-right-token-of-the-test";
    private static final String HOST = "Host: 127.0.0.1\r\n";
    private static final String BEARER = "Authorization: Bearer " + TOKEN + "\r\n";
    private static final int CONNECTIONS = 20;
    private static final byte GOAWAY = 7;
    private static final byte RST_STREAM = 3;
    private static final int ENHANCE_YOUR_CALM = 0xb;
    /** More than the operating system takes of it for a reader who does not read. */
    private static final int LARGE_ANSWER_BYTES = 16 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private HttpGuard guard;
    private int port;

    private record Config(int port, Optional<List<String>> allowedHosts, int connectionsMax, boolean publicMetrics)
            implements HttpConfig {}

    /** A frame as it came; empty payloads too. */
    private record Frame(byte type, byte flags, int stream, ByteBuffer payload) {}

    @BeforeEach
    void open() throws Exception {
        guard = new HttpGuard(
                vertx,
                AccessToken.of(TOKEN),
                new Defects(metrics),
                new Config(0, Optional.empty(), CONNECTIONS, false),
                metrics);
        HttpServerOptions options = new HttpServerOptions();
        options.getInitialSettings().setMaxConcurrentStreams(HttpGuard.STREAMS_AT_FIRST);
        listen(options);
    }

    private void listen(HttpServerOptions options) throws Exception {
        GuardedPort guarded = new GuardedPort(
                "test",
                Map.of(),
                request -> request.response().setStatusCode(401).end("who?"),
                request -> request.response().setStatusCode(503).end(),
                this::serve,
                true);
        port = guard.server(options.setHost("127.0.0.1").setPort(0), guarded)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    private void serve(HttpServerRequest request) {
        served.incrementAndGet();
        guard.whenAnswered(request, answered::incrementAndGet);
        if ("/large".equals(request.path())) {
            request.response().end(Buffer.buffer(new byte[LARGE_ANSWER_BYTES]));
        } else {
            request.bodyHandler(body -> request.response()
                    .end("/echo".equals(request.path()) ? body : Buffer.buffer("read " + body.length())));
        }
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "PRI * HTTP/2.0\r\n", "GET / HT", "GET / HTTP/1.1\r\nHost: 127"})
    void connectionsThatOnlyOpenMakeRoomForRequests(String begun) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * CONNECTIONS; i++) {
                Socket socket = new Socket("127.0.0.1", port);
                socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            assertThat(RawHttp.bytes(port, "GET / HTTP/1.1\r\n" + HOST + BEARER + "Connection: close\r\n\r\n"))
                    .endsWith("read 0");
            await().atMost(Duration.ofSeconds(5)).until(() -> ended("connections") > 2 * CONNECTIONS);
            assertThat(silent.stream().filter(ConnectionBoundsTest::isOpen)).hasSizeLessThan(CONNECTIONS);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeadOverHttp2HasNoContent(boolean authenticated) throws IOException {
        try (Http2 connection = new Http2()) {
            connection.send(1, 5, 1, headers("HEAD", authenticated));
            Frame frame = connection.read();
            while (frame.stream != 1) {
                frame = connection.read();
            }
            assertThat(frame.type).as("HEADERS").isEqualTo((byte) 1);
            while ((frame.flags & 1) == 0) {
                frame = connection.read();
                assertThat(frame.payload.remaining()).isZero();
            }
        }
    }

    @Test
    void aConnectionHasFewStreamsUntilItHasShownTheToken() throws Exception {
        try (Http2 connection = new Http2()) {
            assertThat(connection.streamsMax()).isEqualTo(OpenStreams.WITHOUT_TOKEN_MAX);
            connection.send(1, 5, 1, headers("GET", true));
            assertThat(connection.streamsMax()).isEqualTo(OpenStreams.WITH_TOKEN_MAX);
        }
        try (Http2 connection = new Http2()) {
            for (int stream = 1; stream < 100; stream += 2) {
                connection.send(1, 4, stream, headers("POST", false));
            }
            Frame frame = connection.read();
            while (frame.type != RST_STREAM) {
                frame = connection.read();
            }
            assertThat(frame.payload.getInt()).as("REFUSED_STREAM").isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {6, 9})
    void anHttp2ConnectionThatOnlyKeepsItselfOpenEnds(byte type) throws Exception {
        listen(new HttpServerOptions().setIdleTimeout(1));
        try (Http2 connection = new Http2()) {
            if (type == 9) {
                connection.send(1, 0, 1, headers("GET", true));
            }
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> connection.isEndedAfter(type, type == 9 ? 1 : 0, new byte[type == 9 ? 0 : 8]));
        }
    }

    @Test
    void anHttp2ConnectionWithARequestUnderWayStays() throws Exception {
        listen(new HttpServerOptions().setIdleTimeout(1));
        try (Http2 connection = new Http2()) {
            connection.send(1, 4, 1, headers("POST", true));
            long until = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                connection.send(6, 0, 0, new byte[8]);
                return System.nanoTime() > until;
            });
            connection.send(0, 1, 1, new byte[3]);
            connection.awaitEndOf(1);
        }
    }

    @Test
    void requestsUnderWayWithoutTheTokenMakeRoomForOneWithIt() throws IOException {
        List<Http2> open = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Http2 connection = new Http2();
                connection.send(1, 4, 1, headers("POST", false));
                open.add(connection);
            }
            assertThat(RawHttp.bytes(port, "GET / HTTP/1.1\r\n" + HOST + BEARER + "Connection: close\r\n\r\n"))
                    .endsWith("read 0");
        } finally {
            for (Http2 connection : open) {
                connection.close();
            }
        }
    }

    @Test
    void theNextRequestOfAConnectionWaitsUntilTheAnswerIsTaken() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request = "GET /large HTTP/1.1\r\n" + HOST + BEARER + "\r\n";
            socket.getOutputStream().write(request.repeat(50).getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(5)).until(() -> served.get() > 0);
            await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(5)).until(() -> served.get() == 1);
            assertThat(answered).hasValue(0);
            long read = 0;
            byte[] piece = new byte[1 << 16];
            socket.setSoTimeout(10_000);
            while (read < 50L * LARGE_ANSWER_BYTES) {
                read += socket.getInputStream().read(piece);
            }
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(answered).hasValue(50));
            assertThat(served).hasValue(50);
        }
    }

    @Test
    void requestsFarAheadAreToldSo() throws IOException {
        String request = "GET / HTTP/1.1\r\n" + HOST + BEARER + "\r\n";
        String answers = RawHttp.bytes(port, request.repeat(300));
        int answered = answers.split("read 0", -1).length - 1;
        assertThat(answered).isGreaterThanOrEqualTo(100);
        assertThat(answers.substring(answers.lastIndexOf("HTTP/1.1 ")))
                .startsWith("HTTP/1.1 429")
                .contains("too_many_requests_ahead")
                .containsIgnoringCase("connection: close");
        assertThat(ended("chunks")).isEqualTo(1);
    }

    @Test
    void anAnswerThatNobodyTakesIsOverWithItsConnection() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port);
                Http2 connection = new Http2()) {
            socket.getOutputStream()
                    .write(("GET /large HTTP/1.1\r\n" + HOST + BEARER + "\r\n").getBytes(StandardCharsets.US_ASCII));
            connection.send(1, 5, 1, headers("GET", true));
            await().atMost(Duration.ofSeconds(5)).until(() -> served.get() == 2);
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(answered).hasValue(2));
    }

    @Test
    void aConnectionWithoutTheTokenHasFewStreams() throws IOException {
        try (Http2 connection = new Http2()) {
            for (int i = 0; i < 3 * OpenStreams.WITHOUT_TOKEN_MAX; i++) {
                connection.send(1, 4, 2 * i + 1, headers("POST", false));
            }
            Frame frame = connection.read();
            while (frame.type != RST_STREAM) {
                frame = connection.read();
            }
            assertThat(frame.payload.getInt()).as("REFUSED_STREAM").isEqualTo(7);
            assertThat(frame.stream).isEqualTo(2 * OpenStreams.WITHOUT_TOKEN_MAX + 1);
        }
    }

    @Test
    void whereAllStreamsAreManyAConnectionHasAFew() throws IOException {
        List<Http2> open = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Http2 connection = new Http2();
                open.add(connection);
                connection.showToken();
            }
            int shown = served.get();
            for (Http2 connection : open) {
                for (int j = 1; j < OpenStreams.OF_ALL_MAX / CONNECTIONS + 10; j++) {
                    connection.send(1, 4, 2 * j + 1, headers("POST", true));
                }
            }
            int refused = 0;
            for (Http2 connection : open) {
                refused += connection.refusedSoFar();
            }
            assertThat(refused).isPositive();
            assertThat(served.get() - shown)
                    .isBetween(
                            OpenStreams.OF_ALL_MAX - CONNECTIONS,
                            OpenStreams.OF_ALL_MAX + CONNECTIONS * OpenStreams.AT_LEAST);
        } finally {
            for (Http2 connection : open) {
                connection.close();
            }
        }
        try (Http2 connection = new Http2()) {
            await().atMost(Duration.ofSeconds(5)).until(() -> answered.get() == served.get());
            connection.send(1, 5, 1, headers("GET", true));
            connection.awaitEndOf(1);
        }
    }

    /** Frame types: PRIORITY 2, SETTINGS 4, PING 6, WINDOW_UPDATE 8, and one that nobody knows. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 8, 99})
    void aFloodOfControlFramesEndsItsConnection(int type) throws IOException {
        try (Http2 connection = new Http2()) {
            byte[] payload = switch (type) {
                case 2 -> new byte[] {0, 0, 0, 0, 15};
                case 6 -> new byte[8];
                case 8 -> new byte[] {0, 0, 0, 1};
                default -> new byte[0];
            };
            connection.flood(type, type == 2 ? 1 : 0, payload, 3 * Allowance.MAX);
            assertThat(connection.error()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(ended("frames")).isEqualTo(1);
        }
    }

    @Test
    void aFloodOfStreamsWithoutTheTokenEndsItsConnection() throws IOException {
        try (Http2 connection = new Http2()) {
            byte[] head = headers("GET", false);
            ByteBuffer all = ByteBuffer.allocate(3 * Allowance.MAX * (9 + head.length));
            for (int i = 0; i < 3 * Allowance.MAX; i++) {
                all.put(connection.frame(1, 5, 2 * i + 1, head));
            }
            connection.socket.getOutputStream().write(all.array());
            assertThat(connection.error()).isNotEqualTo(-1);
            assertThat(metrics.counter("throughline_failed_authentications", "port", "test", "reason", "missing")
                            .count())
                    .isLessThan(Allowance.MAX);
        }
    }

    @Test
    void aConnectionWithRequestsMayPing() throws IOException {
        try (Http2 connection = new Http2()) {
            byte[] head = headers("GET", true);
            for (int i = 0; i < Allowance.MAX; i++) {
                connection.send(1, 5, 2 * i + 1, head);
                for (int j = 0; j < Allowance.A_REQUEST - 2; j++) {
                    connection.send(6, 0, 0, new byte[8]);
                }
                connection.awaitEndOf(2 * i + 1);
            }
            assertThat(ended("frames")).isZero();
        }
    }

    @Test
    void aStreamWithoutTheTokenThatDoesNotEndIsReset() throws IOException {
        try (Http2 connection = new Http2()) {
            connection.send(1, 4, 1, headers("POST", false));
            Frame frame = connection.read();
            while (frame.type != RST_STREAM) {
                frame = connection.read();
            }
            assertThat(frame.payload.getInt()).as("NO_ERROR").isZero();
        }
    }

    @Test
    void tinyChunksWithoutTheTokenEndTheirConnection() throws IOException {
        String head = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        assertThat(RawHttp.bytes(port, head + "1\r\nx\r\n".repeat(100_000))).startsWith("HTTP/1.1 401");
        assertThat(ended("chunks")).isEqualTo(1);
    }

    @Test
    void smallChunksWithTheTokenAreRead() throws IOException {
        String head = "POST / HTTP/1.1\r\n" + HOST + BEARER + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(RawHttp.bytes(port, head + "2\r\nxx\r\n".repeat(80_000) + "0\r\n\r\n"))
                .endsWith("read 160000");
    }

    /** One byte a chunk is more than the allowance: it is read slowly, and whole. */
    @Test
    void tinyChunksWithTheTokenAreReadSlowly() throws IOException {
        String head = "POST / HTTP/1.1\r\n" + HOST + BEARER + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(RawHttp.bytes(port, head + "1\r\nx\r\n".repeat(6_000) + "0\r\n\r\n"))
                .endsWith("read 6000");
    }

    /** However a body is cut into chunks, it is read whole, and in order. */
    @Test
    void chunksOfEverySizeAreReadInOrder() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            StringBuilder body = new StringBuilder();
            StringBuilder chunked = new StringBuilder();
            while (body.length() < 60_000) {
                int bytes = 1 + random.nextInt(random.nextInt(10) == 0 ? 9_000 : 20);
                String chunk = Integer.toString(random.nextInt(1 << 30), 36).repeat(1 + bytes / 6);
                body.append(chunk);
                chunked.append(Integer.toHexString(chunk.length()))
                        .append("\r\n")
                        .append(chunk)
                        .append("\r\n");
            }
            String head = "POST /echo HTTP/1.1\r\n" + HOST + BEARER
                    + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertThat(RawHttp.bytes(port, head + chunked + "0\r\n\r\n")).endsWith("\r\n\r\n" + body);
        }
    }

    @Test
    void theUpgradeThatRfc9113TookBackIsNotAnswered() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .header("Authorization", "Bearer " + TOKEN)
                        .POST(HttpRequest.BodyPublishers.ofString("body"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).isEqualTo("read 4");
        assertThat(RawHttp.bytes(
                        port,
                        "GET / HTTP/1.1\r\n" + HOST + BEARER
                                + "Connection: close\r\nUpgrade: h2c\r\nHTTP2-Settings: broken\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void http2IsSpokenFromTheFirstByteOn() throws Exception {
        var client = vertx.createHttpClient(new io.vertx.core.http.HttpClientOptions()
                .setProtocolVersion(io.vertx.core.http.HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
        String answer = client.request(HttpMethod.POST, port, "127.0.0.1", "/")
                .compose(request ->
                        request.putHeader("Authorization", "Bearer " + TOKEN).send("x".repeat(500_000)))
                .compose(response -> response.body())
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .toString();
        assertThat(answer).isEqualTo("read 500000");
    }

    @Test
    void anotherVersionOfHttpIsAProblem() throws IOException {
        for (String version : List.of("HTTP/3.0", "HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "http/1.1", "Http/1.0")) {
            assertThat(RawHttp.bytes(port, "GET / " + version + "\r\n" + HOST + "\r\n"))
                    .startsWith("HTTP/1.1 505")
                    .contains("\"code\":\"version_not_supported\"");
        }
    }

    @Test
    void anAnswerIsSeenThoughItsBodyBreaks() throws IOException {
        String head = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        for (int i = 0; i < 20; i++) {
            assertThat(RawHttp.bytes(port, head + "zz\r\n")).startsWith("HTTP/1.1 4");
        }
    }

    private double ended(String surplus) {
        var counter = metrics.find("throughline_ended_connections")
                .tag("surplus", surplus)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(50);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    /** HPACK (RFC 7541) of literals without indexing, and of what the static table has. */
    private static byte[] headers(String method, boolean authenticated) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        if ("HEAD".equals(method)) {
            block.write(0x02);
            string(block, "HEAD");
        } else {
            block.write("GET".equals(method) ? 0x82 : 0x83);
        }
        block.write(0x86);
        block.write(0x84);
        block.write(0x01);
        string(block, "127.0.0.1:1");
        if (authenticated) {
            block.write(0x0f);
            block.write(23 - 15);
            string(block, "Bearer " + TOKEN);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) throws IOException {
        block.write(text.length());
        block.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Frames without a client that would keep to its manners. */
    private final class Http2 implements AutoCloseable {
        private final Socket socket = new Socket("127.0.0.1", port);
        private final DataInputStream in = new DataInputStream(socket.getInputStream());

        Http2() throws IOException {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            send(4, 0, 0, new byte[0]);
        }

        void send(int type, int flags, int stream, byte[] payload) throws IOException {
            socket.getOutputStream().write(frame(type, flags, stream, payload));
        }

        private byte[] frame(int type, int flags, int stream, byte[] payload) {
            return ByteBuffer.allocate(9 + payload.length)
                    .put((byte) 0)
                    .putShort((short) payload.length)
                    .put((byte) type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload)
                    .array();
        }

        /** In one piece, as far as the other side takes it. */
        void flood(int type, int stream, byte[] payload, int times) throws IOException {
            byte[] one = frame(type, 0, stream, payload);
            ByteBuffer all = ByteBuffer.allocate(one.length * times);
            for (int i = 0; i < times; i++) {
                all.put(one);
            }
            socket.getOutputStream().write(all.array());
        }

        /** What the next SETTINGS say of it. */
        int streamsMax() throws IOException {
            Frame frame = read();
            while (frame.type != 4 || frame.flags != 0) {
                frame = read();
            }
            int max = -1;
            while (frame.payload.hasRemaining()) {
                short setting = frame.payload.getShort();
                int value = frame.payload.getInt();
                max = setting == 3 ? value : max;
            }
            return max;
        }

        /** From here on it may have many streams. */
        void showToken() throws IOException {
            streamsMax();
            send(1, 5, 1, headers("GET", true));
            streamsMax();
            send(4, 1, 0, new byte[0]);
            send(4, 1, 0, new byte[0]);
        }

        /** Streams that were refused of all that was sent. */
        int refusedSoFar() throws IOException {
            send(6, 0, 0, new byte[8]);
            int refused = 0;
            Frame frame = read();
            while (frame.type != 6) {
                if (frame.type == RST_STREAM) {
                    assertThat(frame.payload.getInt()).as("REFUSED_STREAM").isEqualTo(7);
                    refused++;
                }
                frame = read();
            }
            return refused;
        }

        boolean isEndedAfter(int type, int stream, byte[] payload) {
            try {
                send(type, 0, stream, payload);
                return false;
            } catch (IOException ended) {
                return true;
            }
        }

        Frame read() throws IOException {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            byte type = in.readByte();
            byte flags = in.readByte();
            int stream = in.readInt();
            return new Frame(type, flags, stream, ByteBuffer.wrap(in.readNBytes(length)));
        }

        void awaitEndOf(int stream) throws IOException {
            Frame frame = read();
            while (frame.stream != stream || (frame.flags & 1) == 0) {
                frame = read();
            }
        }

        /** The error code of GOAWAY; -1 where the connection ended without one. */
        int error() throws IOException {
            try {
                Frame frame = read();
                while (frame.type != GOAWAY) {
                    frame = read();
                }
                return frame.payload.getInt(4);
            } catch (EOFException | SocketException ended) {
                return -1;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
