package dev.throughline.server;

import dev.throughline.policy.ActivePolicy;
import dev.throughline.storage.RecordStore;
import dev.throughline.telemetry.Stream;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Deletes the days that a stream's retention is over for: at start and every hour, a file at a time. */
@ApplicationScoped
public class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);

    private final RecordStore store;
    private final ActivePolicy policy;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("retention").daemon().factory());

    private volatile @Nullable ScheduledFuture<?> timed;

    Retention(RecordStore store, ActivePolicy policy, InstantSource clock) {
        this.store = store;
        this.policy = policy;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        timed = timer.scheduleWithFixedDelay(this::run, 1, 60, TimeUnit.MINUTES);
    }

    /** Whether it goes on: the timer gives up a task that throws. */
    boolean isLive() {
        ScheduledFuture<?> task = timed;
        return !timer.isShutdown() && (task == null || !task.isDone());
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    private void run() {
        for (Stream stream : Stream.values()) {
            try {
                delete(stream);
            } catch (RuntimeException e) {
                // A day that cannot be deleted now is deleted an hour later; the log says which stream.
                LOG.warnf(
                        "%s: days over retention could not be deleted: %s",
                        stream.label(), e.getClass().getSimpleName());
            }
        }
    }

    /** Today's file, and that of the first day still in retention, are kept. */
    void delete(Stream stream) {
        long days = policy.current().settings(stream).retention().toDays();
        LocalDate firstKept =
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(days);
        int deleted = store.deleteBefore(stream, firstKept);
        if (deleted > 0) {
            LOG.infof("%s: %d days before %s are over retention and deleted", stream.label(), deleted, firstKept);
        }
    }
}
