package dev.throughline.server;

import dev.throughline.spool.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Live: the commit thread, without which nothing can be acknowledged, runs. */
@Liveness
@ApplicationScoped
public class LiveHealth implements HealthCheck {
    private final Spool spool;

    LiveHealth(Spool spool) {
        this.spool = spool;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("commit thread").status(spool.isLive()).build();
    }
}
