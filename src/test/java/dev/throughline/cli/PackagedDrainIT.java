package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.cli.load.JsonNumbers;
import dev.throughline.cli.packaged.RunningServer;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolConfig;
import dev.throughline.telemetry.Stream;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What senders see of a program that was told to stop while its destination is away, so that the drain lasts. */
class PackagedDrainIT {
    private static final String ID = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final String BROKER_AWAY = "127.0.0.1:9";
    /** Some tens of milliseconds on a machine that has nothing else to do. */
    private static final Duration REFUSED_MAX = Duration.ofSeconds(1);

    private final PackagedServers servers;

    PackagedDrainIT() throws Exception {
        servers = new PackagedServers();
    }

    @Test
    void everyPortSays503UntilTheEndAndWhatIsUnderWayIsFinished() throws Exception {
        try (RunningServer server = servers.start(
                List.of("throughline.server.drain-timeout-ms=6000", "throughline.probes.port=0"),
                "--kafka",
                BROKER_AWAY)) {
            assertThat(servers.post(server, "/v1/events", PackagedServers.event(ID, ""))
                            .statusCode())
                    .isEqualTo(200);
            Map<String, Long> ports =
                    JsonNumbers.of(Files.readAllBytes(servers.data().resolve("run/ports.json")));
            assertThat(ports.get("probes")).isPositive();
            String event = PackagedServers.event("corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3M", "");
            try (Socket underWay = new Socket("127.0.0.1", server.target().httpPort())) {
                begin(underWay, server, event);
                CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> terminate(server));
                await().atMost(Duration.ofSeconds(5))
                        .until(() -> servers.get(server, "/q/health/ready").statusCode() == 503);
                isFinished(underWay, event);
                int answered = 0;
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
                while (System.nanoTime() < until) {
                    isTurnedAway(server);
                    assertThat(grpcStatus(server, ports.get("otlp_grpc").intValue()))
                            .isEqualTo("14");
                    assertThat(servers.get(server, "/v1/status").statusCode()).isEqualTo(200);
                    answered++;
                }
                assertThat(answered).isGreaterThan(3);
                assertThat(ended).isNotDone();
                assertThat(ended.get(60, TimeUnit.SECONDS)).isZero();
            }
            assertThat(servers.data().resolve("run/ports.json")).doesNotExist();
        }
    }

    /** Each with the signal at another moment of the load; the ports are closed when there is nothing more to say. */
    @RepeatedTest(3)
    void underLoadEveryRequestIsAnsweredAndWhatWasAcknowledgedIsKept() throws Exception {
        int kept;
        try (RunningServer server =
                        servers.start(List.of("throughline.server.drain-timeout-ms=3000"), "--kafka", BROKER_AWAY);
                DrainClients clients = new DrainClients(server)) {
            Map<String, Long> ports =
                    JsonNumbers.of(Files.readAllBytes(servers.data().resolve("run/ports.json")));
            clients.events(server.target().httpPort(), 24);
            clients.http2Events(server.target().httpPort(), 8);
            clients.grpc(ports.get("otlp_grpc").intValue(), 16);
            await().atMost(Duration.ofSeconds(30)).until(() -> clients.taken.get() > 1_000);
            assertThat(server.terminate()).isZero();
            long ended = System.nanoTime();
            await().atMost(Duration.ofSeconds(10)).until(clients::allRefused);
            assertThat(clients.unanswered).isEmpty();
            assertThat(clients.turnedAway).hasValueGreaterThan(100);
            assertThat(Duration.ofNanos(ended - clients.firstRefusedNanos.get()))
                    .isLessThan(REFUSED_MAX);
            kept = clients.kept.get();
        }
        try (Spool spool =
                Spool.open(servers.data().resolve("spool"), SpoolConfig.defaults(), InstantSource.system())) {
            assertThat(spool.stats(Stream.OPERATIONAL_LOGS).appendedRecords()).isEqualTo(kept);
            assertThat(spool.stats(Stream.OPERATIONAL_LOGS).damagedRecords()).isZero();
        }
    }

    private static int terminate(RunningServer server) {
        try {
            return server.terminate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private void isTurnedAway(RunningServer server) {
        var events = servers.post(server, "/v1/events", PackagedServers.event(ID, ""));
        assertThat(events.statusCode()).isEqualTo(503);
        assertThat(events.headers().firstValue("Retry-After"))
                .hasValueSatisfying(s -> assertThat(s).matches("[1-9]\\d*"));
        assertThat(events.body()).contains("\"draining\"");
        String otlp =
                RawOtlp.post(server.target().otlpHttpPort(), server.target().token());
        assertThat(otlp)
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("retry-after: ")
                .contains("draining");
    }

    /** The head and half of the body: it is under way before the program is told to stop. */
    private static void begin(Socket socket, RunningServer server, String event) throws Exception {
        socket.setSoTimeout(10_000);
        String head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + server.target().token() + "\r\nExpect: 100-continue\r\nContent-Length: " + event.length()
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        byte[] go = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
        assertThat(new String(go, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100");
        socket.getOutputStream().write(event.substring(0, event.length() / 2).getBytes(StandardCharsets.US_ASCII));
    }

    /** It is kept, and the connection ends with the answer. */
    private static void isFinished(Socket socket, String event) throws Exception {
        socket.getOutputStream().write(event.substring(event.length() / 2).getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("connection: close")
                .contains("\"accepted\":1,\"refused\":0,\"duplicates\":0");
    }

    private static String grpcStatus(RunningServer server, int port) throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        CompletableFuture<String> status = new CompletableFuture<>();
        try {
            vertx.runOnContext(_ -> client.request(new RequestOptions()
                            .setHost("127.0.0.1")
                            .setPort(port)
                            .setMethod(HttpMethod.POST)
                            .setURI("/opentelemetry.proto.collector.logs.v1.LogsService/Export"))
                    .compose(request -> request.putHeader("content-type", "application/grpc")
                            .putHeader(
                                    "authorization", "Bearer " + server.target().token())
                            .send(Buffer.buffer(new byte[5])))
                    .compose(response -> response.end().map(response))
                    .onSuccess(response -> status.complete(String.valueOf(response.getTrailer("grpc-status"))))
                    .onFailure(status::completeExceptionally));
            return status.get(10, TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** A request of OTLP over HTTP, on a connection of its own. */
    private static final class RawOtlp {
        static String post(int port, String token) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream()
                        .write(
                                ("POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                                                + "Authorization: Bearer " + token + "\r\n\r\n{}")
                                        .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
