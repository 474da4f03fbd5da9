package dev.throughline.ingest;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Whether the memory of bodies comes back, at {@code /q/health/well}: what is held while no request is under way, or by one that should
 * have been answered long ago, is lost to all others.
 */
@Wellness
@ApplicationScoped
public class IngestHealth implements HealthCheck {
    /** What a request may take once its body is whole: a disk that stands still is another trouble, but one too. */
    private static final long WORK_MS_MAX = 60_000;

    private final IngestService ingest;
    private final IngestConfig config;

    IngestHealth(IngestService ingest, IngestConfig config) {
        this.ingest = ingest;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        BodyBudget.State state = ingest.budgetState();
        long used = state.usedBytes();
        boolean lost = state.permits() == 0 && used != 0;
        boolean stuck = state.oldestMillis() > config.readTimeoutMs() + config.inFlightWaitMs() + WORK_MS_MAX;
        return HealthCheckResponse.named("ingest-memory")
                .withData("used_bytes", used)
                .withData("bodies", state.permits())
                .withData("oldest_ms", state.oldestMillis())
                .status(!lost && !stuck)
                .build();
    }
}
