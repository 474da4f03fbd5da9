package dev.throughline.policy.reload;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether the policy in force is the one that the directory holds, at {@code /q/health/well}. Not part of readiness: records are taken
 * under the last good policy.
 */
@Wellness
@ApplicationScoped
public class PolicyHealth implements HealthCheck {
    private final PolicyReloader reloader;

    PolicyHealth(PolicyReloader reloader) {
        this.reloader = reloader;
    }

    @Override
    public HealthCheckResponse call() {
        PolicyStatus status = reloader.status();
        HealthCheckResponseBuilder health = HealthCheckResponse.named("policy")
                .withData("in_force", status.policy().shortHash())
                .status(status.refused() == null && status.rolledBack() == null);
        if (status.refused() != null) {
            health.withData("refused", status.refused().problems().getFirst().toString());
        }
        if (status.rolledBack() != null) {
            health.withData("rolled_back", status.rolledBack().finding());
        }
        return health.build();
    }
}
