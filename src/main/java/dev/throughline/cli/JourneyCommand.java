package dev.throughline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code throughline journey ID}: asks the running program and prints the story. */
@Command(
        name = "journey",
        description = "Print everything that is kept of one correlation id, as one story.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:found",
            "1:nothing is kept of this id, or it is malformed",
            "2:the running program cannot be reached or does not answer"
        })
@RegisterForReflection
public final class JourneyCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int FOUND = 0;
    private static final int NOT_FOUND = 1;
    private static final int NO_ANSWER = 2;

    @Parameters(index = "0", paramLabel = "ID", description = "The correlation id: corr_ and a ULID.")
    String id = "";

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

    @Option(names = "--json", description = "Print the answer as it came.")
    boolean json;

    @Spec
    @Nullable
    CommandSpec spec;

    /** What keeps the command from asking; its message is for the user. */
    private static final class NotReady extends Exception {
        private static final long serialVersionUID = 1L;

        NotReady(String message) {
            super(message, null, false, false);
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = spec().commandLine().getOut();
        PrintWriter err = spec().commandLine().getErr();
        try {
            HttpResponse<byte[]> response = ask();
            return switch (response.statusCode()) {
                case 200 -> {
                    print(out, response.body());
                    yield FOUND;
                }
                case 400, 404 -> {
                    err.println("throughline: " + detail(response.body()));
                    yield NOT_FOUND;
                }
                case 401, 403 -> throw new NotReady("the token was not accepted (--token-file names another)");
                default ->
                    throw new NotReady(
                            "the program answered " + response.statusCode() + ": " + detail(response.body()));
            };
        } catch (NotReady e) {
            err.println("throughline: " + e.getMessage());
            return NO_ANSWER;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private CommandSpec spec() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("the command line sets the spec before it calls");
        }
        return known;
    }

    private HttpResponse<byte[]> ask() throws NotReady {
        String base = base();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .build()) {
            URI uri = URI.create(base + "/v1/journeys/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("Accept", "application/json");
            String token = token();
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return client.send(request.build(), BodyHandlers.ofByteArray());
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

    private void print(PrintWriter out, byte[] body) throws NotReady {
        if (json) {
            out.println(new String(body, StandardCharsets.UTF_8));
            return;
        }
        try {
            new JourneyStory(new ObjectMapper().readTree(body)).print(out);
        } catch (IOException e) {
            throw new NotReady("the answer is not a journey");
        }
    }

    private static String detail(byte[] problem) {
        try {
            JsonNode detail = new ObjectMapper()
                    .readTree(new String(problem, StandardCharsets.UTF_8))
                    .path("detail");
            return detail.isTextual() ? JourneyStory.plain(detail.asText()) : "no detail";
        } catch (JsonProcessingException e) {
            return "no detail";
        }
    }
}
