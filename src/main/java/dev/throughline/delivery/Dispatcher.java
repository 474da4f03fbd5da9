package dev.throughline.delivery;

import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Moves records from the spool to the exporters, without end and without dropping one. Each exporter and stream has a lane, a
 * platform thread named {@code deliver-<exporter>-<stream>}. Thread-safe.
 */
public final class Dispatcher implements AutoCloseable {
    /** How long a lane may take to notice that it is to end, after its exporter was closed. */
    private static final Duration END_MAX = Duration.ofSeconds(3);

    private final Shutdown shutdown = new Shutdown();
    private final DispatcherConfig config;
    private final DeliveryLane.Surroundings surroundings;
    private final SplittableRandom random;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<DeliveryLane> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** @param seed of the pauses' jitter */
    public Dispatcher(DispatcherConfig config, QuarantineSink quarantine, DeliveryListener listener, long seed) {
        this.config = config;
        this.surroundings = new DeliveryLane.Surroundings(config, quarantine, listener, shutdown, System::nanoTime);
        this.random = new SplittableRandom(seed);
    }

    /**
     * How a lane is doing.
     *
     * @param trouble the code of what is being retried; {@code null} while all is well
     */
    public record LaneState(
            String exporter, Stream stream, @Nullable String trouble) {}

    /**
     * Starts a lane. The exporter is closed with the dispatcher; the source is its caller's.
     *
     * @throws IllegalStateException after {@link #drain}
     */
    public void start(Exporter exporter, RecordSource source) {
        lock.lock();
        try {
            if (shutdown.phase() != Shutdown.Phase.RUNNING) {
                throw new IllegalStateException("the dispatcher is ending");
            }
            DeliveryLane lane = new DeliveryLane(exporter, source, surroundings, random.split());
            String name = "deliver-" + exporter.name() + "-" + source.stream().label();
            Thread thread = Thread.ofPlatform().name(name).daemon(true).unstarted(lane);
            lanes.add(lane);
            threads.add(thread);
            thread.start();
        } finally {
            lock.unlock();
        }
    }

    /** The lanes' threads, which run until {@link #drain}. */
    public List<Thread> threads() {
        lock.lock();
        try {
            return List.copyOf(threads);
        } finally {
            lock.unlock();
        }
    }

    public List<LaneState> states() {
        lock.lock();
        try {
            return lanes.stream()
                    .map(lane -> new LaneState(lane.exporter().name(), lane.stream(), lane.trouble()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends in order: delivers what is spooled until all is delivered or {@code drainTimeout} has passed, then closes the
     * exporters. To be called when nothing is appended any more. Ends within {@code drainTimeout} and a few seconds.
     *
     * @return whether every lane ended with nothing left
     */
    public boolean drain() {
        shutdown.advance(Shutdown.Phase.DRAINING);
        boolean drained = awaitLanes(config.drainTimeout());
        shutdown.advance(Shutdown.Phase.STOPPED);
        Set<Exporter> exporters = new LinkedHashSet<>();
        lock.lock();
        try {
            lanes.forEach(lane -> exporters.add(lane.exporter()));
        } finally {
            lock.unlock();
        }
        exporters.forEach(Exporter::close);
        awaitLanes(END_MAX);
        return drained;
    }

    @Override
    public void close() {
        drain();
    }

    private boolean awaitLanes(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        List<Thread> waitedFor;
        lock.lock();
        try {
            waitedFor = List.copyOf(threads);
        } finally {
            lock.unlock();
        }
        boolean ended = true;
        try {
            for (Thread thread : waitedFor) {
                Shutdown.join(thread, deadline - System.nanoTime());
                ended &= !thread.isAlive();
            }
            return ended;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
