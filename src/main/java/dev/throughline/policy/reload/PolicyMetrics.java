package dev.throughline.policy.reload;

import dev.throughline.policy.Policy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The policy in metrics. Thread-safe. */
@Singleton
public final class PolicyMetrics implements PolicyListener {
    private final MeterRegistry registry;
    private final Counter applied;
    private final Counter refused;
    private final Counter rolledBack;
    private final Counter failed;
    private final Timer reload;
    private final MultiGauge info;

    PolicyMetrics(MeterRegistry registry) {
        this.registry = registry;
        applied = reloads("applied");
        refused = reloads("refused");
        rolledBack = reloads("rolled_back");
        failed = reloads("failed");
        reload = Timer.builder("throughline_policy_reload").register(registry);
        info = MultiGauge.builder("throughline_policy_info").register(registry);
    }

    private Counter reloads(String outcome) {
        return Counter.builder("throughline_policy_reloads")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Registers what is read when it is asked for. */
    public void started(PolicyReloader reloader) {
        gauge("throughline_policy_refused", reloader, status -> status.refused() == null ? 0 : 1);
        gauge("throughline_policy_rolled_back", reloader, status -> status.rolledBack() == null ? 0 : 1);
        gauge("throughline_policy_canary", reloader, status -> status.canaryUntil() == null ? 0 : 1);
        gauge(
                "throughline_policy_in_force_timestamp_seconds",
                reloader,
                status -> status.since().toEpochMilli() / 1e3);
        inForce(reloader.status().policy());
    }

    private void gauge(String name, PolicyReloader reloader, ToDoubleFunction<PolicyStatus> value) {
        // One that is left of a program that ran in this process before (dev mode) would go on reading that one.
        registry.find(name).meters().forEach(registry::remove);
        Gauge.builder(name, reloader, of -> value.applyAsDouble(of.status())).register(registry);
    }

    private void inForce(Policy policy) {
        info.register(
                List.of(MultiGauge.Row.of(Tags.of("policy", policy.name(), "hash", policy.shortHash()), 1)), true);
    }

    @Override
    public void applied(Policy policy, Duration took) {
        applied.increment();
        reload.record(took);
        inForce(policy);
    }

    @Override
    public void refused(PolicyStatus.Refused why) {
        refused.increment();
    }

    @Override
    public void failed() {
        failed.increment();
    }

    @Override
    public void rolledBack(Policy policy, PolicyStatus.RolledBack why) {
        rolledBack.increment();
        inForce(policy);
    }
}
