package dev.throughline.cli.torture;

import dev.throughline.cli.load.Answer;
import dev.throughline.cli.load.Connection;
import dev.throughline.cli.load.RequestBody;
import dev.throughline.cli.load.Target;
import dev.throughline.cli.load.WireForm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that send until they are told to stop, to wherever the program is now. Counters may be read from any thread; {@link
 * #stop} waits for requests under way to be acknowledged.
 */
final class Shippers {
    private static final Duration RECONNECT_WAIT = Duration.ofMillis(20);
    private static final Duration RETRY_WAIT_MOST = Duration.ofSeconds(1);
    /** How long a request may be sent again once the load has ended. */
    static final Duration LAST_REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private static final List<WireForm> FORMS =
            List.of(WireForm.NDJSON, WireForm.OTLP_PROTOBUF_LOGS, WireForm.NDJSON, WireForm.OTLP_PROTOBUF_SPANS);

    private final TortureSettings settings;
    private final Ledger ledger;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong later = new AtomicLong();
    private final AtomicLong unexpected = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile @Nullable Target target;
    private volatile boolean stopping;
    private volatile long giveUpAt;

    Shippers(TortureSettings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    void start() {
        for (int i = 0; i < TortureSettings.CONNECTIONS; i++) {
            int lane = i;
            threads.add(Thread.ofPlatform().name("shipper").start(() -> ship(lane)));
        }
    }

    /** Where the program listens since its last start; {@code null} while it is down. */
    void sendTo(@Nullable Target now) {
        target = now;
    }

    /**
     * Ends the load; returns when no request is under way.
     *
     * @param patience how long requests under way may still be sent again
     */
    void stop(Duration patience) throws InterruptedException {
        giveUpAt = System.nanoTime() + patience.toNanos();
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Connections that broke under a request. */
    long broken() {
        return broken.get();
    }

    /** Answers that asked to come again. */
    long later() {
        return later.get();
    }

    /** Requests given up for an answer that is neither 200 nor "later". */
    long unexpected() {
        return unexpected.get();
    }

    /** Records refused though they conform. */
    long refused() {
        return refused.get();
    }

    private void ship(int lane) {
        double requestsPerSecond =
                (double) settings.eventsPerSecond() / settings.requestEvents() / TortureSettings.CONNECTIONS;
        long gap = (long) (1e9 / requestsPerSecond);
        long due = System.nanoTime() + gap * lane / TortureSettings.CONNECTIONS;
        try (Connection connection = new Connection()) {
            while (!stopping) {
                LockSupport.parkNanos(due - System.nanoTime());
                if (System.nanoTime() < due) {
                    continue;
                }
                // After an outage the load goes on at its rate; it does not catch up.
                due = Math.max(due + gap, System.nanoTime());
                int first = ledger.take(settings.requestEvents());
                if (first < 0) {
                    return;
                }
                deliver(connection, lane, first);
            }
        }
    }

    private void deliver(Connection connection, int lane, int first) {
        WireForm form = FORMS.get(lane % FORMS.size());
        RequestBody body = form.render(ledger.events(first, settings.requestEvents()));
        while (!stopping || System.nanoTime() < giveUpAt) {
            Target now = target;
            if (now == null) {
                LockSupport.parkNanos(RECONNECT_WAIT.toNanos());
                continue;
            }
            try {
                Answer answer = connection.post(now, body, RequestBody.AS_RENDERED);
                if (!answer.later()) {
                    settle(body, answer, first);
                    return;
                }
                later.incrementAndGet();
                LockSupport.parkNanos(Math.min(answer.retryAfter().toNanos(), RETRY_WAIT_MOST.toNanos()));
            } catch (IOException e) {
                broken.incrementAndGet();
                LockSupport.parkNanos(RECONNECT_WAIT.toNanos());
            }
        }
    }

    private void settle(RequestBody body, Answer answer, int first) throws IOException {
        if (!answer.taken()) {
            unexpected.incrementAndGet();
            return;
        }
        long refusedHere = answer.counts(body).refused();
        if (refusedHere == 0) {
            ledger.acknowledge(first, body.events());
        } else {
            refused.addAndGet(refusedHere);
        }
    }
}
