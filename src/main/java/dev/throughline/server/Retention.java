package dev.throughline.server;

import dev.throughline.FailureCode;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.storage.RecordStore;
import dev.throughline.storage.StoredDay;
import dev.throughline.storage.retention.RetentionClock;
import dev.throughline.storage.retention.RetentionRule;
import dev.throughline.storage.retention.RetentionRule.Deletion;
import dev.throughline.storage.retention.RetentionRule.Kept;
import dev.throughline.storage.retention.RetentionRule.Notice;
import dev.throughline.storage.retention.RetentionState;
import dev.throughline.storage.retention.RetentionStateFile;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
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
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the days that a stream's retention is over for: at the start, every hour and when a policy is taken, a day at a time, and
 * says each in the log. Which ones {@link RetentionRule} decides; what it remembers is durable before anything is deleted.
 */
@ApplicationScoped
public class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final int BEFORE_THE_STORE = 1;

    private final RecordStore store;
    private final Period period;
    private final RetentionClock clock;
    private final RetentionStateFile memory;
    private final MeterRegistry registry;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("retention").daemon().factory());
    private volatile List<Notice> notices = List.of();
    /** What the last run left; null before the first one. */
    private @Nullable RetentionState remembered;

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

    /** The first run is now: what comes in from here on is no evidence of the time. */
    void start(@Observes StartupEvent event) {
        timed = timer.scheduleWithFixedDelay(this::runLogged, 0, 60, TimeUnit.MINUTES);
    }

    /** Another policy is in force: one that shortens a retention is told now. */
    void policyTaken() {
        try {
            timer.execute(this::runLogged);
        } catch (RejectedExecutionException _) {
            // The program ends.
        }
    }

    /** Whether it goes on: the timer gives up a task that throws. */
    boolean isLive() {
        ScheduledFuture<?> task = timed;
        return !timer.isShutdown() && (task == null || !task.isDone());
    }

    /** Before the store is closed. A run that is under way is not interrupted: that would close its files under it. */
    void stop(@Observes @Priority(BEFORE_THE_STORE) ShutdownEvent event) {
        timer.shutdown();
    }

    /** What keeps retention from doing what the policy says, or is about to happen. */
    List<Notice> notices() {
        return notices;
    }

    private void runLogged() {
        try {
            run();
        } catch (IOException e) {
            notRun(FailureCode.of(e));
        } catch (RuntimeException e) {
            notRun("store_unavailable");
        }
    }

    private void notRun(String code) {
        try {
            var _ = timer.schedule(this::runLogged, 1, TimeUnit.MINUTES);
        } catch (RejectedExecutionException _) {
            return; // The program ends.
        }
        tell(List.of(new Notice(
                "retention_stopped",
                "retention deletes nothing and is tried again in a minute: " + code
                        + "; see that store/retention and the store can be read and written")));
    }

    synchronized void run() throws IOException {
        RetentionState before = remembered;
        Map<Stream, Kept> kept = kept();
        RetentionRule.Outcome outcome =
                before == null ? first(memory.load(), kept) : RetentionRule.run(before, clock.tick(), kept);
        tell(outcome.notices());
        memory.save(outcome.state());
        remembered = outcome.state();
        outcome.deletions().forEach(this::delete);
    }

    private RetentionRule.Outcome first(RetentionStateFile.Loaded loaded, Map<Stream, Kept> kept) {
        RetentionState before = loaded.state();
        if (before != null) {
            return RetentionRule.run(before, clock.tick(), kept);
        }
        if (loaded.damaged()) {
            Counter.builder("throughline_retention_damaged_states")
                    .description("States of retention that could not be used")
                    .register(registry)
                    .increment();
        } else if (kept.values().stream().anyMatch(of -> !of.records().isEmpty())) {
            LOG.warnf(
                    "retention remembers nothing of the days that are kept; none is deleted for a day, of audit for seven");
        }
        return RetentionRule.begin(loaded.damaged(), clock.tick(), kept);
    }

    private Map<Stream, Kept> kept() {
        Map<Stream, Kept> kept = new EnumMap<>(Stream.class);
        for (Stream stream : Stream.values()) {
            TreeMap<Long, Long> records = new TreeMap<>();
            store.days(stream).forEach(day -> records.put(day.day().toEpochDay(), day.records()));
            kept.put(stream, new Kept(records, wholeDays(period.of(stream))));
        }
        return kept;
    }

    /** What is begun counts. */
    private static long wholeDays(Duration retention) {
        return retention.plusDays(1).minusNanos(1).toDays();
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
                    "%s/%s is over retention and cannot be deleted now: store_unavailable; it is tried again in an hour",
                    stream.label(), deletion.day());
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
