package dev.throughline.server;

import dev.throughline.policy.ActivePolicy;
import dev.throughline.storage.RecordStore;
import dev.throughline.storage.StoredDay;
import dev.throughline.storage.retention.RetentionClock;
import dev.throughline.storage.retention.RetentionRule;
import dev.throughline.storage.retention.RetentionRule.Deletion;
import dev.throughline.storage.retention.RetentionRule.Kept;
import dev.throughline.storage.retention.RetentionRule.Notice;
import dev.throughline.storage.retention.RetentionStateFile;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the days that a stream's retention is over for: soon after the start and every hour, a day at a time, and says each in the
 * log. Which ones {@link RetentionRule} decides; what it remembers is durable before anything is deleted.
 */
@ApplicationScoped
public class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);

    private final RecordStore store;
    private final Period period;
    private final RetentionClock clock;
    private final RetentionStateFile memory;
    private final MeterRegistry registry;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("retention").daemon().factory());
    private volatile List<Notice> notices = List.of();

    private volatile @Nullable ScheduledFuture<?> timed;

    /** How long a stream's records are kept. */
    interface Period {
        Duration of(Stream stream);
    }

    @Inject
    Retention(
            RecordStore store, ActivePolicy policy, InstantSource clock, ServerConfig config, MeterRegistry registry) {
        this(
                store,
                stream -> policy.current().settings(stream).retention(),
                RetentionClock.system(clock),
                new RetentionStateFile(
                        config.dataDir().toAbsolutePath().resolve("store").resolve("retention")),
                registry);
    }

    Retention(
            RecordStore store, Period period, RetentionClock clock, RetentionStateFile memory, MeterRegistry registry) {
        this.store = store;
        this.period = period;
        this.clock = clock;
        this.memory = memory;
        this.registry = registry;
    }

    void start(@Observes StartupEvent event) {
        timed = timer.scheduleWithFixedDelay(this::runLogged, 1, 60, TimeUnit.MINUTES);
    }

    /** Whether it goes on: the timer gives up a task that throws. */
    boolean isLive() {
        ScheduledFuture<?> task = timed;
        return !timer.isShutdown() && (task == null || !task.isDone());
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    /** What keeps retention from doing what the policy says, or is about to happen. */
    List<Notice> notices() {
        return notices;
    }

    private void runLogged() {
        try {
            run();
        } catch (IOException | RuntimeException e) {
            LOG.warnf(
                    "retention deletes nothing now and is tried again in an hour: %s",
                    e.getClass().getSimpleName());
        }
    }

    void run() throws IOException {
        RetentionStateFile.Loaded loaded = memory.load();
        if (loaded.damaged()) {
            LOG.warnf("what retention remembered is damaged and forgotten: store/retention");
        }
        RetentionRule.Outcome outcome = RetentionRule.run(loaded.state(), clock.tick(), kept());
        tell(outcome.notices());
        if (outcome.state() != null) {
            memory.save(outcome.state());
        }
        outcome.deletions().forEach(this::delete);
    }

    private Map<Stream, Kept> kept() {
        Map<Stream, Kept> kept = new EnumMap<>(Stream.class);
        for (Stream stream : Stream.values()) {
            TreeSet<Long> days = store.days(stream).stream()
                    .map(day -> day.day().toEpochDay())
                    .collect(Collectors.toCollection(TreeSet::new));
            long retention = period.of(stream).toDays();
            kept.put(stream, new Kept(days, retention));
        }
        return kept;
    }

    /** Each once, until it is over. */
    private void tell(List<Notice> current) {
        Set<String> told = notices.stream().map(Notice::detail).collect(Collectors.toSet());
        for (Notice notice : current) {
            if (!told.contains(notice.detail())) {
                LOG.warnf("%s: %s", notice.code(), notice.detail());
            }
        }
        notices = List.copyOf(current);
    }

    private void delete(Deletion deletion) {
        Stream stream = deletion.stream();
        StoredDay day = store.days(stream).stream()
                .filter(kept -> kept.day().equals(deletion.day()))
                .findFirst()
                .orElse(new StoredDay(deletion.day(), 0, 0));
        try {
            store.delete(stream, deletion.day());
        } catch (RuntimeException e) {
            // A day that cannot be deleted now is deleted an hour later.
            LOG.warnf(
                    "%s/%s is over retention and cannot be deleted: %s",
                    stream.label(), deletion.day(), e.getClass().getSimpleName());
            return;
        }
        LOG.infof(
                "%s/%s is over its retention of %d days and deleted: %d records, %d bytes",
                stream.label(), deletion.day(), deletion.retentionDays(), day.records(), day.bytes());
        Counter.builder("throughline_retention_deleted_records")
                .description("Records that were deleted because their retention was over")
                .tag("stream", stream.label())
                .register(registry)
                .increment((double) day.records());
    }
}
