package dev.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.contract.ReferenceEvents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ContractCommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String input, String... arguments) {
        out.reset();
        err.reset();
        PrintStream errors = new PrintStream(err, true, UTF_8);
        CommandLine command = new CommandLine(
                new ContractCommand.Validate(new ByteArrayInputStream(input.getBytes(UTF_8)), out, errors));
        command.setErr(new java.io.PrintWriter(errors, true));
        return command.execute(arguments);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void everyRecordGetsALineAndOneThatFailsSetsTheExitCode() throws IOException {
        String schema = file("s.json", "{\"required\":[\"a\"]}");
        assertThat(run("{\"a\":1}\n\n{\"b\":1}\n{\"a\":", "--schema", schema)).isEqualTo(1);
        assertThat(out.toString(UTF_8)).isEqualTo("""
                        {"line":1,"valid":true,"violations":[]}
                        {"line":3,"valid":false,"violations":[{"pointer":"/a","keyword":"required","code":"missing_field"}]}
                        {"line":4,"valid":false,"violations":[{"pointer":"","keyword":"","code":"unexpected_end","offset":5}]}
                        """);
        assertThat(err.size()).isZero();
    }

    @Test
    void recordsOfFilesConformToABuiltInSchema() throws IOException {
        String events = file("e.ndjson", new String(ReferenceEvents.ndjson(500, 3), UTF_8));
        assertThat(run("", "--schema", "integration-log/v1", events, events)).isZero();
        assertThat(out.toString(UTF_8).lines()).hasSize(1_000).allMatch(line -> line.contains("\"valid\":true"));
    }

    @Test
    void pairsCarryTheirSchemaAndFormatsOnlyAnnotate() {
        String pairs = """
                {"case":"x","schema":{"format":"ipv4"},"data":"x","valid":true}
                {"schema":{"$ref":"http://r/s"},"data":1}
                {"schema":{"type":1},"data":1}
                {"data":1}
                """;
        assertThat(run(pairs, "--pairs")).isEqualTo(1);
        assertThat(out.toString(UTF_8)).isEqualTo("""
                        {"valid":true,"violations":[]}
                        {"valid":false,"error":{"code":"unresolvable_reference","pointer":"/$ref"}}
                        {"valid":false,"error":{"code":"malformed_keyword","pointer":"/type"}}
                        {"valid":false,"error":{"code":"malformed_pair","pointer":""}}
                        """);
        assertThat(run("{\"schema\":{\"format\":\"ipv4\"},\"data\":\"x\"}", "--pairs", "--assert-format"))
                .isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("format_mismatch");
    }

    @Test
    void formatsAreAssertedUnlessThatIsTurnedOff() throws IOException {
        String schema = file("s.json", "{\"format\":\"ipv4\"}");
        assertThat(run("\"x\"", "--schema", schema)).isEqualTo(1);
        assertThat(run("\"x\"", "--schema", schema, "--no-assert-format", "-")).isZero();
    }

    @Test
    void remotesComeFromAFile() throws IOException {
        String remotes = file("r.json", "{\"http://r/s\":{\"type\":\"string\"},\"http://r/t\":true}");
        assertThat(run("{\"schema\":{\"$ref\":\"http://r/s\"},\"data\":\"x\"}", "--pairs", "--remotes", remotes))
                .isZero();
    }

    @Test
    void aWrongCallIsOneLineAndExitCodeTwo() throws IOException {
        String bad = file("bad.json", "{\"type\":1}");
        String schema = file("s.json", "true");
        assertOneLine(run("", "--pairs", "--schema", schema));
        assertOneLine(run(""));
        assertOneLine(run("", "--schema", folder.resolve("none.json").toString()));
        assertOneLine(run("", "--schema", bad));
        assertThat(err.toString(UTF_8)).contains("malformed_keyword").contains("#/type");
        assertOneLine(run("", "--schema", schema, folder.resolve("none.ndjson").toString()));
        assertOneLine(run("", "--pairs", "--remotes", schema));
        assertThat(run("", "--nonsense")).isEqualTo(2);
    }

    private void assertOneLine(int exitCode) {
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines()).hasSize(1);
        assertThat(out.size()).isZero();
    }

    @Test
    void longLinesAndManyLinesAreReadWhole() throws IOException {
        String schema = file("s.json", "{\"type\":\"string\"}");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            lines.append('"').append("x".repeat(i * 997)).append("\"\r\n");
        }
        assertThat(run(lines.toString(), "--schema", schema)).isZero();
        assertThat(out.toString(UTF_8).lines()).hasSize(200);
    }
}
