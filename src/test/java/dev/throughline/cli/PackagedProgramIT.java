package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.cli.packaged.PackagedProgram;
import dev.throughline.cli.packaged.RunningServer;
import dev.throughline.cli.torture.Torture;
import dev.throughline.cli.torture.TortureReport;
import dev.throughline.cli.torture.TortureSettings;
import dev.throughline.delivery.KafkaBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packaged program as a user starts it, stops it, and as a machine kills it. */
class PackagedProgramIT {
    private static final String EVENT = """
            {"timestamp":"2026-01-26T10:24:18.442Z","level":"INFO","correlation_id":"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K",\
            "tenant_id":"acme","connector":"crm_to_erp.order_sync","entity_type":"order","entity_id":"SO-1",\
            "event_name":"order.status.updated","attempt":1}""";

    private final HttpClient client = HttpClient.newHttpClient();
    private PackagedProgram program;
    private Path data;

    @BeforeEach
    void find() throws IOException {
        program = PackagedProgram.ofThisProcess(List.of()).orElseThrow();
        data = Files.createTempDirectory(Files.createDirectories(Path.of("target/test-data")), "packaged");
    }

    private RunningServer start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(more));
        return RunningServer.start(program.serve(data, arguments), data);
    }

    private HttpResponse<String> call(RunningServer server, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.target().httpPort() + path))
                .header("Authorization", "Bearer " + server.target().token());
        return client.send(
                body.isEmpty()
                        ? request.build()
                        : request.POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void itKeepsTokenAndRecordsOverARestartAndEndsWithZero() throws Exception {
        String token;
        try (RunningServer server = start()) {
            token = server.target().token();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("run/token"))))
                    .isEqualTo("rw-------");
            assertThat(call(server, "/v1/events", EVENT).statusCode()).isEqualTo(200);
            assertThat(server.terminate()).isZero();
        }
        try (RunningServer server = start()) {
            assertThat(server.target().token()).isEqualTo(token);
            assertThat(call(server, "/v1/events", EVENT).body()).contains("\"accepted\":1");
            // Delivered since this start, like what is received; the first start's record does not count.
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(call(server, "/v1/status", "").body())
                                    .containsPattern(
                                            "\"operational.logs\":\\{\"kept\":1,\"spooled_records\":0,[^}]*\"delivered\":1,"));
            String journey = call(server, "/v1/journeys/corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K", "")
                    .body();
            assertThat(journey).contains("\"records\":1");
            assertThat(server.terminate()).isZero();
        }
    }

    @Test
    void whatIsAcknowledgedWhileKafkaIsAwayArrivesWhenItIsBack() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            broker.kill();
            try (RunningServer server = start("--kafka", broker.bootstrapServers())) {
                assertThat(call(server, "/v1/events", EVENT).statusCode()).isEqualTo(200);
                broker.restart();
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(broker.readAll("throughline.operational.logs"))
                                .hasSize(1));
                assertThat(server.terminate()).isZero();
            }
        }
    }

    @Test
    void killedTwentyTimesUnderLoadItLosesNothing() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            TortureSettings settings = new TortureSettings(
                    program,
                    20,
                    Duration.ofSeconds(130),
                    Long.getLong("seed", 4711L),
                    3_000,
                    100,
                    20 * 100,
                    data,
                    true,
                    broker.bootstrapServers(),
                    List.of());
            TortureReport report = new Torture(settings, InstantSource.system(), line -> {}).run();
            assertThat(report.passed()).as(report.text()).isTrue();
        }
    }
}
