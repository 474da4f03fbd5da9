package dev.throughline.cli;

import dev.throughline.server.ThroughlineApplication;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.concurrent.Callable;
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

    @Override
    public Integer call() {
        options.toProperties().forEach(System::setProperty);
        int[] exitCode = {0};
        Quarkus.run(ThroughlineApplication.class, (code, failure) -> exitCode[0] = code);
        return exitCode[0];
    }
}
