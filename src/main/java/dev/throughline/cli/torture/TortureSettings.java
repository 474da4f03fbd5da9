package dev.throughline.cli.torture;

import dev.throughline.cli.packaged.PackagedProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How to torture.
 *
 * @param duration over which the kills are spread; it takes longer where starts do
 * @param eventsPerSecond offered by all connections together
 * @param acknowledgedMin records that must be acknowledged in all, lest the run shows nothing
 * @param data the program's data directory
 * @param store whether the embedded store is on and counted
 * @param kafkaBootstrap empty for none
 */
public record TortureSettings(
        PackagedProgram program,
        int kills,
        Duration duration,
        long seed,
        int eventsPerSecond,
        int requestEvents,
        long acknowledgedMin,
        Path data,
        boolean store,
        String kafkaBootstrap,
        List<String> serverArguments) {
    /** How long what was acknowledged may take to arrive after the last kill. */
    static final Duration DRAIN_TIMEOUT = Duration.ofMinutes(3);

    /** How long a life may last beyond its draw until something is acknowledged in it. */
    static final Duration FIRST_ACKNOWLEDGEMENT_TIMEOUT = Duration.ofSeconds(10);

    static final int CONNECTIONS = 4;

    public TortureSettings {
        serverArguments = List.copyOf(serverArguments);
        if (kills < 0 || eventsPerSecond < 1 || requestEvents < 1) {
            throw new IllegalArgumentException("kills, rate and request size must be positive");
        }
    }
}
