package dev.throughline.cli.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends a plan over several connections, a thread each, and counts what is acknowledged. A request that was not taken for now is
 * sent again with the same body: after what {@code Retry-After} says, or after a short wait where the connection broke.
 */
public final class LoadClient {
    private static final Duration RECONNECT_WAIT = Duration.ofMillis(50);
    private static final Duration RETRY_WAIT_LEAST = Duration.ofMillis(50);
    private static final Duration RETRY_WAIT_MOST = Duration.ofSeconds(5);

    private final Target target;

    public LoadClient(Target target) {
        this.target = target;
    }

    /** Returns when all is sent or the deadline has passed. */
    public LoadReport run(LoadPlan plan) throws InterruptedException {
        long start = System.nanoTime();
        AtomicLong next = new AtomicLong();
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < plan.connections(); i++) {
            Lane lane = new Lane(plan, start, next);
            lanes.add(lane);
            lane.thread.start();
        }
        for (Lane lane : lanes) {
            lane.thread.join();
        }
        return report(lanes, Duration.ofNanos(System.nanoTime() - start));
    }

    private static LoadReport report(List<Lane> lanes, Duration elapsed) {
        LatencyHistogram latency = new LatencyHistogram();
        long[] sums = new long[7];
        for (Lane lane : lanes) {
            latency.add(lane.latency);
            long[] counts = {
                lane.taken, lane.later, lane.failed, lane.broken, lane.accepted, lane.refused, lane.duplicates
            };
            for (int i = 0; i < sums.length; i++) {
                sums[i] += counts[i];
            }
        }
        return new LoadReport(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], latency, elapsed);
    }

    /** One connection and its thread; the fields are read after the thread ended. */
    private final class Lane implements Runnable {
        private final LoadPlan plan;
        private final long start;
        private final AtomicLong next;
        private final Thread thread;
        private final LatencyHistogram latency = new LatencyHistogram();
        private long taken;
        private long later;
        private long failed;
        private long broken;
        private long accepted;
        private long refused;
        private long duplicates;

        Lane(LoadPlan plan, long start, AtomicLong next) {
            this.plan = plan;
            this.start = start;
            this.next = next;
            this.thread = Thread.ofPlatform().name("load").unstarted(this);
        }

        @Override
        public void run() {
            try (Connection connection = new Connection()) {
                for (long i = next.getAndIncrement(); i < plan.requests() && !late(); i = next.getAndIncrement()) {
                    long due = plan.requestsPerSecond() > 0 ? awaitTurn(i) : System.nanoTime();
                    deliver(connection, plan.firstRequest() + i);
                    latency.record(System.nanoTime() - due);
                }
            }
        }

        private boolean late() {
            return System.nanoTime() - start > plan.deadline().toNanos();
        }

        private long awaitTurn(long request) {
            long due = start + (long) (request * 1e9 / plan.requestsPerSecond());
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return due;
        }

        private void deliver(Connection connection, long request) {
            RequestBody body = plan.body(request);
            int pass = plan.pass(request);
            while (!late()) {
                try {
                    Answer answer = connection.post(target, body, pass);
                    if (!answer.later()) {
                        count(body, answer);
                        return;
                    }
                    later++;
                    pause(answer.retryAfter());
                } catch (IOException e) {
                    broken++;
                    pause(RECONNECT_WAIT);
                }
            }
            failed++;
        }

        private void count(RequestBody body, Answer answer) {
            if (!answer.taken()) {
                failed++;
                return;
            }
            try {
                Answer.Counts counts = answer.counts(body);
                taken++;
                accepted += counts.accepted();
                refused += counts.refused();
                duplicates += counts.duplicates();
            } catch (IOException e) {
                // Taken, but the answer does not say how much of it: sending it again would only double it.
                failed++;
            }
        }

        private void pause(Duration wished) {
            long least = RETRY_WAIT_LEAST.toNanos();
            long most = RETRY_WAIT_MOST.toNanos();
            LockSupport.parkNanos(Math.clamp(wished.toNanos(), least, most));
        }
    }
}
