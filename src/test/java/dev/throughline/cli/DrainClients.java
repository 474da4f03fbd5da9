package dev.throughline.cli;

import dev.throughline.cli.packaged.RunningServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Senders that go on, each with one request at a time on connections that they keep, until a connection is refused: what each of
 * them was told, and when.
 */
final class DrainClients implements AutoCloseable {
    private static final String ID = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final String GRPC = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

    /** Events that were acknowledged. */
    final AtomicInteger kept = new AtomicInteger();
    /** Requests of any kind that were taken. */
    final AtomicInteger taken = new AtomicInteger();

    final AtomicInteger turnedAway = new AtomicInteger();
    /** How requests ended that were sent and not answered. */
    final ConcurrentLinkedQueue<String> unanswered = new ConcurrentLinkedQueue<>();

    final AtomicLong firstRefusedNanos = new AtomicLong(Long.MAX_VALUE);

    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final String token;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Vertx vertx = Vertx.vertx();
    private final List<HttpClient> clients = new ArrayList<>();

    DrainClients(RunningServer server) {
        this.token = server.target().token();
    }

    /** So many senders of events over HTTP/1.1, which write the head of a request before its body. */
    void events(int port, int senders) {
        for (int i = 0; i < senders; i++) {
            running.incrementAndGet();
            threads.execute(() -> {
                try {
                    while (connection(port)) {
                        // The next one.
                    }
                } finally {
                    running.decrementAndGet();
                }
            });
        }
    }

    /** One connection, until it ends; false where there was none. */
    private boolean connection(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                byte[] body = event().getBytes(StandardCharsets.UTF_8);
                String head = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                if (answered(in)) {
                    return true;
                }
            }
        } catch (ConnectException e) {
            refused();
            return false;
        } catch (IOException e) {
            unanswered("HTTP/1.1", e);
            return true;
        }
    }

    /** Reads an answer; whether the connection ends with it. */
    private boolean answered(InputStream in) throws IOException {
        String status = line(in);
        boolean close = false;
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            close |= lower.equals("connection: close");
            if (lower.startsWith("content-length: ")) {
                length = Integer.parseInt(lower.substring("content-length: ".length()));
            }
        }
        if (in.readNBytes(length).length < length) {
            throw new IOException("half an answer");
        }
        count(Integer.parseInt(status.substring(9, 12)), true);
        return close;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed after " + line.length() + " characters");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private String event() {
        return PackagedServers.event(ID, "")
                .replace("\"SO-1\"", "\"SO-" + number.incrementAndGet() + "\"")
                .strip();
    }

    private void count(int status, boolean event) {
        if (status == 200) {
            taken.incrementAndGet();
            kept.addAndGet(event ? 1 : 0);
        } else if (status == 503) {
            turnedAway.incrementAndGet();
        } else {
            unanswered.add("status " + status);
        }
    }

    private void unanswered(String protocol, Throwable failure) {
        long refused = firstRefusedNanos.get();
        String place = refused == Long.MAX_VALUE
                ? "before any was refused"
                : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - refused) + " ms after the first was refused";
        unanswered.add(protocol + ": " + failure + ", " + place);
    }

    private void refused() {
        firstRefusedNanos.accumulateAndGet(System.nanoTime(), Math::min);
    }

    /** So many senders over HTTP/2, of events. */
    void http2Events(int port, int senders) {
        http2(
                senders,
                (client, next) -> client.request(options(port, "/v1/events"))
                        .compose(request -> request.putHeader("authorization", "Bearer " + token)
                                .send(Buffer.buffer(event())))
                        .compose(response -> response.end().map(response))
                        .onSuccess(response -> count(response.statusCode(), true))
                        .onComplete(response -> next.run(response.cause())));
    }

    /** So many senders of empty requests over gRPC, which are acknowledged and hold nothing. */
    void grpc(int port, int senders) {
        http2(
                senders,
                (client, next) -> client.request(options(port, GRPC))
                        .compose(this::export)
                        .compose(response -> response.end().map(response))
                        .onSuccess(response -> {
                            String status = response.headers().contains("grpc-status")
                                    ? response.getHeader("grpc-status")
                                    : response.getTrailer("grpc-status");
                            count("0".equals(status) ? 200 : "14".equals(status) ? 503 : -1, false);
                        })
                        .onComplete(response -> next.run(response.cause())));
    }

    private Future<io.vertx.core.http.HttpClientResponse> export(HttpClientRequest request) {
        return request.putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers")
                .putHeader("authorization", "Bearer " + token)
                .send(Buffer.buffer(new byte[5]));
    }

    private static RequestOptions options(int port, String uri) {
        return new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(HttpMethod.POST)
                .setURI(uri);
    }

    private interface Next {
        void run(Throwable failure);
    }

    private interface Sender {
        void send(HttpClient client, Next next);
    }

    private void http2(int senders, Sender sender) {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp2MaxSize(4));
        clients.add(client);
        for (int i = 0; i < senders; i++) {
            running.incrementAndGet();
            vertx.runOnContext(_ -> again(client, sender));
        }
    }

    private void again(HttpClient client, Sender sender) {
        sender.send(client, failure -> {
            if (failure instanceof ConnectException) {
                refused();
                running.decrementAndGet();
                return;
            }
            if (failure != null && !isNotSent(failure)) {
                unanswered("HTTP/2", failure);
            }
            vertx.runOnContext(_ -> again(client, sender));
        });
    }

    /** A stream that was not opened, or that GOAWAY says was not looked at, is sent again (RFC 9113, section 8.7). */
    private static boolean isNotSent(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("GOAWAY");
    }

    boolean allRefused() {
        return running.get() == 0;
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
