package dev.throughline.server;

import dev.throughline.policy.Policy;
import dev.throughline.policy.reload.DirectoryWatch;
import dev.throughline.policy.reload.PolicyListener;
import dev.throughline.policy.reload.PolicyMetrics;
import dev.throughline.policy.reload.PolicyReloader;
import dev.throughline.policy.reload.PolicyStatus;
import dev.throughline.spool.Spool;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Sets what does not ask the policy by itself when another one is in force: the spool's quotas, Kafka's topics, retention. */
@Singleton
public final class PolicyApplication implements PolicyListener {
    private final ServerConfig config;
    private final PolicyReloader reloader;
    private final DirectoryWatch watch;
    private final PolicyMetrics metrics;
    private final Spool spool;
    private final Delivery delivery;
    private final Retention retention;

    PolicyApplication(
            ServerConfig config,
            PolicyReloader reloader,
            DirectoryWatch watch,
            PolicyMetrics metrics,
            Spool spool,
            Delivery delivery,
            Retention retention) {
        this.config = config;
        this.reloader = reloader;
        this.watch = watch;
        this.metrics = metrics;
        this.spool = spool;
        this.delivery = delivery;
        this.retention = retention;
    }

    /** From here on a change of the directory is followed. */
    void start() {
        reloader.listen(this);
        metrics.started(reloader);
        if (config.policyDir().isPresent()) {
            watch.start(reloader);
        }
    }

    void stop() {
        watch.close();
    }

    @Override
    public void applied(Policy policy, Duration took) {
        follow(policy);
        metrics.applied(policy, took);
    }

    @Override
    public void refused(PolicyStatus.Refused refused) {
        metrics.refused(refused);
    }

    @Override
    public void failed() {
        metrics.failed();
    }

    @Override
    public void rolledBack(Policy policy, PolicyStatus.RolledBack why) {
        follow(policy);
        metrics.rolledBack(policy, why);
    }

    private void follow(Policy policy) {
        spool.quotas(Assembly.quotas(policy), Assembly.auditReserve(config.spool(), policy));
        delivery.follow(policy);
        retention.policyTaken();
    }
}
