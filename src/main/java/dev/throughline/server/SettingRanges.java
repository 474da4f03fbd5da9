package dev.throughline.server;

import dev.throughline.StartupException;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** What numbers, switches and names among the settings may be: one that cannot work ends the start, and not a request later. */
final class SettingRanges {
    private static final long HOUR_MS = 3_600_000;
    private static final long GIB = 1L << 30;
    private static final long MANY = 100_000_000;

    /** Both ends are allowed. */
    private record Range(String name, long min, long max) {}

    /** Ports have codes of their own. */
    private static final List<Range> RANGES = List.of(
            new Range("throughline.http.connections-max", 1, 1_000_000),
            new Range("throughline.ingest.compressed-bytes-max", 1024, GIB),
            new Range("throughline.ingest.decompressed-bytes-max", 1024, GIB),
            new Range("throughline.ingest.decompression-ratio-max", 1, MANY),
            new Range("throughline.ingest.expanded-bytes-max", 1024, GIB),
            new Range("throughline.ingest.expansion-ratio-max", 1, MANY),
            new Range("throughline.ingest.request-memory-bytes-max", 65_536, 16 * GIB),
            new Range("throughline.ingest.records-per-request-max", 1, MANY),
            new Range("throughline.ingest.depth-max", 1, 256),
            new Range("throughline.ingest.tokens-per-record-max", 1, MANY),
            new Range("throughline.ingest.field-bytes-max", 1, GIB),
            new Range("throughline.ingest.read-timeout-ms", 100, HOUR_MS),
            new Range("throughline.ingest.otlp-json-tokens-max", 1, MANY),
            new Range("throughline.ingest.in-flight-bytes-max", 65_536, 16 * GIB),
            new Range("throughline.ingest.body-bytes-per-second-min", 0, GIB),
            new Range("throughline.ingest.in-flight-wait-ms", 1, HOUR_MS),
            new Range("throughline.ingest.refusals-listed-max", 0, 1_000_000),
            new Range("throughline.ingest.correlation-ids-listed-max", 0, 1_000_000),
            new Range("throughline.ingest.workers", 0, 1024),
            new Range("throughline.ingest.trace-joins-max", 1, MANY),
            new Range("throughline.ingest.recent-records-max", 1, MANY),
            new Range("throughline.ingest.retry-after-ms", 1, HOUR_MS),
            new Range("throughline.server.store-scrub-bytes-per-second", 0, 16 * GIB),
            new Range("throughline.server.drain-timeout-ms", 0, HOUR_MS),
            new Range("throughline.server.kafka.replication-factor", -1, Short.MAX_VALUE),
            new Range("throughline.server.spool.total-bytes-max", 65_536, Long.MAX_VALUE),
            new Range("throughline.server.spool.audit-reserve-bytes", 0, Long.MAX_VALUE),
            new Range("throughline.server.spool.disk-free-bytes-min", 0, Long.MAX_VALUE),
            new Range("throughline.server.spool.segment-bytes-max", 65_536, 16 * GIB),
            new Range("throughline.server.spool.pending-bytes-max", 65_536, 16 * GIB));

    private static final String ALLOWED_HOSTS = "throughline.http.allowed-hosts";
    private static final Pattern HOST = Pattern.compile("\\s*[0-9A-Za-z_]([0-9A-Za-z_.-]*[0-9A-Za-z_])?\\s*");
    private static final List<String> SWITCHES = List.of("throughline.http.public-metrics");
    private static final Pattern SWITCH = Pattern.compile("(?i)true|false");

    private SettingRanges() {}

    /** @throws StartupException for the first that is out of its range; what it is is not shown */
    static void check(Config config) {
        for (Range range : RANGES) {
            config.getOptionalValue(range.name, Long.class)
                    .filter(value -> value < range.min || value > range.max)
                    .ifPresent(
                            _ -> refuse(range.name, " is out of its range; it is " + range.min + " to " + range.max));
        }
        SWITCHES.forEach(name -> matches(config, name, SWITCH, " is true or false"));
        config.getOptionalValues(ALLOWED_HOSTS, String.class)
                .filter(hosts ->
                        !hosts.stream().allMatch(host -> HOST.matcher(host).matches()))
                .ifPresent(_ -> refuse(ALLOWED_HOSTS, " is to name hosts, without scheme, port or wildcard"));
    }

    private static void matches(Config config, String name, Pattern pattern, String rule) {
        config.getOptionalValue(name, String.class)
                .filter(value -> !pattern.matcher(value.strip()).matches())
                .ifPresent(_ -> refuse(name, rule));
    }

    private static void refuse(String name, String rule) {
        throw new StartupException("invalid_setting", name + rule);
    }

    static List<String> names() {
        return RANGES.stream().map(Range::name).toList();
    }
}
