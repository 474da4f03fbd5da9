package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.ingest.IngestHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server that was told to listen on every address, with the token of a mounted Secret: what a node-local one is. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
@QuarkusTestResource(value = EveryAddressTest.Opened.class, restrictToAnnotatedClass = true)
class EveryAddressTest {
    private static final String ANOTHER_ADDRESS = "127.0.0.2";
    private static final String TOKEN = "a-token-of-a-mounted-secret";

    @Inject
    HttpServer api;

    @Inject
    IngestHttp ingest;

    @Inject
    ProbePort probes;

    /** Every address, and a token that is there. */
    public static class Opened implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                Path token = Files.createTempFile(Files.createDirectories(Path.of("target/test-data")), "token", "");
                Files.writeString(token, TOKEN);
                return Map.of(
                        "throughline.server.listen-address",
                        "0.0.0.0",
                        "throughline.server.token-file",
                        token.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {}
    }

    @Test
    void allPortsAreOnItAndNeedTheTokenOfTheFile() throws IOException {
        assertThat(status(api.getPort(), "/v1/status", TOKEN)).startsWith("HTTP/1.1 200");
        assertThat(status(api.getPort(), "/v1/status", "another-token-of-some-length"))
                .startsWith("HTTP/1.1 401");
        assertThat(status(ingest.otlpHttpPort(), "/nope", TOKEN)).startsWith("HTTP/1.1 404");
        new Socket(ANOTHER_ADDRESS, ingest.otlpGrpcPort()).close();
        assertThat(TemporaryData.directory.resolve("run/token")).doesNotExist();
    }

    @Test
    void theLogWarnsOfIt() throws IOException {
        assertThat(Files.readString(TemporaryData.directory.resolve("server.log")))
                .containsPattern("WARN.*listening on 0\\.0\\.0\\.0");
    }

    @Test
    void aPortForProbesIsOnlyThereWhereItIsAskedFor() {
        assertThat(probes.port()).isEqualTo(-1);
    }

    private static String status(int port, String path, String token) throws IOException {
        try (Socket socket = new Socket(ANOTHER_ADDRESS, port)) {
            socket.setSoTimeout(10_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                    + token + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
