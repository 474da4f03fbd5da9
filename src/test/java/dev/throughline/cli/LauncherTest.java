package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher over a copy of the project in which nothing is built, and with a Maven that says that it was called. */
class LauncherTest {
    @TempDir
    Path top;

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void copy() throws IOException {
        for (String file : List.of("throughline", "pom.xml")) {
            Files.copy(Path.of(file), top.resolve(file));
        }
        executable(top.resolve("throughline"), Files.readString(top.resolve("throughline")));
        Files.createDirectories(top.resolve("src/main"));
        Files.createDirectories(top.resolve(".mvn"));
        executable(top.resolve("mvnw"), "#!/bin/sh\necho 'ERROR maven was called'\nexit 1\n");
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Ran run(Map<String, String> environment, String... words) throws Exception {
        return run(top.resolve("throughline"), environment, words);
    }

    private Ran run(Path launcher, Map<String, String> environment, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(top.resolve("out").toFile())
                .redirectError(top.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_HOME") || name.startsWith("THROUGHLINE"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(
                process.exitValue(),
                Files.readString(top.resolve("out"), StandardCharsets.UTF_8),
                Files.readString(top.resolve("err"), StandardCharsets.UTF_8));
    }

    private static Map<String, String> environment(String name, String value) {
        return Map.of("JAVA_HOME", System.getProperty("java.home"), name, value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"})
    void aJdkThatSaysWhatItPickedUpIsFound(String variable) throws Exception {
        Ran ran = run(environment(variable, "-Dthroughline.any=1"), "serve");
        assertThat(ran.err()).contains("ERROR maven was called").doesNotContain("JDK 25 was not found");
        assertThat(ran.exitCode()).isEqualTo(70);
    }

    @Test
    void aJdkOfAnotherVersionIsNotTaken() throws Exception {
        Path other = Files.createDirectories(top.resolve("jdk/bin"));
        executable(other.resolve("javac"), "#!/bin/sh\n");
        executable(
                other.resolve("java"),
                "#!/bin/sh\necho 'NOTE: picked up \"25\"' >&2\necho 'openjdk version \"21.0.2\" 2024-01-16' >&2\n");
        Ran ran = run(
                Map.of("JAVA_HOME", top.resolve("jdk").toString(), "JAVA_HOME_25", System.getProperty("java.home")),
                "serve");
        assertThat(ran.err()).contains("ERROR maven was called");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", ""})
    void helpNeedsNeitherAJdkNorABuild(String word) throws Exception {
        Ran ran = run(Map.of("JAVA_HOME", "/none"), word.isEmpty() ? new String[0] : new String[] {word});
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("usage: ./throughline COMMAND");
        for (var command : Main.commandLine().getSubcommands().keySet()) {
            assertThat(ran.out()).containsPattern("(?m)^  " + command + " ");
        }
        assertThat(ran.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void theVersionIsTheProgramsAndNeedsNoBuild(String word) throws Exception {
        Ran ran = run(Map.of("JAVA_HOME", "/none"), word);
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isEqualTo(Main.commandLine().getCommandSpec().version()[0] + "\n");
    }

    @Test
    void aLinkToItIsAsGoodAsItself() throws Exception {
        Path links = Files.createDirectories(top.resolve("a place with blanks"));
        Path relative = Files.createSymbolicLink(links.resolve("near"), Path.of("../throughline"));
        Path absolute = Files.createSymbolicLink(links.resolve("far"), relative.toAbsolutePath());
        for (Path link : List.of(relative, absolute)) {
            Ran ran = run(link, Map.of("JAVA_HOME", "/none"), "version");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out()).isEqualTo(Main.commandLine().getCommandSpec().version()[0] + "\n");
        }
    }

    /** A JDK that tells the launcher to stop when it is asked for its version. */
    @ParameterizedTest
    @CsvSource({"serve, 0", "demo, 0", "mask, 143"})
    void aServerThatIsToldToStopBeforeItBeganEndsWell(String command, int exitCode) throws Exception {
        Path jdk = Files.createDirectories(top.resolve("jdk/bin"));
        executable(jdk.resolve("javac"), "#!/bin/sh\n");
        executable(
                jdk.resolve("java"),
                "#!/bin/sh\nkill -TERM \"$(cat '" + top.resolve("pid") + "')\"\necho 'openjdk version \"25\"' >&2\n");
        executable(top.resolve("first"), "#!/bin/sh\necho $$ >'" + top.resolve("pid") + "'\nexec \"$@\"\n");
        ProcessBuilder builder = new ProcessBuilder(
                        top.resolve("first").toString(),
                        top.resolve("throughline").toString(),
                        command)
                .redirectErrorStream(true)
                .redirectOutput(top.resolve("out").toFile());
        builder.environment().put("JAVA_HOME", top.resolve("jdk").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(exitCode);
        assertThat(Files.readString(top.resolve("out"))).doesNotContain("maven");
    }

    @Test
    void helpOfABuiltProgramIsItsOwnAndDoesNotBuildItAnew() throws Exception {
        Path app = Files.createDirectories(top.resolve("target/quarkus-app"));
        Files.writeString(app.resolve("quarkus-run.jar"), "not a jar");
        Ran ran = run(environment("X", "1"), "help", "serve");
        assertThat(ran.err()).doesNotContain("maven").contains("quarkus-run.jar");
    }
}
