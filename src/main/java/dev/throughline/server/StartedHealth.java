package dev.throughline.server;

import dev.throughline.policy.ActivePolicy;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started: the spool is recovered and a policy is in force. */
@Startup
@ApplicationScoped
public class StartedHealth implements HealthCheck {
    private final ActivePolicy policy;
    private final Lifecycle lifecycle;

    StartedHealth(ActivePolicy policy, Lifecycle lifecycle) {
        this.policy = policy;
        this.lifecycle = lifecycle;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("started")
                .status(lifecycle.isStarted())
                .withData("policy", policy.current().shortHash())
                .build();
    }
}
