package dev.throughline.server;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether every destination takes what it is given, at {@code /q/health/well}. Not part of readiness: while a destination is away
 * the spool takes records, and senders must not be turned away for it.
 */
@Wellness
@ApplicationScoped
public class DeliveryHealth implements HealthCheck {
    private final Delivery delivery;

    DeliveryHealth(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health = HealthCheckResponse.named("delivery");
        boolean well = true;
        for (var lane : delivery.states()) {
            String trouble = lane.trouble();
            if (trouble != null) {
                well = false;
                health.withData(lane.exporter() + " " + lane.stream().label(), trouble);
            }
        }
        return health.status(well).build();
    }
}
