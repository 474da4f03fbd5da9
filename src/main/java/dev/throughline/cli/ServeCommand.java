package dev.throughline.cli;

import dev.throughline.server.ThroughlineApplication;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code throughline serve}: collector and desk, until SIGTERM. */
@RegisterForReflection
@Command(
        name = "serve",
        description = "Starts collector and desk in this process; prints the addresses when ready.",
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    ServerOptions options = new ServerOptions();

    /**
     * Ends the process once everything is stopped. Without it the JVM answers a signal with 128 and its number, and an orderly end
     * by SIGTERM would look like a crash.
     */
    static void end(int exitCode, @Nullable Throwable failure) {
        Runtime.getRuntime().halt(failure == null ? Math.max(0, exitCode) : 1);
    }

    @Override
    public Integer call() {
        options.toProperties().forEach(System::setProperty);
        Quarkus.run(ThroughlineApplication.class, ServeCommand::end);
        return 0;
    }
}
