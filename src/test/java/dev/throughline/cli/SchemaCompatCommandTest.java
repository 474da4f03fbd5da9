package dev.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.JsonTape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SchemaCompatCommandTest {
    private static final String ORDER = """
            {"type":"object","required":["id"],"properties":{
              "id":{"type":"string","pattern":"^[A-Z]{2}[0-9]+$"},
              "attempt":{"type":"integer","minimum":1,"maximum":1000},
              "state":{"enum":["open","done","void"]},
              "note":{"type":["string","null"],"pattern":"(?=xyzzy)x"}}}
            """;
    private static final String EDITED = """
            {"type":"object","required":["id","state"],"properties":{
              "id":{"type":"string","pattern":"^[A-Z]{2,3}[0-9]+$"},
              "attempt":{"type":"integer","minimum":1,"maximum":100},
              "state":{"enum":["open","done"]},
              "note":{"type":"string","pattern":"(?=xyzzy)xyz"}}}
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        PrintStream errors = new PrintStream(err, true, UTF_8);
        CommandLine command = new CommandLine(new SchemaCompatCommand(new PrintStream(out, true, UTF_8), errors));
        command.setErr(new java.io.PrintWriter(errors, true));
        return command.execute(arguments);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static String golden(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/golden", name));
    }

    @Test
    void eachFindingIsALineAndEachDirectionALastOne() throws IOException {
        assertThat(run(file("old.json", ORDER), file("new.json", EDITED))).isEqualTo(1);
        assertThat(out.toString(UTF_8)).isEqualTo(golden("schema-compat.txt"));
        assertThat(err.size()).isZero();
    }

    @Test
    void theSameIsToldInJson() throws Exception {
        assertThat(run(file("old.json", ORDER), file("new.json", EDITED), "--format", "json"))
                .isEqualTo(1);
        assertThat(out.toString(UTF_8)).isEqualTo(golden("schema-compat.json"));
        new JsonTape().parseWhole(out.toByteArray());
    }

    /** Old schema, new schema, what is required, exit code. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"maximum":1} | {"maximum":2} | backward | 0
            {"maximum":1} | {"maximum":2} | forward | 1
            {"maximum":1} | {"maximum":2} | full | 1
            {"maximum":1} | {"maximum":2} | none | 0
            {"maximum":2} | {"maximum":1} | backward | 1
            {"maximum":2} | {"maximum":1} | forward | 0
            {"maximum":2} | {"maximum":2.0} | full | 0
            {"pattern":"(?=xyzzy)x"} | {"pattern":"(?=xyzzy)xyz"} | backward | 1
            """)
    void theExitCodeSaysWhetherWhatIsRequiredHolds(String before, String after, String required, int exitCode)
            throws IOException {
        assertThat(run("--require", required, file("old.json", before), file("new.json", after)))
                .isEqualTo(exitCode);
    }

    @Test
    void builtInSchemasGoByNameAndMayBeReferredTo() throws IOException {
        assertThat(run("--require", "full", "integration-log/v1", "integration-log/v1"))
                .isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("backward: compatible\nforward: compatible\n");
        String extension =
                "{\"allOf\":[{\"$ref\":\"urn:throughline:schema:integration-log/v1\"},{\"required\":[\"o\"]}]}";
        assertThat(run("--require", "forward", "integration-log/v1", file("x.json", extension)))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("backward: incompatible: /allOf/1/required: required_added: o; {");
    }

    @Test
    void whatCannotBeReadOrIsNoSchemaIsOneLineAndEndsWithTwo() throws IOException {
        String schema = file("s.json", "{}");
        assertThat(run(schema, folder + "/none.json")).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .isEqualTo("schema-compat: " + folder + "/none.json: no_such_file: neither a file nor one of"
                        + " integration-log/v1, integration-metric/v1, integration-span/v1\n");
        String broken = file("b.json", "{\"properties\":{\"a\":{\"type\":\"text\"}}}");
        assertThat(run(broken, schema)).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .isEqualTo("schema-compat: " + broken + ": malformed_keyword: #/properties/a/type\n");
        assertThat(run(schema, file("c.json", "{"))).isEqualTo(2);
        assertThat(err.toString(UTF_8)).endsWith("c.json: malformed_schema: not a JSON Schema\n");
        assertThat(run(schema, folder.toString())).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains(": file_unreadable: ").hasLineCount(1);
        assertThat(run(schema)).isEqualTo(2);
        assertThat(run(schema, schema, "--require", "both")).isEqualTo(2);
        assertThat(run(schema, schema, "--format", "yaml")).isEqualTo(2);
        assertThat(out.size()).isZero();
    }

    @Test
    void whatASchemaIsCalledCannotWriteToTheTerminal() throws IOException {
        String before = file("old.json", "{}");
        String after = file("new.json", "{\"properties\":{\"a\\u001b[2J\\u202e\\n\":{\"type\":\"string\"}}}");
        assertThat(run(before, after)).isEqualTo(1);
        assertThat(out.toString(UTF_8)).doesNotContain("\u001b", "\u202e").hasLineCount(3);
    }
}
