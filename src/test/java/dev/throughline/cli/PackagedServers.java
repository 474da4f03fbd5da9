package dev.throughline.cli;

import dev.throughline.cli.packaged.PackagedProgram;
import dev.throughline.cli.packaged.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts of the packaged program over one data directory, and plain requests to it. */
final class PackagedServers {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path data;

    PackagedServers() throws IOException {
        data = Files.createTempDirectory(Files.createDirectories(Path.of("target/test-data")), "packaged");
    }

    Path data() {
        return data;
    }

    /** The program as it is shipped, with these of its keys set as system properties. */
    RunningServer start(List<String> properties, String... arguments) throws IOException {
        PackagedProgram shipped = PackagedProgram.ofThisProcess(List.of()).orElseThrow();
        List<String> command = new ArrayList<>(shipped.start());
        properties.forEach(property -> command.add(1, "-D" + property));
        PackagedProgram program = new PackagedProgram(command, shipped.description());
        return RunningServer.start(program.serve(data, List.of(arguments)), data);
    }

    HttpResponse<String> get(RunningServer server, String path) {
        return send(request(server, path).build());
    }

    HttpResponse<String> post(RunningServer server, String path, String body) {
        return send(request(server, path)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpRequest.Builder request(RunningServer server, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.target().httpPort() + path))
                .header("Authorization", "Bearer " + server.target().token());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A conforming event on one line, with more members. */
    static String event(String correlationId, String more) {
        return """
                {"timestamp":"2026-01-26T10:24:18.442Z","level":"INFO","correlation_id":"%s","tenant_id":"acme",\
                "connector":"crm_to_erp.order_sync","entity_type":"order","entity_id":"SO-1",\
                "event_name":"order.status.updated","attempt":1%s}
                """.formatted(correlationId, more);
    }
}
