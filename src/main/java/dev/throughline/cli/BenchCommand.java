package dev.throughline.cli;

import dev.throughline.cli.bench.Bench;
import dev.throughline.cli.bench.BenchReport;
import dev.throughline.cli.bench.BenchSettings;
import dev.throughline.cli.bench.Row;
import dev.throughline.cli.packaged.PackagedProgram;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code throughline bench}. */
@RegisterForReflection
@Command(
        name = "bench",
        description = {
            "Measures the packaged program: one core for it, the other for the load.",
            "Prints events/s, CPU-seconds per million events, token walks, memory and answer times, each with its target."
        },
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:it ran, whatever it measured",
            "1:an acknowledged event was not found, or with --strict a target was missed",
            "2:it could not run"
        })
public final class BenchCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "ROW",
            description = "Rows to run, of ndjson-spool, otlp-pb-logs-spool, otlp-json-logs-spool, otlp-pb-spans-spool,"
                    + " ndjson-store, ndjson-kafka, p99-20k, policy-reload. Default: all.")
    private List<String> rows = new ArrayList<>();

    @Option(names = "--events", paramLabel = "N", description = "Events counted a row (default ${DEFAULT-VALUE}).")
    private long events = 1_000_000;

    @Option(
            names = "--warmup-events",
            paramLabel = "N",
            description = "Events sent before a row is counted (default 2000000; none with --native).")
    private @Nullable Long warmUpEvents;

    @Option(
            names = "--distinct-events",
            paramLabel = "N",
            description = "Events rendered; each round over them is made anew (default ${DEFAULT-VALUE}).")
    private int distinctEvents = 200_000;

    @Option(names = "--native", paramLabel = "FILE", description = "Measure this native executable.")
    private @Nullable Path nativeExecutable;

    @Option(names = "--jar", paramLabel = "FILE", description = "Measure this quarkus-run.jar.")
    private @Nullable Path jar;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "Option of the server's JVM instead of the shipped ones; repeat for more.")
    private List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--server-argument",
            paramLabel = "ARGUMENT",
            description = "Further argument of serve; repeat for more.")
    private List<String> serverArguments = new ArrayList<>();

    @Option(names = "--kafka", paramLabel = "BOOTSTRAP", description = "Broker of the Kafka row.")
    private String kafka = "";

    @Option(
            names = "--kafka-libs",
            paramLabel = "DIR",
            description = "Jars of a broker (a directory or a class path) that is started for the Kafka row.")
    private String kafkaLibs = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directories go below it; give the disk to measure (default ${DEFAULT-VALUE}).")
    private Path data = Path.of("data", "bench");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the table there too: .md or .json; repeat for both.")
    private List<Path> out = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the events (default ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--no-pin", description = "Pin nothing to a core.")
    private boolean unpinned;

    @Option(names = "--keep", description = "Keep the data directories.")
    private boolean keep;

    @Option(names = "--strict", description = "Exit with 1 where a target is missed or a row did not run.")
    private boolean strict;

    public BenchCommand() {
        this(InstantSource.system());
    }

    BenchCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = java.util.Objects.requireNonNull(spec, "run by picocli");
        PrintWriter stdout = command.commandLine().getOut();
        PrintWriter stderr = command.commandLine().getErr();
        BenchSettings settings = settings(command);
        try {
            BenchReport report = new Bench(settings, clock, line -> say(stdout, line)).run();
            stdout.println();
            stdout.print(report.text());
            stdout.flush();
            for (Path file : out) {
                write(file, report);
            }
            return report.whole() && (!strict || report.met()) ? 0 : 1;
        } catch (IOException e) {
            stderr.println("bench: " + e.getMessage());
            stderr.flush();
            return 2;
        }
    }

    private BenchSettings settings(CommandSpec command) {
        if (events < BenchSettings.REQUEST_EVENTS || distinctEvents < BenchSettings.REQUEST_EVENTS) {
            throw new ParameterException(
                    command.commandLine(), "at least " + BenchSettings.REQUEST_EVENTS + " events are needed");
        }
        long warmUp = warmUpEvents != null ? warmUpEvents : nativeExecutable != null ? 0 : 2_000_000;
        return new BenchSettings(
                program()
                        .orElseThrow(() -> new ParameterException(
                                command.commandLine(),
                                "the packaged program was not found: build it, or give --jar or --native")),
                rows(command),
                events,
                warmUp,
                distinctEvents,
                seed,
                data,
                kafka,
                kafkaLibs,
                serverArguments,
                !unpinned,
                keep);
    }

    private Optional<PackagedProgram> program() {
        if (nativeExecutable != null) {
            return Optional.of(PackagedProgram.nativeExecutable(nativeExecutable));
        }
        return jar != null
                ? Optional.of(PackagedProgram.jar(jar, javaOptions))
                : PackagedProgram.ofThisProcess(javaOptions);
    }

    private List<Row> rows(CommandSpec command) {
        if (rows.isEmpty()) {
            return List.of(Row.values());
        }
        return rows.stream()
                .map(id -> Row.ofId(id)
                        .orElseThrow(() -> new ParameterException(
                                command.commandLine(), "no such row; there are " + String.join(", ", Row.ids()))))
                .toList();
    }

    private static void write(Path file, BenchReport report) throws IOException {
        Files.write(
                file,
                file.toString().endsWith(".json")
                        ? report.json()
                        : report.markdown().getBytes(StandardCharsets.UTF_8));
    }

    private static void say(PrintWriter to, String line) {
        to.println(line);
        to.flush();
    }
}
