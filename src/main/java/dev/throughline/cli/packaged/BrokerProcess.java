package dev.throughline.cli.packaged;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Kafka broker of one node (KRaft) on free loopback ports, from the jars of a Kafka distribution. The program does not ship
 * them: they come from {@code --kafka-libs}, {@code THROUGHLINE_KAFKA_LIBS} or {@code KAFKA_HOME/libs}.
 */
public final class BrokerProcess implements AutoCloseable {
    public static final String LIBS_VARIABLE = "THROUGHLINE_KAFKA_LIBS";

    private static final String CLUSTER_ID = "dGhyb3VnaGxpbmUtMDAwMQ";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Process process;
    private final String bootstrap;

    private BrokerProcess(Process process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /**
     * The class path of a broker.
     *
     * @param given a directory of jars or a class path; empty to look at the environment
     */
    public static Optional<String> classPath(String given) {
        String libs = given.isEmpty() ? System.getenv().getOrDefault(LIBS_VARIABLE, "") : given;
        String home = System.getenv().getOrDefault("KAFKA_HOME", "");
        if (libs.isEmpty() && !home.isEmpty()) {
            libs = Path.of(home, "libs").toString();
        }
        if (libs.isEmpty()) {
            return Optional.empty();
        }
        boolean directory = !libs.contains(java.io.File.pathSeparator) && Files.isDirectory(Path.of(libs));
        return Optional.of(directory ? Path.of(libs, "*").toString() : libs);
    }

    /** Formats a log directory below {@code directory} and starts the broker on one core. */
    public static BrokerProcess start(String classPath, Path directory, Cores cores, int core)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        int port = freePort();
        Path properties = directory.resolve("server.properties");
        Files.writeString(properties, properties(directory, port, freePort()));
        run(
                classPath,
                directory,
                List.of("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", "" + properties));
        List<String> command = java(classPath, directory);
        command.addAll(List.of("kafka.Kafka", properties.toString()));
        Process process = spawn(cores.pinned(core, command), directory);
        BrokerProcess broker = new BrokerProcess(process, "127.0.0.1:" + port);
        broker.awaitPort(port, directory);
        return broker;
    }

    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPort(int port, Path directory) throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) POLL.toMillis());
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        close();
        throw new IOException("the broker did not start: see " + directory.resolve("broker.log"));
    }

    private static void run(String classPath, Path directory, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = java(classPath, directory);
        command.addAll(arguments);
        Process process = spawn(command, directory);
        if (!process.waitFor(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("the broker's storage was not formatted: see " + directory.resolve("broker.log"));
        }
    }

    private static List<String> java(String classPath, Path directory) {
        return new ArrayList<>(List.of(
                PackagedProgram.java(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dkafka.logs.dir=" + directory,
                "-cp",
                classPath));
    }

    private static Process spawn(List<String> command, Path directory) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("broker.log").toFile()))
                .start();
        process.getOutputStream().close();
        return process;
    }

    private static String properties(Path directory, int port, int controllerPort) {
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + directory.resolve("log"),
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String toString() {
        return "BrokerProcess[" + bootstrap + "]";
    }
}
