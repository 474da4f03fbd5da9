package dev.throughline.cli.packaged;

import dev.throughline.cli.load.Answer;
import dev.throughline.cli.load.Connection;
import dev.throughline.cli.load.JsonNumbers;
import dev.throughline.cli.load.ServerStatus;
import dev.throughline.cli.load.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One process of the packaged program. {@link #start} returns when the program has written its ports; {@link #close} ends it by
 * SIGTERM, and by SIGKILL where that does not help. Reads of the status belong to one thread; {@link #kill} may come from any.
 */
public final class RunningServer implements AutoCloseable {
    public static final String LOG_FILE = "server.log";

    /** How long a start may take: recovery of a large spool included. */
    public static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    /** How long a drain after SIGTERM may take. */
    public static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(10);

    private final Process process;
    private final Path data;
    private final Target target;
    private final Connection api = new Connection();

    private RunningServer(Process process, Path data, Target target) {
        this.process = process;
        this.data = data;
        this.target = target;
    }

    /** A process that was started and is perhaps not ready yet. */
    public record Starting(Process process, Path data) {
        /** Returns when {@code DIR/run/ports.json} is there and names this process. */
        public RunningServer await() throws IOException {
            long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
            while (process.isAlive()) {
                Target target = readTarget(data, process.pid());
                if (target != null) {
                    return new RunningServer(process, data, target);
                }
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    process.destroyForcibly();
                    throw new IOException(
                            "the program was not ready within " + START_TIMEOUT.toSeconds() + " s: " + log(data));
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
            throw new IOException("the program ended while starting: " + log(data));
        }

        public void kill() {
            process.destroyForcibly();
        }
    }

    /** Starts {@code command} with its output appended to {@code data/server.log}. */
    public static Starting spawn(List<String> command, Path data) throws IOException {
        Files.createDirectories(data);
        Files.deleteIfExists(ports(data));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(data.resolve(LOG_FILE).toFile()))
                .start();
        process.getOutputStream().close();
        return new Starting(process, data);
    }

    public static RunningServer start(List<String> command, Path data) throws IOException {
        return spawn(command, data).await();
    }

    public Target target() {
        return target;
    }

    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public ProcessUsage usage() throws IOException {
        return ProcessUsage.of(process.pid());
    }

    public ServerStatus status() throws IOException {
        Answer answer = api.get(target, ServerStatus.PATH);
        if (!answer.taken()) {
            throw new IOException("GET " + ServerStatus.PATH + " answered " + answer.status());
        }
        return ServerStatus.parse(answer.body());
    }

    /** SIGKILL, at once. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM; the exit code, or -1 where it had to be killed after {@link #STOP_TIMEOUT}. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
            return process.exitValue();
        }
        kill();
        return -1;
    }

    @Override
    public void close() {
        api.close();
        if (process.isAlive()) {
            try {
                terminate();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Target readTarget(Path data, long pid) {
        try {
            Map<String, Long> ports = JsonNumbers.of(Files.readAllBytes(ports(data)));
            Long http = ports.get("http");
            Long otlp = ports.get("otlp_http");
            if (http == null || otlp == null || ports.getOrDefault("pid", pid) != pid) {
                return null;
            }
            String token =
                    Files.readString(data.resolve("run").resolve("token")).strip();
            return token.isEmpty() ? null : new Target(http.intValue(), otlp.intValue(), token);
        } catch (IOException e) {
            // Not written yet, or not to its end.
            return null;
        }
    }

    private static Path ports(Path data) {
        return data.resolve("run").resolve("ports.json");
    }

    private static String log(Path data) {
        return "see " + data.resolve(LOG_FILE);
    }

    @Override
    public String toString() {
        return "RunningServer[pid " + process.pid() + ", " + target + "]";
    }
}
