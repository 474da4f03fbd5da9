package dev.throughline.cli.bench;

import dev.throughline.cli.packaged.PackagedProgram;
import java.nio.file.Path;
import java.util.List;

/**
 * What to measure.
 *
 * @param events of the counted part of a row
 * @param warmUpEvents sent before, printed, not counted
 * @param distinctEvents rendered events; each round over them is stamped anew
 * @param directory data directories go below it, so it must be on the disk to measure
 * @param kafkaBootstrap empty for none
 * @param kafkaLibs jars of a broker to start where no bootstrap is given; empty for none
 * @param serverArguments further arguments of {@code serve}
 */
public record BenchSettings(
        PackagedProgram program,
        List<Row> rows,
        long events,
        long warmUpEvents,
        int distinctEvents,
        long seed,
        Path directory,
        String kafkaBootstrap,
        String kafkaLibs,
        List<String> serverArguments,
        boolean pinned,
        boolean keepData) {
    /** Events of a request. */
    public static final int REQUEST_EVENTS = 500;

    static final int CONNECTIONS = 4;
    static final int SERVER_CORE = 0;
    static final int LOAD_CORE = 1;
    /** Seconds for which the offered rate is held, at the most. */
    static final int OFFERED_SECONDS_MAX = 30;

    public BenchSettings {
        rows = List.copyOf(rows);
        serverArguments = List.copyOf(serverArguments);
    }

    long requests(Row row) {
        long offered = (long) Row.OFFERED_EVENTS_PER_SECOND * OFFERED_SECONDS_MAX;
        return Math.max(1, (row.offered() ? Math.min(events, offered) : events) / REQUEST_EVENTS);
    }

    long warmUpRequests() {
        return warmUpEvents / REQUEST_EVENTS;
    }
}
