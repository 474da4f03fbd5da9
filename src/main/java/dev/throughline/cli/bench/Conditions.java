package dev.throughline.cli.bench;

import dev.throughline.cli.packaged.Cores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What a number is worthless without. */
record Conditions(String date, String machine, String program, String placement, String load) {
    static Conditions of(BenchSettings settings, Cores cores, Instant started) {
        return new Conditions(
                started.truncatedTo(ChronoUnit.SECONDS).toString(),
                processorName() + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                        + System.getProperty("os.name") + " " + System.getProperty("os.version"),
                settings.program().description(),
                cores.usable()
                        ? "server pinned to core " + BenchSettings.SERVER_CORE + ", load to core "
                                + BenchSettings.LOAD_CORE
                        : "NOT PINNED: taskset or a second core is missing, or it was not wanted",
                String.format(
                        Locale.ROOT,
                        "%,d events counted a row after %,d of warm-up, %,d distinct, %d a request, %d connections, seed %d",
                        settings.events(),
                        settings.warmUpEvents(),
                        settings.distinctEvents(),
                        BenchSettings.REQUEST_EVENTS,
                        BenchSettings.CONNECTIONS,
                        settings.seed()));
    }

    private static String processorName() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
