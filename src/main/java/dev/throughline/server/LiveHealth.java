package dev.throughline.server;

import dev.throughline.ingest.IngestService;
import dev.throughline.spool.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Live: the commit thread and the ingest workers, without which nothing can be acknowledged, run. */
@Liveness
@ApplicationScoped
public class LiveHealth implements HealthCheck {
    private final Spool spool;
    private final IngestService ingest;

    LiveHealth(Spool spool, IngestService ingest) {
        this.spool = spool;
        this.ingest = ingest;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("threads")
                .status(spool.isLive() && ingest.isLive())
                .withData("commit", spool.isLive())
                .withData("ingest", ingest.isLive())
                .build();
    }
}
