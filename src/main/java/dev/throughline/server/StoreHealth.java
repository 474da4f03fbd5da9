package dev.throughline.server;

import dev.throughline.storage.Finding;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreUnavailableException;
import dev.throughline.storage.retention.RetentionRule.Notice;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether all that the store was given can be read, and whether retention can do what the policy says, at {@code /q/health/well}.
 * Not part of readiness: records are taken and kept all the same.
 */
@Wellness
@ApplicationScoped
public class StoreHealth implements HealthCheck {
    private static final int SHOWN_MAX = 16;

    private final SqliteRecordStore store;
    private final Retention retention;

    StoreHealth(SqliteRecordStore store, Retention retention) {
        this.store = store;
        this.retention = retention;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health = HealthCheckResponse.named("store");
        try {
            return asked(health);
        } catch (StoreUnavailableException e) {
            return unusable(health, e.code());
        } catch (RuntimeException e) {
            return unusable(health, "store_unavailable");
        }
    }

    private static HealthCheckResponse unusable(HealthCheckResponseBuilder health, String code) {
        return health.withData("code", code)
                .withData("action", "see that the store's folders and files can be read and written")
                .down()
                .build();
    }

    private HealthCheckResponse asked(HealthCheckResponseBuilder health) {
        List<Finding> damage = store.damage();
        for (Finding finding : damage.subList(0, Math.min(SHOWN_MAX, damage.size()))) {
            health.withData(finding.name(), finding.code() + ": " + finding.place());
        }
        if (!damage.isEmpty()) {
            health.withData("damaged_days", damage.size());
            health.withData("action", "stop the program and run ./throughline store repair on its data folder");
        }
        List<Notice> notices = retention.notices();
        notices.forEach(notice -> health.withData("retention " + notice.code(), notice.detail()));
        return health.status(damage.isEmpty() && notices.isEmpty()).build();
    }
}
