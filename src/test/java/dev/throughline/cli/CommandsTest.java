package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void benchNamesTheRowsWhereOneIsUnknown() {
        assertThat(run(new BenchCommand(), "--rows", "nothing", "--jar", "x.jar"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no such row; there are ndjson-spool, otlp-pb-logs-spool");
    }

    @Test
    void benchNeedsAtLeastARequestOfEvents() {
        assertThat(run(new BenchCommand(), "--events", "10", "--jar", "x.jar")).isEqualTo(2);
        assertThat(err.toString()).contains("at least 500 events");
    }

    @Test
    void benchOfAProgramThatDoesNotStartEndsWithATableAndFilesAndFailsOnlyWhereStrict() throws Exception {
        Path markdown = directory.resolve("bench.md");
        Path json = directory.resolve("bench.json");
        String[] arguments = {
            "--native",
            "/bin/false",
            "--rows",
            "ndjson-spool",
            "--distinct-events",
            "500",
            "--no-pin",
            "--data",
            directory.resolve("data").toString(),
            "--out",
            markdown.toString(),
            "--out",
            json.toString()
        };
        assertThat(run(new BenchCommand(InstantSource.system()), arguments)).isZero();
        assertThat(out.toString()).contains("| NDJSON -> spool (fsync) |").contains("not run");
        assertThat(Files.readString(markdown)).startsWith("| row");
        assertThat(Files.readString(json)).startsWith("{\"date\":");
        String[] strict = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        strict[arguments.length] = "--strict";
        assertThat(run(new BenchCommand(InstantSource.system()), strict)).isEqualTo(1);
    }

    @Test
    void tortureOfAProgramThatDoesNotStartSaysSoInOneLine() {
        assertThat(run(
                        new TortureCommand(),
                        "--native",
                        "/bin/false",
                        "--kills",
                        "1",
                        "--seconds",
                        "1",
                        "--data",
                        directory.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("torture: the program ended while starting: see ")
                .hasLineCount(1);
    }

    @Test
    void tortureWithoutADestinationIsRefused() {
        assertThat(run(new TortureCommand(), "--no-store", "--jar", "x.jar")).isEqualTo(2);
        assertThat(err.toString()).contains("nothing can be found");
    }

    @Test
    void maskUnderAPolicyThatCannotBeReadSaysSoInOneLine() throws Exception {
        Path policy = Files.writeString(directory.resolve("bad.yaml"), "masking: {fields: 3}\n");
        assertThat(run(Main.commandLine(), "mask", "--policy", policy.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("throughline: wrong_type: policy, bad.yaml:1:19: a list is expected")
                .hasLineCount(1);
    }

    @Test
    void maskOfAFileThatIsNotThereSaysSoInOneLine() {
        String file = directory.resolve("none.ndjson").toString();
        assertThat(run(Main.commandLine(), "mask", file)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("throughline: file_unusable: " + file + " (no such file or directory)")
                .hasLineCount(1);
    }

    private int run(Object command, String... arguments) {
        return run(new CommandLine(command), arguments);
    }

    private int run(CommandLine command, String... arguments) {
        return command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
