package dev.throughline.server;

import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreScrub;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** The store's damage in metrics, and the scrub that finds it. */
@ApplicationScoped
public class StoreMeters {
    /** A store that is small is not read all the time. */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final SqliteRecordStore store;
    private final MeterRegistry registry;
    private final boolean scrubs;
    private final StoreScrub scrub;

    StoreMeters(SqliteRecordStore store, MeterRegistry registry, ServerConfig config) {
        this.store = store;
        this.registry = registry;
        this.scrubs = config.storeScrubBytesPerSecond() > 0 && config.store() == ServerConfig.StoreKind.EMBEDDED;
        this.scrub = new StoreScrub(store, Math.max(1, config.storeScrubBytesPerSecond()), PAUSE);
    }

    void start(@Observes StartupEvent event) {
        Gauge.builder("throughline_store_damaged_days", () -> store.damage().size())
                .description("Days of all streams that are damaged and not repaired")
                .register(registry);
        for (Stream stream : Stream.values()) {
            Gauge.builder("throughline_store_lost_records", () -> store.lostRecords(stream))
                    .tag("stream", stream.label())
                    .description("Records that were kept and cannot be read any more, of the days that are kept")
                    .register(registry);
        }
        FunctionCounter.builder("throughline_store_scrubbed_bytes", scrub, StoreScrub::bytes)
                .description("Bytes of the store that were read and verified")
                .register(registry);
        FunctionCounter.builder("throughline_store_scrub_passes", scrub, StoreScrub::passes)
                .description("How often all of the store was verified")
                .register(registry);
        if (scrubs) {
            scrub.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        scrub.close();
    }
}
