package dev.throughline.cli;

import dev.throughline.cli.load.DemoTraffic;
import dev.throughline.cli.load.Target;
import dev.throughline.server.ThroughlineApplication;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code throughline demo}: {@code serve}, and CRM-to-ERP traffic through its own real ports. */
@RegisterForReflection
@Command(
        name = "demo",
        description = "Starts everything and sends itself CRM-to-ERP traffic, about 2 % of it failing, until SIGTERM.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    ServerOptions options = new ServerOptions();

    @Option(names = "--rate", paramLabel = "N", description = "Journeys a second (default ${DEFAULT-VALUE}).")
    double journeysPerSecond = 5;

    @Option(names = "--seed", paramLabel = "N", description = "Of the traffic (default ${DEFAULT-VALUE}).")
    long seed = 1;

    @Override
    public Integer call() {
        return 0;
    }
}
