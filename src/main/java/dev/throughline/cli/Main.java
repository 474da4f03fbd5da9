package dev.throughline.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;

/** The one entry point, of the jar and of the native executable. Only {@code serve} and {@code demo} start the server. */
@QuarkusMain
public final class Main {
    static {
        // Without it Quarkus answers a path or query that cannot be decoded by itself, with nothing but a 400.
        System.setProperty("vertx.disableURIValidation", "true");
    }

    private Main() {}

    public static void main(String... args) {
        String[] words = args.length == 0 ? new String[] {"--help"} : args;
        if (LoadHeap.isTooSmallFor(words[0])) {
            System.exit(LoadHeap.runAgainWith(words));
        }
        System.exit(commandLine().execute(words));
    }

    /** What a command does not expect is told in a line, and ends it like what cannot be read. */
    static CommandLine commandLine() {
        return new CommandLine(new ThroughlineCommand()).setExecutionExceptionHandler((failure, command, _) -> {
            command.getErr().println(FailureLine.of(failure));
            return CommandLine.ExitCode.USAGE;
        });
    }
}
