package dev.throughline.server;

import dev.throughline.ingest.IngestService;
import dev.throughline.policy.reload.DirectoryWatch;
import dev.throughline.spool.Spool;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The threads without which the process is of no use, by name: who takes connections, reads, decodes, commits, delivers, deletes and
 * follows the policy. A thread lives while it runs; an event loop has to answer as well, because one that is stuck runs for ever.
 */
@Singleton
public final class VitalThreads {
    /** An event loop that has not run a task for so long takes no connection and reads no request. */
    static final Duration SILENT_MAX = Duration.ofSeconds(10);

    private final Map<String, BooleanSupplier> vital = new ConcurrentSkipListMap<>();
    private final Vertx vertx;
    private final Spool spool;
    private final IngestService ingest;
    private final Delivery delivery;
    private final DirectoryWatch policy;
    private final Retention retention;
    private final RefusalLog refusals;

    VitalThreads(
            Vertx vertx,
            Spool spool,
            IngestService ingest,
            Delivery delivery,
            DirectoryWatch policy,
            Retention retention,
            RefusalLog refusals) {
        this.vertx = vertx;
        this.spool = spool;
        this.ingest = ingest;
        this.delivery = delivery;
        this.policy = policy;
        this.retention = retention;
        this.refusals = refusals;
    }

    /** Looks after those of the server; called when all of them are started. */
    void watch() {
        add("spool-commit", spool::isLive);
        ingest.workers().forEach(this::add);
        delivery.threads().forEach(this::add);
        policy.threads().forEach(this::add);
        add("retention", retention::isLive);
        add("refusal-log", refusals::isLive);
        if (vertx instanceof VertxInternal loops) {
            int number = 0;
            for (EventExecutor loop : loops.getEventLoopGroup()) {
                add("event-loop-" + number++, heartbeat(loop));
            }
            for (EventExecutor loop : loops.getAcceptorEventLoopGroup()) {
                add("acceptor", heartbeat(loop));
            }
        }
    }

    private static BooleanSupplier heartbeat(Executor loop) {
        return new Heartbeat(loop, SILENT_MAX, System::nanoTime);
    }

    private void add(Thread thread) {
        add(thread.getName(), thread::isAlive);
    }

    /**
     * Looks after one more.
     *
     * @param lives asked by any thread at any time; answers at once
     */
    void add(String name, BooleanSupplier lives) {
        vital.put(name, lives);
    }

    /** Names of those that do not live, in order. */
    List<String> dead() {
        List<String> dead = new ArrayList<>();
        vital.forEach((name, lives) -> {
            if (!lives.getAsBoolean()) {
                dead.add(name);
            }
        });
        return dead;
    }

    int count() {
        return vital.size();
    }

    /** Asks a loop for a sign of life each time somebody wants to know, and knows how long the last one has been waited for. */
    static final class Heartbeat implements BooleanSupplier {
        private final Executor loop;
        private final long silentNanosMax;
        private final LongSupplier nanoClock;
        private long askedNanos;
        private volatile boolean answered = true;

        Heartbeat(Executor loop, Duration silentMax, LongSupplier nanoClock) {
            this.loop = loop;
            this.silentNanosMax = silentMax.toNanos();
            this.nanoClock = nanoClock;
        }

        @Override
        public synchronized boolean getAsBoolean() {
            long now = nanoClock.getAsLong();
            if (!answered) {
                return now - askedNanos < silentNanosMax;
            }
            answered = false;
            askedNanos = now;
            try {
                loop.execute(() -> answered = true);
                return true;
            } catch (RejectedExecutionException _) {
                answered = true;
                return false;
            }
        }
    }
}
