package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that stall, break off and flood: they cost others nothing, and what they held comes back. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
@QuarkusTestResource(value = AdmissionTest.Bounds.class, restrictToAnnotatedClass = true)
class AdmissionTest {
    private static final int MIB = 1 << 20;
    private static final int CONNECTIONS_MAX = 150;
    private static final String LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    private static final Pattern USED =
            Pattern.compile("^throughline_ingest_(?:budget_used_bytes|bodies)\\{[^}]*} (.*)$", Pattern.MULTILINE);

    @Inject
    HttpServer server;

    @Inject
    dev.throughline.ingest.IngestHttp ports;

    @Inject
    Vertx vertx;

    private final List<Socket> sockets = new ArrayList<>();

    /** A small bound on connections, and no patience. */
    public static class Bounds implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of(
                    "throughline.http.connections-max",
                    Integer.toString(CONNECTIONS_MAX),
                    "throughline.ingest.in-flight-wait-ms",
                    "3000");
        }

        @Override
        public void stop() {}
    }

    @AfterEach
    void everythingComesBack() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Matcher used =
                    USED.matcher(new Sender(server.getPort()).get("/q/metrics").text());
            assertThat(used.results().map(each -> each.group(1)).toList())
                    .hasSize(5)
                    .containsOnly("0.0");
        });
        assertThat(new Sender(server.getPort()).get("/q/health/well").text()).contains("ingest-memory");
    }

    @Test
    void silentSocketsStarveNobody() throws IOException {
        for (int i = 0; i < 20; i++) {
            open(server.getPort(), head("/v1/events", 16 * MIB));
            write(open(server.getPort(), head("/v1/events", 16 * MIB)), new byte[1000]);
            write(open(server.getPort(), head("/v1/events", MIB)), new byte[1000]);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(events(10).status()).isEqualTo(200);
        }
    }

    @Test
    void aLargeBodyComesInWhileOthersStall() throws IOException {
        for (int i = 0; i < 3; i++) {
            write(open(server.getPort(), head("/v1/events", 16 * MIB)), new byte[1000]);
        }
        assertThat(events(20_000).status()).isEqualTo(200);
    }

    @Test
    void aStalledBodyThatOthersWaitForIsTold503() throws IOException {
        Socket stalled = open(server.getPort(), head("/v1/events", 16 * MIB));
        write(stalled, new byte[1000]);
        assertThat(events(20_000).status()).isEqualTo(200);
        assertThat(readAll(stalled))
                .startsWith("HTTP/1.1 503")
                .contains("slow_body")
                .containsIgnoringCase("retry-after");
    }

    @Test
    void anOverlongUploadSeesItsAnswer() throws IOException {
        Socket upload = open(server.getPort(), head("/v1/events", 40 * MIB));
        byte[] piece = new byte[MIB];
        for (int i = 0; i < 40; i++) {
            write(upload, piece);
        }
        assertThat(readOne(upload)).startsWith("HTTP/1.1 413").contains("body_too_large");
    }

    @Test
    void anOverlongUploadInChunksSeesItsAnswer() throws IOException {
        Socket upload = open(server.getPort(), head("/v1/events", -1));
        byte[] piece = new byte[MIB];
        for (int i = 0; i < 40; i++) {
            write(upload, "100000\r\n".getBytes(StandardCharsets.US_ASCII));
            write(upload, piece);
            write(upload, "\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        write(upload, "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(readOne(upload)).startsWith("HTTP/1.1 413").contains("body_too_large");
    }

    @Test
    void unfinishedMessagesOnManyConnectionsAreBounded() throws Exception {
        List<HttpClient> clients = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            HttpClient client = grpcClient();
            clients.add(client);
            HttpClientRequest request = stream(client);
            request.write(message(MIB).slice(0, MIB / 2));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(events(10).status()).isEqualTo(200);
        }
        for (HttpClient client : clients) {
            client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** As a Collector sends: many exports at one time over one connection, of which each is read while others wait. */
    @Test
    void oneConnectionMayBringMoreThanItsShareAtOneTime() throws Exception {
        HttpClient client = grpcClient();
        List<Future<String>> statuses = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            statuses.add(client.request(
                            new RequestOptions().setMethod(HttpMethod.POST).setURI(LOGS))
                    .compose(request -> request.putHeader("content-type", "application/grpc")
                            .putHeader("te", "trailers")
                            .putHeader("authorization", "Bearer " + TemporaryData.token())
                            .send(message(600 << 10)))
                    .compose(response -> response.end().map(_ -> {
                        String status = response.getTrailer("grpc-status");
                        return status == null ? response.getHeader("grpc-status") : status;
                    })));
        }
        for (Future<String> status : statuses) {
            assertThat(status.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .as("zeros are not OTLP")
                    .isEqualTo("3");
        }
        client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void streamsThatAreResetWhileTheyWaitGiveTheirTurnBack() throws Exception {
        HttpClient client = grpcClient();
        List<HttpClientRequest> streams = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            HttpClientRequest stream = stream(client);
            stream.write(message(584 << 10).slice(0, 500 << 10));
            streams.add(stream);
        }
        streams.subList(24, 48).forEach(HttpClientRequest::reset);
        streams.subList(0, 24).forEach(HttpClientRequest::reset);
        assertThat(events(10).status()).isEqualTo(200);
        client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Sockets that close and streams that are reset at any moment; {@link #everythingComesBack} is what is asserted. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverBreaksOffComesBack(long seed) throws Exception {
        Random random = new Random(seed);
        HttpClient client = grpcClient();
        List<Runnable> endings = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            int bytes = random.nextInt(3 * MIB);
            int sent = random.nextInt(bytes + 1);
            if (random.nextBoolean()) {
                HttpClientRequest stream = stream(client);
                stream.write(message(bytes).slice(0, Math.min(sent, bytes)));
                endings.add(random.nextInt(4) == 0 ? stream::end : stream::reset);
            } else {
                Socket socket = open(server.getPort(), head("/v1/events", random.nextInt(4) == 0 ? -1 : bytes));
                Thread.ofVirtual().start(() -> writeQuietly(socket, new byte[sent]));
                endings.add(() -> closeQuietly(socket));
            }
            if (!endings.isEmpty() && random.nextInt(3) != 0) {
                endings.remove(random.nextInt(endings.size())).run();
            }
        }
        endings.forEach(Runnable::run);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(events(10).status()).isEqualTo(200));
        client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void connectionsOfAPortAreBoundedAndTheLongestUnusedGoes() throws IOException {
        Socket first = open(ports.otlpHttpPort(), "");
        for (int i = 0; i < CONNECTIONS_MAX; i++) {
            open(ports.otlpHttpPort(), "");
        }
        first.setSoTimeout(10_000);
        assertThat(first.getInputStream().read()).as("closed").isEqualTo(-1);
        assertThat(new Sender(ports.otlpHttpPort())
                        .post("/v1/logs", "{}", "Content-Type", "application/json")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void requestsSentAheadOfTheirAnswersAreBounded() throws IOException {
        Socket stalled = open(server.getPort(), head("/v1/events", 100));
        write(stalled, new byte[10]);
        Socket flooding = open(server.getPort(), head("/v1/events", 3));
        byte[] ahead = ("[]\n" + head("/v1/events", 3)).repeat(2000).getBytes(StandardCharsets.US_ASCII);
        writeQuietly(flooding, ahead);
        flooding.setSoTimeout(10_000);
        String answers = readAll(flooding);
        assertThat(answers.split("HTTP/1.1 ", -1).length)
                .as("answers before it is closed")
                .isLessThan(2000);
    }

    private Sender.Answer events(int count) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < count; i++) {
            body.append(Events.event(Events.correlationId(), i)).append('\n');
        }
        return new Sender(server.getPort()).post("/v1/events", body.toString());
    }

    private HttpClient grpcClient() {
        return vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MaxPoolSize(1)
                .setDefaultPort(ports.otlpGrpcPort())
                .setDefaultHost("127.0.0.1"));
    }

    private static HttpClientRequest stream(HttpClient client) throws Exception {
        HttpClientRequest request = client.request(
                        new RequestOptions().setMethod(HttpMethod.POST).setURI(LOGS))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        request.setChunked(true)
                .putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers")
                .putHeader("authorization", "Bearer " + TemporaryData.token());
        CountDownLatch sent = new CountDownLatch(1);
        request.sendHead(_ -> sent.countDown());
        sent.await(10, TimeUnit.SECONDS);
        return request;
    }

    private static Buffer message(int bytes) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(bytes).appendBytes(new byte[bytes]);
    }

    private static String head(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + TemporaryData.token()
                + "\r\n" + (length < 0 ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n";
    }

    private Socket open(int port, String head) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        sockets.add(socket);
        write(socket, head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void write(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private static void writeQuietly(Socket socket, byte[] bytes) {
        try {
            write(socket, bytes);
        } catch (IOException e) {
            // Closed by one side or the other, as is wanted.
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed already.
        }
    }

    /** Until the other side closes. */
    private static String readAll(Socket socket) throws IOException {
        socket.setSoTimeout(15_000);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(read);
        } catch (SocketException e) {
            // Reset behind the last answer.
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** What one read brings. */
    private static String readOne(Socket socket) throws IOException {
        socket.setSoTimeout(15_000);
        InputStream in = socket.getInputStream();
        byte[] read = new byte[4096];
        int length = in.read(read);
        return new String(read, 0, Math.max(0, length), StandardCharsets.UTF_8);
    }
}
