package dev.throughline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How commands reach the running program. */
@RegisterForReflection
public final class ApiOptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the running program (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("data");

    @Option(names = "--url", paramLabel = "URL", description = "Address of the API (default: from DIR/run/ports.json).")
    @Nullable
    String url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Access token (default: DIR/run/token).")
    @Nullable
    Path tokenFile;

    /** What keeps a command from asking; its message is for the user. */
    static final class NotReady extends Exception {
        private static final long serialVersionUID = 1L;

        NotReady(String message) {
            super(message, null, false, false);
        }
    }

    /** The answer of the running program, whatever its status but 401 and 403. */
    HttpResponse<byte[]> get(String path) throws NotReady {
        String base = base();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(TIMEOUT)
                    .header("Accept", "application/json");
            String token = token();
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            if (response.statusCode() == 401 || response.statusCode() == 403) {
                throw new NotReady("the token was not accepted (--token-file names another)");
            }
            return response;
        } catch (IOException e) {
            throw new NotReady("nothing answers at " + base);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotReady("interrupted");
        } catch (IllegalArgumentException e) {
            throw new NotReady("not an address, or not a token: " + base);
        }
    }

    private String base() throws NotReady {
        String given = url;
        if (given != null) {
            return given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
        }
        Path ports = data.resolve("run").resolve("ports.json");
        try {
            int port = new ObjectMapper()
                    .readTree(Files.readAllBytes(ports))
                    .path("http")
                    .asInt();
            if (port > 0) {
                return "http://127.0.0.1:" + port;
            }
            throw new NotReady(ports + " names no port");
        } catch (IOException e) {
            throw new NotReady("no program runs on " + data + " (" + ports + " cannot be read)");
        }
    }

    private String token() throws NotReady {
        Path given = tokenFile;
        Path file = given == null ? data.resolve("run").resolve("token") : given;
        try {
            return given == null && !Files.exists(file)
                    ? ""
                    : Files.readString(file).strip();
        } catch (IOException e) {
            throw new NotReady("the token file " + file + " cannot be read");
        }
    }
}
