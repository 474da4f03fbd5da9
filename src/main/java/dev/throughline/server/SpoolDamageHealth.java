package dev.throughline.server;

import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolStats;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether all that was acknowledged can be read, at {@code /q/health/well}: DOWN with the stream, what is lost and what to do, from
 * the first damage until somebody has seen to the files in {@code spool/damaged} and removed them. Not part of readiness: what comes
 * is taken and delivered all the same.
 */
@Wellness
@ApplicationScoped
public class SpoolDamageHealth implements HealthCheck {
    private final Spool spool;

    SpoolDamageHealth(Spool spool) {
        this.spool = spool;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health = HealthCheckResponse.named("spool");
        var open = spool.openDamage();
        open.forEach((stream, places) -> {
            SpoolStats stats = spool.stats(stream);
            health.withData(
                    stream.label(),
                    "damaged: " + places + " places, " + stats.damagedRecords() + " records lost and "
                            + stats.damagedBytes() + " bytes damaged so far; what could be saved is in spool/damaged:"
                            + " repair it or give it up, and remove those files");
        });
        return health.status(open.isEmpty()).build();
    }
}
