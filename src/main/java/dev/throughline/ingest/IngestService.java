package dev.throughline.ingest;

import dev.throughline.contract.TraceJoins;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.spool.AppendOutcome;
import dev.throughline.spool.Spool;
import dev.throughline.telemetry.Stream;
import io.opentelemetry.api.trace.Span;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What requests share: the budget of bytes, the workers and their sessions, the way to the spool. A request is answered from what
 * the spool says, never before.
 */
@ApplicationScoped
public class IngestService {
    /** Requests that are read and wait for a worker; the byte budget is the bound that is met first. */
    private static final int QUEUE_MAX = 4096;

    private static final int BATCHES_KEPT = 8;
    /** What all workers together may hold of ordinary requests in work; see {@link RequestMemory}. */
    private static final int ORDINARY_BYTES_MAX = 16 << 20;

    private static final int ORDINARY_BYTES_MIN = 2 << 20;

    private final IngestConfig config;
    private final ActivePolicy policy;
    private final Spool spool;
    private final InstantSource clock;
    private final IngestMetrics metrics;
    private final IngestTraces traces;
    private final BodyBudget budget;
    private final BodyPool bodies = new BodyPool();
    private final DropRate dropRate = new DropRate(System::nanoTime);
    /** They are forgotten with their connections. */
    private final Map<Object, SenderConnection> senders = Collections.synchronizedMap(new WeakHashMap<>());

    private final RecentRecords recent;
    private final ArrayBlockingQueue<Exchange> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    /** The last used is the next used: it is the one that the processor still has near. */
    private final ArrayDeque<RequestBatch> batches = new ArrayDeque<>(BATCHES_KEPT);

    private final List<Thread> workers = new ArrayList<>();
    private final Semaphore largePlace = new Semaphore(1, true);
    private final long ordinaryBytesMax;
    private volatile boolean draining;

    IngestService(
            IngestConfig config,
            ActivePolicy policy,
            Spool spool,
            RecordIdKey recordIdKey,
            InstantSource clock,
            IngestMetrics metrics,
            IngestTraces traces) {
        this.config = config;
        this.policy = policy;
        this.spool = spool;
        this.clock = clock;
        this.metrics = metrics;
        this.traces = traces;
        this.budget = new BodyBudget(
                BodyBounds.of(config.inFlightBytesMax(), config.bodyBytesPerSecondMin()), System::nanoTime);
        this.recent = new RecentRecords(config.recentRecordsMax());
        metrics.watch(budget);
        IngestSession.Shared shared =
                new IngestSession.Shared(new TraceJoins(config.traceJoinsMax()), recent, recordIdKey.bytes(), metrics);
        int threads =
                config.workers() > 0 ? config.workers() : Runtime.getRuntime().availableProcessors();
        this.ordinaryBytesMax = Math.max(ORDINARY_BYTES_MIN, ORDINARY_BYTES_MAX / threads);
        FailedRequests failures = new FailedRequests();
        for (int i = 0; i < threads; i++) {
            Worker worker = new Worker(config, policy, shared, failures);
            Thread thread = new Thread(() -> work(worker), "ingest-" + i);
            thread.setDaemon(true);
            thread.start();
            workers.add(thread);
        }
    }

    IngestConfig config() {
        return config;
    }

    BodyBudget budget() {
        return budget;
    }

    BodyPool bodies() {
        return bodies;
    }

    DropRate dropRate() {
        return dropRate;
    }

    public boolean isDraining() {
        return draining;
    }

    /** From here on requests are told to come back; what is under way is finished. */
    public void drain() {
        draining = true;
    }

    Outcome draining() {
        return new Outcome.Unavailable("draining", retryAfter());
    }

    Outcome busy() {
        return new Outcome.Unavailable("busy", retryAfter());
    }

    /** Gives up bodies that come too slowly for those who wait. */
    void cutSlow() {
        budget.cutSlow();
    }

    /** The memory of bodies now. */
    BodyBudget.State budgetState() {
        return budget.state();
    }

    Outcome slow() {
        metrics.slowBody();
        return new Outcome.Unavailable("slow_body", retryAfter());
    }

    SenderConnection sender(Object connection) {
        return senders.computeIfAbsent(connection, _ -> new SenderConnection());
    }

    /** What a failure of ours is answered with. */
    Outcome unavailable() {
        return draining ? draining() : new Outcome.Unavailable("unavailable", retryAfter());
    }

    private Duration retryAfter() {
        return Duration.ofMillis(config.retryAfterMs());
    }

    /** Hands a whole body to the workers; false where too many wait. */
    boolean submit(Exchange exchange) {
        return queue.offer(exchange);
    }

    void answered(Exchange exchange, Outcome outcome) {
        metrics.answered(exchange.protocol(), outcome, exchange.elapsedNanos());
    }

    private void work(Worker worker) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                processSafely(worker, queue.take());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A worker outlives whatever one request does to it, and that request is answered. */
    private void processSafely(Worker worker, Exchange exchange) {
        try {
            process(worker, exchange);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            metrics.failed(e);
            exchange.release();
            exchange.answer(busy());
        }
    }

    /** Whether every worker runs: without them requests would wait for ever. */
    public boolean isLive() {
        return workers.stream().allMatch(Thread::isAlive);
    }

    /** Those of which every one has to run. */
    public List<Thread> workers() {
        return List.copyOf(workers);
    }

    private void process(Worker worker, Exchange exchange) {
        Span request = traces.request(
                exchange.protocol(), TimeUnit.MILLISECONDS.toNanos(clock.millis()), exchange.elapsedNanos());
        RequestBatch batch = takeBatch();
        Tally tally = new Tally(config.refusalsListedMax(), config.correlationIdsListedMax());
        Outcome decided;
        try {
            decided = decide(worker, exchange, batch, tally, request);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            giveBack(batch); // And with it the place that it may have.
            throw e;
        }
        if (decided != null) {
            giveBack(batch);
            answer(exchange, request, decided);
            return;
        }
        exchange.broughtAudit(!batch.records(Stream.AUDIT).isEmpty());
        var records = batch.toAppend();
        Span append = traces.step(request, "spool.append");
        spool.append(records, appended -> {
            try {
                append.end();
                if (appended instanceof AppendOutcome.Kept) {
                    recent.addAll(batch.ids(), batch.idCount());
                }
                metrics.appended(appended, batch, tally);
            } finally {
                giveBack(batch);
                answer(exchange, request, outcomeOf(appended, tally));
            }
        });
    }

    /** The outcome where there is nothing to keep; null where the spool is to be asked. */
    private @Nullable Outcome decide(Worker worker, Exchange exchange, RequestBatch batch, Tally tally, Span request) {
        Outcome refused = decode(worker, exchange, batch, tally, request);
        exchange.hold(batch.bytes());
        exchange.releaseBody();
        if (refused != null) {
            return refused;
        }
        metrics.received(exchange.protocol(), tally);
        if (batch.bytes() == 0) {
            metrics.kept(tally);
            return new Outcome.Processed(tally);
        }
        return null;
    }

    private @Nullable Outcome decode(Worker worker, Exchange exchange, RequestBatch batch, Tally tally, Span request) {
        Span step = traces.step(request, "pipeline");
        try {
            return worker.decode(exchange, batch, tally, policy.inForce(), clock.millis());
        } catch (RuntimeException | OutOfMemoryError e) {
            // Nobody expects it; the sender keeps its records and comes back, and the log has the kind, never the
            // content.
            metrics.failed(e);
            return busy();
        } finally {
            step.end();
        }
    }

    /** What the request came to counts as in flight until here: it is about as large as its body. */
    private void answer(Exchange exchange, Span request, Outcome outcome) {
        exchange.release();
        traces.end(request, outcome);
        exchange.answer(outcome);
    }

    private Outcome outcomeOf(AppendOutcome appended, Tally tally) {
        return switch (appended) {
            case AppendOutcome.Kept ignored -> new Outcome.Processed(tally);
            case AppendOutcome.Full full -> new Outcome.Unavailable("spool_full", full.retryAfter());
            case AppendOutcome.Draining ignored -> draining();
            case AppendOutcome.Failed failed -> new Outcome.Unavailable("spool_failed", retryAfter());
        };
    }

    private RequestBatch takeBatch() {
        synchronized (batches) {
            RequestBatch kept = batches.poll();
            return kept == null
                    ? new RequestBatch(new RequestMemory(
                            largePlace, ordinaryBytesMax, config.requestMemoryBytesMax(), config.inFlightWaitMs()))
                    : kept;
        }
    }

    private void giveBack(RequestBatch batch) {
        batch.reset();
        synchronized (batches) {
            if (batches.size() < BATCHES_KEPT) {
                batches.push(batch);
            }
        }
    }

    @PreDestroy
    void stop() {
        draining = true;
        workers.forEach(Thread::interrupt);
    }
}
