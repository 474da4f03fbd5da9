package dev.throughline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad input is refused with a place, a code and a sentence, as the golden file has it. */
class BadPolicyTest {
    private static final Path GOLDEN = Path.of("src/test/resources/policy/bad");

    @TempDir
    Path directory;

    static Stream<Path> cases() throws IOException {
        return Files.list(GOLDEN)
                .filter(path -> path.toString().endsWith(".yaml"))
                .sorted();
    }

    /** The case's own directory; {@code # ---- name} begins another file, {@code # ==== } what is expected. */
    @ParameterizedTest
    @MethodSource("cases")
    void isRefusedAsTheGoldenFileSays(Path file) throws IOException {
        String text = Files.readString(file);
        int split = text.indexOf("# ====\n");
        String name = "policy.yaml";
        StringBuilder content = new StringBuilder();
        for (String line : text.substring(0, split).split("\n", -1)) {
            if (line.startsWith("# ---- ")) {
                Policies.raw(directory, name, content.toString());
                name = line.substring(7).strip();
                content.setLength(0);
            } else {
                content.append(line).append('\n');
            }
        }
        Policies.raw(directory, name, content.toString());
        List<String> expected = new ArrayList<>();
        for (String line : text.substring(split + 7).split("\n", -1)) {
            if (!line.isEmpty()) {
                expected.add(line.substring(2));
            }
        }
        List<String> found = Policies.problems(directory);
        if (Boolean.getBoolean("golden.write")) {
            StringBuilder whole = new StringBuilder(text.substring(0, split + 7));
            found.forEach(line -> whole.append("# ").append(line).append('\n'));
            Files.writeString(file, whole);
            return;
        }
        assertThat(expected).as("a bad policy has a problem").isNotEmpty();
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void aFileOfFiftyMegabytesIsNotRead() throws IOException {
        Path file = Policies.write(directory, "policy.yaml", "");
        try (var out = Files.newOutputStream(file)) {
            byte[] block = "# filler\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 60; i++) {
                out.write(block);
            }
        }
        assertThat(Policies.problems(directory))
                .containsExactly("policy.yaml:1:1: too_large: a policy file has at most 2 MiB");
    }

    @Test
    void aBombOfAliasesEndsAtItsBound() {
        StringBuilder bomb = new StringBuilder("metadata: {name: x}\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i));
            for (int j = 0; j < 10; j++) {
                bomb.append(j == 0 ? "" : ",").append("*a").append(i - 1);
            }
            bomb.append("]\n");
        }
        Policies.write(directory, "policy.yaml", bomb.toString());
        assertThat(Policies.problems(directory))
                .hasSize(1)
                .first()
                .asString()
                .contains("too_large")
                .contains("100000 keys and values");
    }

    /** What would not fit into a server's memory is refused before it stands there. */
    @Test
    void moreValuesThanABoundAreRefusedWhereTheyBegin() {
        Policies.write(directory, "policy.yaml", "routes: [" + "x,".repeat(700_000) + "x]\n");
        assertThat(Policies.problems(directory))
                .containsExactly(
                        "policy.yaml:3:199996: too_large: all files come to at most 100000 keys and values and 4 MiB of text, aliases expanded");
    }

    @Test
    void manyFilesHaveOneBoundTogether() {
        for (int i = 0; i < 4; i++) {
            Policies.write(directory, i + ".yaml", "masking: {protected: [" + "1,".repeat(40_000) + "1]}\n");
        }
        assertThat(Policies.problems(directory)).anyMatch(problem -> problem.contains("too_large"));
    }

    @Test
    void aTextThatAliasesMultiplyIsRefused() {
        Policies.write(
                directory,
                "policy.yaml",
                "contract: {schemas: [{name: a/v1, schema: {enum: [&a \"" + "x".repeat(60_000) + "\""
                        + ",*a".repeat(2_000) + "]}}]}\n");
        assertThat(Policies.problems(directory)).hasSize(1).first().asString().contains("too_large");
    }

    /** Patterns are compiled while records flow: all of them have one bound, and the one that goes over it is named. */
    @Test
    void patternsThatTakeTooMuchTogetherAreRefusedWhereTheyDo() {
        StringBuilder schemas = new StringBuilder("contract:\n  schemas:\n");
        for (int i = 0; i < 20; i++) {
            schemas.append("    - {name: s")
                    .append(i)
                    .append("/v1, extends: integration-log/v1, schema: {properties: {");
            for (int k = 0; k < 100; k++) {
                schemas.append(k == 0 ? "" : ", ")
                        .append('p')
                        .append(k)
                        .append(": {pattern: \"^[a-z]{1,500}")
                        .append(i)
                        .append('x')
                        .append(k)
                        .append("$\"}");
            }
            schemas.append("}}}\n");
        }
        Policies.write(directory, "policy.yaml", schemas.toString());
        assertThat(Policies.problems(directory))
                .hasSize(1)
                .first()
                .asString()
                .contains("too_large: the patterns of all schemas take more than 8 MiB");
    }

    @Test
    void aSchemaInAFileIsToldWhereItIsNoJson() {
        Policies.raw(directory, "a.json", "{\n  \"type\": \"object\",\n}\n");
        Policies.write(
                directory,
                "policy.yaml",
                "contract: {schemas: [{name: a/v1, extends: integration-log/v1, file: a.json}]}\n");
        assertThat(Policies.problems(directory)).hasSize(1).first().asString().startsWith("a.json:3:1: invalid_schema");
    }

    @Test
    void anAliasWithinItsOwnAnchorEndsAtItsBound() {
        Policies.write(directory, "policy.yaml", "metadata: &m {name: x, labels: *m}\n");
        assertThat(Policies.problems(directory)).hasSize(1).first().asString().contains("too_deep");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        Policies.write(directory, "policy.yaml", "metadata: " + "[".repeat(100_000) + "\n");
        assertThat(Policies.problems(directory)).hasSize(1).first().asString().startsWith("policy.yaml:3:74: too_deep");
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("b.yaml"));
        Files.createSymbolicLink(directory.resolve("b.yaml"), Path.of("a.yaml"));
        assertThat(Policies.problems(directory))
                .containsExactly(
                        "a.yaml:1:1: unreadable_file: the link leads nowhere, or in a circle",
                        "b.yaml:1:1: unreadable_file: the link leads nowhere, or in a circle");
    }

    @Test
    void aDirectoryThatIsALinkToItselfIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        assertThat(Policies.problems(link)).hasSize(1).first().asString().contains("unreadable_file");
    }

    @Test
    void aDirectoryThatIsNotThereIsRefused() {
        assertThat(Policies.problems(directory.resolve("none")))
                .containsExactly("DIR:1:1: unreadable_file: the directory cannot be read (no such file or directory)");
    }

    @Test
    void anEmptyDirectoryIsRefused() {
        assertThat(Policies.problems(directory)).containsExactly("DIR:1:1: not_a_policy: there is no *.yaml file");
    }

    @Test
    void aDirectoryInPlaceOfAFileAndAPipeAreRefused() throws Exception {
        Files.createDirectory(directory.resolve("a.yaml"));
        int made = new ProcessBuilder("mkfifo", directory.resolve("b.yaml").toString())
                .start()
                .waitFor();
        assertThat(made).isZero();
        assertThat(Policies.problems(directory))
                .containsExactly(
                        "a.yaml:1:1: unreadable_file: a file is expected, and this is a directory",
                        "b.yaml:1:1: unreadable_file: it is no regular file");
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWhereTheyStand() throws IOException {
        byte[] text = (Policies.HEAD + "metadata: {name: x?}\n").getBytes(StandardCharsets.UTF_8);
        text[Policies.HEAD.length() + "metadata: {name: x".length()] = (byte) 0xFF;
        Files.write(directory.resolve("policy.yaml"), text);
        assertThat(Policies.problems(directory))
                .containsExactly("policy.yaml:3:19: malformed_utf8: the file is to be UTF-8");
    }

    /** However a file is cut off, it is taken or refused with a place, never half of it with an exception. */
    @Test
    void aHalfWrittenFileIsRefusedOrWhole() throws IOException {
        String whole = Files.readString(Path.of("deploy/policy/small/policy.yaml"));
        for (int length = 0; length < whole.length(); length += 7) {
            Policies.raw(directory, "policy.yaml", whole.substring(0, length));
            for (String problem : Policies.problems(directory)) {
                assertThat(problem).matches("(?s)policy.yaml:\\d+:\\d+: [a-z_0-9]+: .*");
            }
        }
    }

    @Test
    void problemsBeyondABoundAreCounted() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            many.append("k").append(i).append(": 1\n");
        }
        Policies.write(directory, "policy.yaml", many.toString());
        assertThat(Policies.problems(directory)).hasSize(100);
    }
}
