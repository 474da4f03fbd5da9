package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Against a server that answers as the program does. */
class JourneyCommandTest {
    private static final String ID = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";

    @TempDir
    Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private byte[] body = new byte[0];

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Files.createDirectories(data.resolve("run"));
        Files.writeString(
                data.resolve("run/ports.json"),
                "{\"pid\":1,\"http\":" + server.getAddress().getPort() + "}");
        Files.writeString(data.resolve("run/token"), "the-token\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(String... arguments) {
        return new CommandLine(new JourneyCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private String[] forId(String... more) {
        List<String> arguments = new ArrayList<>(List.of(ID, "--data", data.toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = JourneyCommandTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    @Test
    void theStoryIsTheGoldenOne() throws IOException {
        body = resource("/golden/journey.json");
        assertThat(run(forId())).isZero();
        assertThat(out.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo(new String(resource("/golden/journey.txt"), StandardCharsets.UTF_8));
        assertThat(asked).containsExactly("/v1/journeys/" + ID + " Bearer the-token");
    }

    @Test
    void jsonIsPrintedAsItCame() {
        body = "{\"records\":[]}".getBytes(StandardCharsets.UTF_8);
        assertThat(run(forId("--json"))).isZero();
        assertThat(out.toString().strip()).isEqualTo("{\"records\":[]}");
    }

    @Test
    void anIdThatIsNotKnownEndsWithOne() {
        status = 404;
        body = "{\"detail\":\"Nothing is kept of this correlation id.\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(run(forId())).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("throughline: Nothing is kept of this correlation id.");
    }

    @Test
    void aStoryOfWhichDaysCouldNotBeReadEndsWithThree() {
        body = ("{\"correlation_id\":\"" + ID
                        + "\",\"records\":[],\"quarantined\":[],\"unreadable\":[\"audit/2026-11-23\"]}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(run(forId())).isEqualTo(3);
        assertThat(out.toString())
                .contains("nothing found in what can be read")
                .contains("could not be read, so records may be missing: audit/2026-11-23");
        assertThat(run(forId("--json"))).isEqualTo(3);
    }

    @Test
    void aProgramThatDoesNotAnswerEndsWithTwoAndOneLine() {
        server.stop(0);
        assertThat(run(forId())).isEqualTo(2);
        assertThat(err.toString().strip().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("nothing answers at http://127.0.0.1:");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFolderWhereNothingRunsEndsWithTwo() {
        assertThat(run(ID, "--data", data.resolve("elsewhere").toString())).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1);
    }

    @Test
    void aRefusedTokenEndsWithTwoAndIsNotPrinted() {
        status = 401;
        assertThat(run(forId())).isEqualTo(2);
        assertThat(err.toString()).contains("token").doesNotContain("the-token");
    }

    @Test
    void whatWouldSteerATerminalIsNotPrinted() {
        assertThat(JourneyStory.plain("a\u001b[31mb\u202ec\n")).isEqualTo("a?[31mb?c?");
    }
}
