package dev.throughline.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.throughline.cli.load.RequestBody;
import dev.throughline.cli.packaged.Cores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * The unit of cost: the CPU time in which one Jackson 2 {@code JsonParser} walks the bytes once, {@code nextToken} to the end,
 * one thread, warm. Allocation and compilation of the walk itself are on other threads and not counted.
 */
public final class TokenWalk {
    private static final String THREAD = "token-walk";
    private static final long WARM_UP_EVENTS_MAX = 600_000;
    private static final int WARM_UP_WALKS_MAX = 10;
    private static final int PASSES = 5;

    private final JsonFactory json = new JsonFactory();
    private final Cores cores;
    private final int core;
    private final List<Double> secondsPerMillion = new ArrayList<>();
    private long tokens;

    public TokenWalk(Cores cores, int core) {
        this.cores = cores;
        this.core = core;
    }

    /** Walks the bodies several times and keeps each time; the result is the times of now, in CPU-seconds per million events. */
    public List<Double> measure(List<RequestBody> bodies) throws InterruptedException, IOException {
        int before = secondsPerMillion.size();
        List<IOException> failures = new ArrayList<>(1);
        Thread thread = Thread.ofPlatform().name(THREAD).start(() -> {
            try {
                cores.pinThread(THREAD, core);
                walks(bodies);
            } catch (IOException e) {
                failures.add(e);
            }
        });
        thread.join();
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return List.copyOf(secondsPerMillion.subList(before, secondsPerMillion.size()));
    }

    /** CPU-seconds per million events: the median of all walks so far. */
    public double secondsPerMillion() {
        return median(secondsPerMillion);
    }

    /** The middle of times. */
    public static double median(List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The quickest and the slowest walk, so that a disturbed run shows. */
    public double quickest() {
        return secondsPerMillion.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    public double slowest() {
        return secondsPerMillion.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Tokens seen; printed so that no compiler may leave the walk out. */
    public long tokens() {
        return tokens;
    }

    private void walks(List<RequestBody> bodies) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long events = bodies.stream().mapToLong(RequestBody::events).sum();
        long warmUp = Math.min(WARM_UP_EVENTS_MAX, WARM_UP_WALKS_MAX * events);
        for (long warmed = 0; warmed < warmUp; warmed += events) {
            walk(bodies);
        }
        for (int pass = 0; pass < PASSES; pass++) {
            long before = threads.getCurrentThreadCpuTime();
            walk(bodies);
            secondsPerMillion.add((threads.getCurrentThreadCpuTime() - before) / 1e9 * (1e6 / events));
        }
    }

    private void walk(List<RequestBody> bodies) throws IOException {
        for (RequestBody body : bodies) {
            try (JsonParser parser = json.createParser(body.bytes())) {
                while (parser.nextToken() != null) {
                    tokens++;
                }
            }
        }
    }
}
