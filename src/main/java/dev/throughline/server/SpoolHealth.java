package dev.throughline.server;

import dev.throughline.ingest.IngestService;
import dev.throughline.spool.AppendOutcome;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolStats;
import dev.throughline.telemetry.Stream;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: not draining, and operational records can be kept. How full each stream's quota is stands beside; while one stream alone is
 * full its senders get 503 and the rest goes on. That audit has a reserve of its own does not make the program ready.
 */
@Readiness
@ApplicationScoped
public class SpoolHealth implements HealthCheck {
    private static final int PERCENT = 100;
    private static final Set<Stream> OPERATIONAL =
            EnumSet.of(Stream.OPERATIONAL_LOGS, Stream.OPERATIONAL_SPANS, Stream.OPERATIONAL_METRICS);

    private final Spool spool;
    private final IngestService ingest;

    SpoolHealth(Spool spool, IngestService ingest) {
        this.spool = spool;
        this.ingest = ingest;
    }

    @Override
    public HealthCheckResponse call() {
        String reason = reason();
        HealthCheckResponseBuilder health = HealthCheckResponse.named("ingest").status(reason.isEmpty());
        if (!reason.isEmpty()) {
            health.withData("reason", reason);
        }
        for (Stream stream : Stream.values()) {
            SpoolStats stats = spool.stats(stream);
            health.withData(
                    stream.label() + ".used_percent", PERCENT * stats.diskBytes() / Math.max(1, stats.quotaBytes()));
        }
        return health.build();
    }

    /** Why nothing operational is taken; empty where it is. */
    private String reason() {
        if (ingest.isDraining()) {
            return "draining";
        }
        AppendOutcome.Reason refusing = spool.refusing(OPERATIONAL);
        return refusing == null ? "" : code(refusing);
    }

    /** Stable, in readiness and log; empty for what passes with the next commit. */
    static String code(AppendOutcome.Reason reason) {
        return switch (reason) {
            case PENDING -> "";
            case QUOTA -> "spool_quota_full";
            case AUDIT_RESERVE -> "spool_full_up_to_audit_reserve";
            case DISK -> "disk_full";
            case TOO_MANY_OPEN_FILES -> "too_many_open_files";
            case DISK_READ_ONLY -> "disk_read_only";
            case DISK_FAILED -> "disk_failed";
        };
    }
}
