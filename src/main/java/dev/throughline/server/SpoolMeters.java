package dev.throughline.server;

import dev.throughline.ingest.IngestMetrics;
import dev.throughline.spool.RecoveryReport.Kind;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolStats;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The spool in metrics, by stream, and the sum that must come out even. Conservation: of the records that ingest gave to the spool
 * and was told are kept, every one is delivered, still spooled, or counted as damaged; and of those received every one was accepted,
 * refused or turned away. The differences are gauges; anything but 0 at rest is a defect.
 */
@Singleton
public final class SpoolMeters implements MeterBinder {
    private static final double MILLIS = 1000.0;

    private final Spool spool;
    private final IngestMetrics ingest;
    private final InstantSource clock;

    SpoolMeters(Spool spool, IngestMetrics ingest, InstantSource clock) {
        this.spool = spool;
        this.ingest = ingest;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Stream stream : Stream.values()) {
            String label = stream.label();
            gauge(
                    registry,
                    "throughline_spool_backlog_records",
                    label,
                    "Records kept and not delivered by every exporter",
                    () -> spool.stats(stream).backlogRecords());
            gauge(
                    registry,
                    "throughline_spool_backlog_bytes",
                    label,
                    "Their bytes",
                    () -> spool.stats(stream).backlogBytes());
            gauge(
                    registry,
                    "throughline_spool_disk_bytes",
                    label,
                    "Bytes of the segment files",
                    () -> spool.stats(stream).diskBytes());
            gauge(
                    registry,
                    "throughline_spool_quota_bytes",
                    label,
                    "What they may take",
                    () -> spool.stats(stream).quotaBytes());
            gauge(
                    registry,
                    "throughline_spool_oldest_age_seconds",
                    label,
                    "Age of the oldest record not delivered",
                    () -> oldestAge(stream));
            gauge(
                    registry,
                    "throughline_conservation_difference_records",
                    label,
                    "Records told to be kept less those that the spool appended, and records lost that are not counted as"
                            + " damaged; not 0: a defect",
                    () -> difference(stream));
            counter(
                    registry,
                    "throughline_spool_damaged_records",
                    label,
                    "Records kept that damage to the spool's files has made unreadable, ever; each once however many exporters"
                            + " pass over it",
                    s -> s.stats(stream).damagedRecords());
            counter(
                    registry,
                    "throughline_spool_damaged_bytes",
                    label,
                    "Bytes of the spool's files that are not as they were written, ever",
                    s -> s.stats(stream).damagedBytes());
        }
        Map<Kind, Long> found = spool.recovery().damagesByKind();
        for (Kind kind : Kind.values()) {
            Gauge.builder("throughline_spool_start_findings", found, f -> f.getOrDefault(kind, 0L))
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                    .description("Files and places of the spool that were not as they were written when it was opened")
                    .strongReference(true)
                    .register(registry);
        }
        FunctionCounter.builder(
                        "throughline_spool_fsync_seconds",
                        spool,
                        s -> s.commits().fsyncNanos() / 1e9)
                .description("Time in fsync")
                .register(registry);
        FunctionCounter.builder(
                        "throughline_spool_commits", spool, s -> s.commits().groups())
                .description("Groups of requests that shared an fsync")
                .register(registry);
        FunctionCounter.builder(
                        "throughline_spool_failed_commits",
                        spool,
                        s -> s.commits().failedGroups())
                .description("Groups that were rolled back")
                .register(registry);
    }

    private double difference(Stream stream) {
        SpoolStats stats = spool.stats(stream);
        return (double) (ingest.keptTotal(stream) - stats.appendedSinceOpen() + stats.uncountedRecords());
    }

    private void counter(
            MeterRegistry registry, String name, String stream, String description, ToDoubleFunction<Spool> value) {
        FunctionCounter.builder(name, spool, value)
                .tag("stream", stream)
                .description(description)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            String name,
            String stream,
            String description,
            java.util.function.Supplier<Number> value) {
        Gauge.builder(name, value)
                .tag("stream", stream)
                .description(description)
                .register(registry);
    }

    private double oldestAge(Stream stream) {
        SpoolStats stats = spool.stats(stream);
        return stats.oldestReceivedMillis() == 0 ? 0 : (clock.millis() - stats.oldestReceivedMillis()) / MILLIS;
    }
}
