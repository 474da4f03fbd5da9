package dev.throughline.cli;

import dev.throughline.cli.load.DemoTraffic;
import dev.throughline.cli.load.Target;
import dev.throughline.server.Lifecycle;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code throughline demo}: {@code serve}, and CRM-to-ERP traffic through its own real ports. */
@RegisterForReflection
@Command(
        name = "demo",
        description =
                "Starts everything and sends itself CRM-to-ERP traffic, about two in a hundred of it failing, until SIGTERM.",
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
        options.toProperties().forEach(System::setProperty);
        ServeCommand.run(Application.class, Double.toString(journeysPerSecond), Long.toString(seed));
        return 0;
    }

    /** The server with its traffic. */
    public static final class Application implements QuarkusApplication {
        private final Lifecycle lifecycle;

        Application(Lifecycle lifecycle) {
            this.lifecycle = lifecycle;
        }

        @Override
        public int run(String... args) throws IOException {
            lifecycle.announce();
            String token =
                    Files.readString(lifecycle.dataDir().resolve("run/token")).strip();
            Target target = new Target(lifecycle.httpPort(), lifecycle.otlpHttpPort(), token);
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            out.printf("page and API  http://127.0.0.1:%d/#token=%s%n", lifecycle.httpPort(), token);
            double rate = Double.parseDouble(args[0]);
            long seed = Long.parseLong(args[1]);
            try (DemoTraffic traffic = new DemoTraffic(target, InstantSource.system(), seed, rate);
                    LiveStatusLine line = new LiveStatusLine(
                            target,
                            out,
                            System.console() != null && System.console().isTerminal())) {
                traffic.start();
                line.start();
                Quarkus.waitForExit();
            }
            return 0;
        }
    }
}
