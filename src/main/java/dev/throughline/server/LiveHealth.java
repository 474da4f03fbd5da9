package dev.throughline.server;

import dev.throughline.ingest.IngestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Live: every thread runs that has to; {@code dead} names those that do not. While draining they end, and that is no failure. */
@Liveness
@ApplicationScoped
public class LiveHealth implements HealthCheck {
    private final VitalThreads threads;
    private final IngestService ingest;

    LiveHealth(VitalThreads threads, IngestService ingest) {
        this.threads = threads;
        this.ingest = ingest;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> dead = ingest.isDraining() ? List.of() : threads.dead();
        HealthCheckResponseBuilder health =
                HealthCheckResponse.named("threads").status(dead.isEmpty()).withData("watched", threads.count());
        return dead.isEmpty()
                ? health.build()
                : health.withData("dead", String.join(", ", dead)).build();
    }
}
