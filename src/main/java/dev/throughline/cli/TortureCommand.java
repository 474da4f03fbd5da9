package dev.throughline.cli;

import dev.throughline.cli.packaged.BrokerProcess;
import dev.throughline.cli.packaged.Cores;
import dev.throughline.cli.packaged.DataDirectories;
import dev.throughline.cli.packaged.PackagedProgram;
import dev.throughline.cli.torture.Torture;
import dev.throughline.cli.torture.TortureReport;
import dev.throughline.cli.torture.TortureSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code throughline torture}. */
@RegisterForReflection
@Command(
        name = "torture",
        description = {
            "Kills the packaged program at random moments under load, restarts it, and counts what is left.",
            "Prints acknowledged, found, duplicated and lost for each destination."
        },
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:nothing acknowledged was lost, and the store holds nothing twice",
            "1:something was, or too little was acknowledged, or the program did not drain and end as it should",
            "2:it could not run"
        })
public final class TortureCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--kills", paramLabel = "N", description = "How often to kill it (default ${DEFAULT-VALUE}).")
    private int kills = 20;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "Time over which the kills are spread (default ${DEFAULT-VALUE}); longer where starts take longer.")
    private int seconds = 60;

    @Option(
            names = "--kafka",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "BOOTSTRAP",
            description = "Deliver to Kafka too; without a value a broker is started from --kafka-libs.")
    private @Nullable String kafka;

    @Option(names = "--kafka-libs", paramLabel = "DIR", description = "Jars of a broker: a directory or a class path.")
    private String kafkaLibs = "";

    @Option(names = "--no-store", description = "Run without the embedded store.")
    private boolean noStore;

    @Option(names = "--native", paramLabel = "FILE", description = "Torture this native executable.")
    private @Nullable Path nativeExecutable;

    @Option(names = "--jar", paramLabel = "FILE", description = "Torture this quarkus-run.jar.")
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

    @Option(names = "--rate", paramLabel = "N", description = "Records a second to offer (default ${DEFAULT-VALUE}).")
    private int eventsPerSecond = 5_000;

    @Option(
            names = "--request-events",
            paramLabel = "N",
            description = "Records of a request (default ${DEFAULT-VALUE}).")
    private int requestEvents = 50;

    @Option(
            names = "--acknowledged-min",
            paramLabel = "N",
            description = {
                "Records that must be acknowledged in all, or the run fails (default: what is offered in a second).",
                "In each life of the program something must be."
            })
    private @Nullable Long acknowledgedMin;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A fresh data directory goes below it (default ${DEFAULT-VALUE}).")
    private Path data = Path.of("data", "torture");

    @Option(names = "--seed", paramLabel = "N", description = "Seed of records and moments (default: from the clock).")
    private @Nullable Long seed;

    @Option(names = "--keep", description = "Keep the data directory; it is kept anyway where something was lost.")
    private boolean keep;

    public TortureCommand() {
        this(InstantSource.system());
    }

    TortureCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec, "run by picocli");
        try {
            return tortured(command) ? 0 : 1;
        } catch (IOException | KafkaException e) {
            say(command.commandLine().getErr(), "torture: " + e.getMessage());
            return 2;
        }
    }

    private boolean tortured(CommandSpec command) throws IOException, InterruptedException {
        if (kafka == null && noStore) {
            throw new ParameterException(
                    command.commandLine(), "without a store and without Kafka nothing can be found");
        }
        PackagedProgram program = program()
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        "the packaged program was not found: build it, or give --jar or --native"));
        if (kafka == null || !kafka.isEmpty()) {
            return tortured(command, program, kafka == null ? "" : kafka);
        }
        String classPath = BrokerProcess.classPath(kafkaLibs)
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        "no broker: give --kafka BOOTSTRAP, or the jars of one by --kafka-libs DIR, "
                                + BrokerProcess.LIBS_VARIABLE + " or KAFKA_HOME"));
        Path directory = DataDirectories.fresh(data, "broker");
        try (BrokerProcess broker = BrokerProcess.start(classPath, directory, Cores.unpinned(), 0)) {
            return tortured(command, program, broker.bootstrap());
        } finally {
            DataDirectories.delete(directory);
        }
    }

    private boolean tortured(CommandSpec command, PackagedProgram program, String bootstrap)
            throws IOException, InterruptedException {
        PrintWriter stdout = command.commandLine().getOut();
        Path directory = DataDirectories.fresh(data, "run");
        TortureSettings settings = new TortureSettings(
                program,
                kills,
                Duration.ofSeconds(seconds),
                seed != null ? seed : clock.millis(),
                eventsPerSecond,
                requestEvents,
                acknowledgedMin != null ? acknowledgedMin : eventsPerSecond,
                directory,
                !noStore,
                bootstrap,
                serverArguments);
        say(stdout, "seed " + settings.seed() + ", " + kills + " kills in " + seconds + " s, data in " + directory);
        TortureReport report = new Torture(settings, clock, line -> say(stdout, line)).run();
        stdout.print(report.text());
        stdout.flush();
        if (report.passed() && !keep) {
            DataDirectories.delete(directory);
        } else {
            say(stdout, "kept " + directory);
        }
        return report.passed();
    }

    private Optional<PackagedProgram> program() {
        if (nativeExecutable != null) {
            return Optional.of(PackagedProgram.nativeExecutable(nativeExecutable));
        }
        return jar != null
                ? Optional.of(PackagedProgram.jar(jar, javaOptions))
                : PackagedProgram.ofThisProcess(javaOptions);
    }

    private static void say(PrintWriter to, String line) {
        to.println(line);
        to.flush();
    }
}
