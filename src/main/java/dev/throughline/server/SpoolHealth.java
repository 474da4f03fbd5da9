package dev.throughline.server;

import dev.throughline.ingest.IngestService;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolStats;
import dev.throughline.telemetry.Stream;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready: not draining. How full each stream's quota is stands beside; a full one answers 503 by itself, stream by stream. */
@Readiness
@ApplicationScoped
public class SpoolHealth implements HealthCheck {
    private static final int PERCENT = 100;

    private final Spool spool;
    private final IngestService ingest;

    SpoolHealth(Spool spool, IngestService ingest) {
        this.spool = spool;
        this.ingest = ingest;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health = HealthCheckResponse.named("ingest").status(!ingest.isDraining());
        for (Stream stream : Stream.values()) {
            SpoolStats stats = spool.stats(stream);
            health.withData(
                    stream.label() + ".used_percent", PERCENT * stats.diskBytes() / Math.max(1, stats.quotaBytes()));
        }
        return health.build();
    }
}
