package dev.throughline.server;

import dev.throughline.spool.AppendOutcome.Reason;
import dev.throughline.spool.Spool;
import dev.throughline.telemetry.Stream;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Says in the log when the spool begins to refuse appends, with the reason and the streams, and when it takes them again. Looks at
 * the state every second, so that however many senders are turned away there is a line a change.
 */
@ApplicationScoped
public class RefusalLog {
    private static final Logger LOG = Logger.getLogger(RefusalLog.class);
    private static final long LOOK_SECONDS = 1;

    private final Spool spool;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("refusal-log").daemon().factory());
    /** Of the timer's thread. */
    private final Map<Stream, Reason> refused = new EnumMap<>(Stream.class);

    private volatile @Nullable ScheduledFuture<?> timed;

    RefusalLog(Spool spool) {
        this.spool = spool;
    }

    void start(@Observes StartupEvent event) {
        timed = timer.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether it goes on: the timer gives up a task that throws. */
    boolean isLive() {
        ScheduledFuture<?> task = timed;
        return !timer.isShutdown() && (task == null || !task.isDone());
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdownNow();
    }

    /** Compares what is refused with the last look, and tells the difference. */
    void look() {
        Map<Reason, Set<Stream>> begun = new TreeMap<>();
        Set<Stream> over = EnumSet.noneOf(Stream.class);
        for (Stream stream : Stream.values()) {
            Reason now = spool.refusing(Set.of(stream));
            Reason before = now == null ? refused.remove(stream) : refused.put(stream, now);
            if (now != null && now != before) {
                begun.computeIfAbsent(now, unseen -> EnumSet.noneOf(Stream.class))
                        .add(stream);
            } else if (now == null && before != null) {
                over.add(stream);
            }
        }
        begun.forEach((reason, streams) ->
                LOG.warnf("appends are refused: %s, %s", SpoolHealth.code(reason), labels(streams)));
        if (!over.isEmpty()) {
            LOG.infof("appends are taken again: %s", labels(over));
        }
    }

    private static String labels(Set<Stream> streams) {
        return streams.stream().map(Stream::label).collect(Collectors.joining(", "));
    }
}
