package dev.throughline.cli;

import dev.throughline.server.ProcessEnd;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The one entry point, of the jar and of the native executable. Only {@code serve} and {@code demo} start the server. */
@QuarkusMain
public final class Main {
    private static final Set<String> SERVERS = Set.of("serve", "demo");
    private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
    private static final String EVENT_LOOPS_VARIABLE = "QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE";

    static {
        // Without it Quarkus answers a path or query that cannot be decoded by itself, with nothing but a 400.
        System.setProperty("vertx.disableURIValidation", "true");
    }

    private static @Nullable ProcessEnd processEnd;

    private Main() {}

    public static void main(String... args) {
        PlainOutput.install();
        String[] words = args.length == 0 ? new String[] {"--help"} : args;
        if (SERVERS.contains(words[0])) {
            // From the first moment: a signal ends it in an orderly way, or by the watchdog.
            processEnd();
        }
        // Two loops on one processor push each other out of its caches.
        if (Runtime.getRuntime().availableProcessors() == 1 && System.getenv(EVENT_LOOPS_VARIABLE) == null) {
            System.setProperty(EVENT_LOOPS, System.getProperty(EVENT_LOOPS, "1"));
        }
        if (LoadHeap.isTooSmallFor(words[0])) {
            System.exit(LoadHeap.runAgainWith(words));
        }
        int exitCode = commandLine().execute(words[0].equals("version") ? new String[] {"--version"} : words);
        if (SERVERS.contains(words[0])) {
            // It did not come to a start; the code is the command line's.
            processEnd().ended();
        }
        // A server goes on when nobody reads its log.
        System.exit(SERVERS.contains(words[0]) ? exitCode : PlainOutput.exitCode(exitCode));
    }

    /** Of this process; made when it is first asked for. */
    static synchronized ProcessEnd processEnd() {
        ProcessEnd known = processEnd;
        if (known == null) {
            known = ProcessEnd.watch(Runtime.getRuntime()::halt);
            processEnd = known;
        }
        return known;
    }

    /** What a command does not expect or understand is told in a line, and ends it like what cannot be read. */
    static CommandLine commandLine() {
        return new CommandLine(new ThroughlineCommand())
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr().println(FailureLine.of(failure));
                    return CommandLine.ExitCode.USAGE;
                })
                .setParameterExceptionHandler((wrong, _) -> {
                    CommandLine command = wrong.getCommandLine();
                    command.getErr()
                            .println(FailureLine.usage(
                                    String.valueOf(wrong.getMessage()),
                                    command.getCommandSpec().qualifiedName()));
                    return CommandLine.ExitCode.USAGE;
                });
    }
}
