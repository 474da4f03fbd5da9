package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.cli.packaged.RunningServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the packaged program writes to standard output and error, from start to end, are records of its own contract. */
class PackagedLogIT {
    private static final String ID = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";

    private final PackagedServers program;

    PackagedLogIT() throws IOException {
        program = new PackagedServers();
    }

    @Test
    void everyLineOfItsOwnLogConforms() throws Exception {
        try (RunningServer server = program.start(List.of())) {
            assertThat(program.post(server, "/v1/events", PackagedServers.event(ID, ""))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.terminate()).isZero();
        }
        tearTails();
        // Nobody listens there: a warning of the exporter; and the tails: a warning of the recovery.
        try (RunningServer server =
                program.start(List.of("throughline.environment=staging"), "--kafka", "127.0.0.1:1")) {
            String planted = PackagedServers.event(ID, ",\"note\":\"mail planted@example.com\"");
            assertThat(program.post(server, "/v1/events", planted).statusCode()).isEqualTo(200);
            program.post(server, "/v1/events", planted.replace("\"attempt\":1", "\"attempt\":0"));
            program.post(server, "/v1/events", "{\"planted@example.com\":");
            program.get(server, "/v1/planted@example.com");
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(log()).contains("cannot be delivered now"));
            assertThat(server.terminate()).isZero();
        }
        assertThat(log())
                .contains("the spool was recovered", "\"ready: ", "\"stopped; ", "\"level\":\"WARN\"")
                .contains("\"environment\":\"production\"", "\"environment\":\"staging\"")
                .doesNotContain("planted");
        StringWriter verdicts = new StringWriter();
        int exitCode = new CommandLine(new ThroughlineCommand())
                .setOut(new PrintWriter(verdicts))
                .execute(
                        "contract",
                        "validate",
                        "--schema",
                        "integration-log/v1",
                        logFile().toString());
        assertThat(exitCode).as(verdicts + log()).isZero();
    }

    /** As if the machine had gone down in the middle of a write. */
    private void tearTails() throws IOException {
        try (var files = Files.list(program.data().resolve("spool/operational.logs"))) {
            for (Path segment :
                    files.filter(file -> file.toString().endsWith(".seg")).toList()) {
                Files.write(segment, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
            }
        }
    }

    private Path logFile() {
        return program.data().resolve(RunningServer.LOG_FILE);
    }

    private String log() throws IOException {
        return Files.readString(logFile(), StandardCharsets.UTF_8);
    }
}
