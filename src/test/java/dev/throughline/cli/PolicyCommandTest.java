package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.policy.Policies;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PolicyCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        return line.execute(arguments);
    }

    private String printed() {
        return out.toString().replace(directory.toString(), "DIR");
    }

    @Test
    void checkOfAGoodPolicySaysWhatItIs() {
        assertThat(run("policy", "check", "deploy/policy/large")).isZero();
        assertThat(printed())
                .matches("ok: policy large, hash [0-9a-f]{16}; 6 connectors, 3 tenants, 5 objectives, 8 alerts\n");
    }

    @Test
    void checkOfABadPolicySaysWhereAndWhy() throws Exception {
        Policies.write(
                directory,
                "policy.yaml",
                "masking: {detectors: {mail: {}}}\nstreams: {audit: {quota: 5}}\nroutes: 3\n");
        assertThat(run("policy", "check", directory.toString())).isEqualTo(1);
        assertThat(printed().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("DIR/policy.yaml:3:23: unknown_key: there is no such detector"))
                .anyMatch(line -> line.startsWith("DIR/policy.yaml:5:9: wrong_type: a list is expected"));
        out.getBuffer().setLength(0);
        assertThat(run("policy", "check", "--format", "json", directory.toString()))
                .isEqualTo(1);
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("valid").asBoolean()).isFalse();
        assertThat(json.at("/problems/0/line").asInt()).isEqualTo(3);
        assertThat(json.at("/problems/0/code").asText()).isEqualTo("unknown_key");
    }

    @Test
    void checkOfNothingSaysSo() {
        assertThat(run("policy", "check", directory.resolve("none").toString())).isEqualTo(1);
        assertThat(printed())
                .isEqualTo("DIR/none:1:1: unreadable_file: the directory cannot be read (no such file or directory)\n");
    }

    @Test
    void testSaysWhichCasesHoldAndWhatNoneTouches() throws Exception {
        Files.writeString(
                directory.resolve("policy.yaml"),
                Files.readString(Path.of("deploy/policy/small/policy.yaml"))
                        .replace("name: approvals", "name: approvals-of-all")
                        .replace(
                                "    - {name: customer_ref",
                                "    - {name: nobody_sends, action: drop}\n    - {name: customer_ref"));
        Files.copy(Path.of("deploy/policy/small/policy.test.yaml"), directory.resolve("policy.test.yaml"));
        assertThat(run("policy", "test", directory.toString())).isZero();
        assertThat(printed())
                .contains("ok      an approval is audited\n")
                .contains("no case touches masking.fields: nobody_sends\n")
                .doesNotContain("approvals-of-all")
                .endsWith("2 cases hold, 0 expectations failed\n");
        assertThat(run("policy", "test", "--require-coverage", directory.toString()))
                .isEqualTo(1);
        out.getBuffer().setLength(0);
        Files.writeString(
                directory.resolve("policy.test.yaml"),
                Files.readString(directory.resolve("policy.test.yaml"))
                        .replace("approved by [EMAIL]", "approved by jane@example.com"));
        assertThat(run("policy", "test", directory.toString())).isEqualTo(1);
        assertThat(printed())
                .contains(
                        "FAILED  DIR/policy.test.yaml:21:18: case_failed: \"an approval is audited\": masked: /message is otherwise")
                .contains("found   an approval is audited: {\"timestamp\"");
    }

    @Test
    void diffSaysWhatBecomesOtherwiseAndNoValue() throws Exception {
        Path sample = Files.writeString(
                directory.resolve("sample.ndjson"),
                Policies.log("shop", "acme", ",\"customer_ref\":\"K-1\"") + "\n"
                        + Policies.log("shop", "acme", "").replace("order.created", "order.approved") + "\n"
                        + Policies.log("crm", "acme", "") + "\n{broken\n");
        Policies.write(directory.resolve("new"), "p.yaml", """
                routes: [{stream: audit, event_name: "*.approved"}]
                contract:
                  schemas: [{name: s/v1, extends: integration-log/v1, schema: {required: [order_no]}}]
                  use: [{schema: s/v1, connectors: [crm]}]
                masking: {fields: [{name: customer_ref, action: redact, label: REF}]}
                """);
        assertThat(run("policy", "diff", "-", directory.resolve("new").toString(), "--sample", sample.toString()))
                .isEqualTo(1);
        assertThat(printed()).isEqualTo("""
                line 1: masked otherwise: /customer_ref
                line 2: routed otherwise: operational.logs → audit
                line 3: newly refused: missing_field at /order_no (required)
                4 logs
                  newly refused: 1
                  newly accepted: 0
                  refused otherwise: 0
                  routed otherwise: 1
                  masked otherwise: 1
                """);
        out.getBuffer().setLength(0);
        String same = directory.resolve("new").toString();
        assertThat(run("policy", "diff", same, same, "--sample", sample.toString()))
                .isZero();
        assertThat(run("policy", "diff", "-", "none", "--sample", sample.toString()))
                .isEqualTo(2);
        assertThat(run("policy", "diff", "-", same, "--sample", "none")).isEqualTo(2);
        assertThat(run(
                        "policy",
                        "diff",
                        "-",
                        same,
                        "--data",
                        directory.resolve("x").toString()))
                .isEqualTo(2);
    }

    @Test
    void schemaIsPrinted() throws Exception {
        assertThat(run("policy", "schema")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("$id").asText())
                .endsWith("/policy/v1");
    }
}
