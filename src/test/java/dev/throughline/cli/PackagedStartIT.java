package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.cli.packaged.PackagedProgram;
import dev.throughline.cli.packaged.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Starts of the packaged program that cannot succeed, that are ended by a signal, and under a small limit of descriptors. */
class PackagedStartIT {
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private PackagedProgram program;
    private Path data;

    @BeforeEach
    void find() throws IOException {
        program = PackagedProgram.ofThisProcess(List.of()).orElseThrow();
        data = Files.createTempDirectory(Files.createDirectories(Path.of("target/test-data")), "start")
                .toAbsolutePath();
    }

    /** The program behind a shell's own command, such as {@code umask 0}. */
    private List<String> command(String before, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "; exec \"$@\"", "sh"));
        command.addAll(program.serve(data, List.of(arguments)));
        return command;
    }

    private Process spawn(String before, Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(before, arguments))
                .redirectOutput(data.resolve("out").toFile())
                .redirectError(data.resolve("err").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String refusal(String before, Map<String, String> environment, String... arguments) throws Exception {
        Process process = spawn(before, environment, arguments);
        boolean ended = process.waitFor(START_MAX.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("it ends by itself").isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(data.resolve("run/ports.json")).doesNotExist();
        assertThat(Files.readString(data.resolve("out"))).doesNotContain("\"stack\":");
        String err = Files.readString(data.resolve("err"));
        assertThat(err).hasLineCount(1);
        return err;
    }

    @Test
    void whatIsDamagedOrCannotBeIsFoundBeforeAPortIsOpen() throws Exception {
        Path key = Files.createFile(Files.createDirectories(data.resolve("run")).resolve("record-id.key"));
        assertThat(refusal(":", Map.of())).startsWith("throughline: record_id_key_damaged: ");
        Files.delete(key);
        Path directory = Files.createDirectory(data.resolve("run/ports.json.new"));
        assertThat(refusal(":", Map.of())).startsWith("throughline: file_not_regular: " + directory);
        Files.delete(directory);
        Path pipe = data.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(refusal(":", Map.of("THROUGHLINE_SERVER_TOKEN_FILE", pipe.toString())))
                .startsWith("throughline: file_not_regular: the token file ");
        assertThat(refusal(":", Map.of("THROUGHLINE_PROBES_PORT", "99999")))
                .startsWith("throughline: port_out_of_range: throughline.probes.port is 99999");
        assertThat(refusal(":", Map.of(), "--no-such-option")).startsWith("throughline: invalid_option: ");
        assertThat(refusal("ulimit -n 400", Map.of())).startsWith("throughline: too_few_open_files: ");
    }

    @Test
    void aSignalWhileItStartsEndsItWellAndWithoutALine() throws Exception {
        long seed = Long.getLong("seed", 4711L);
        Random random = new Random(seed);
        for (int i = 0; i < 6; i++) {
            Process process = spawn(":", Map.of());
            // Before the program's first line a signal meets a JVM that knows nothing of it.
            await().atMost(START_MAX).pollInterval(Duration.ofMillis(10)).until(() -> hasWatchdog(process.pid()));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2_000)));
            process.destroy();
            assertThat(process.waitFor(40, TimeUnit.SECONDS))
                    .as("seed %d, start %d", seed, i)
                    .isTrue();
            assertThat(process.exitValue()).as("seed %d, start %d", seed, i).isZero();
            assertThat(Files.readString(data.resolve("err"))).isEmpty();
        }
    }

    private static boolean hasWatchdog(long pid) throws IOException {
        try (var tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith("stop-watchdog")) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void underAUmaskOfNothingWhatItKeepsIsTheOwnersAlone() throws Exception {
        Files.createDirectories(data.resolve("run"));
        Files.setPosixFilePermissions(data.resolve("run"), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (RunningServer server = RunningServer.start(command("umask 0"), data)) {
            assertThat(server.isAlive()).isTrue();
            assertThat(mode(data.resolve("run"))).isEqualTo("rwx------");
            for (String file : List.of("token", "record-id.key", "ports.json")) {
                assertThat(mode(data.resolve("run").resolve(file))).as(file).isEqualTo("rw-------");
            }
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** A cold start: nothing but its own start has run when no descriptor is left. */
    @Test
    void whenTheDescriptorsThatAreUsedUpAreFreeAgainItServesAndItEndsInItsTime() throws Exception {
        PackagedServers requests = new PackagedServers();
        try (RunningServer server = RunningServer.start(command("ulimit -n 600"), data)) {
            List<Socket> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 700; i++) {
                    idle.add(new Socket(
                            InetAddress.getLoopbackAddress(), server.target().httpPort()));
                }
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
            String event = PackagedServers.event("corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K", "");
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> {
                assertThat(requests.post(server, "/v1/events", event).statusCode())
                        .isEqualTo(200);
                assertThat(requests.post(server, "/v1/events", "{").statusCode())
                        .isBetween(400, 499);
                assertThat(requests.get(server, "/v1/journeys/corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(requests.get(server, "/nope").statusCode()).isEqualTo(404);
                assertThat(requests.get(server, "/q/health/live").statusCode()).isEqualTo(200);
            });
            assertThat(server.terminate()).isZero();
            assertThat(Files.readString(data.resolve(RunningServer.LOG_FILE))).doesNotContain("Too many open files");
        }
    }
}
