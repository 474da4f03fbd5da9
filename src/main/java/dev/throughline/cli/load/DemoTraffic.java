package dev.throughline.cli.load;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * CRM-to-ERP traffic as a demonstration needs it: three connectors and four tenants, journeys through the seven boundaries, logs as
 * NDJSON and OTLP, spans as OTLP, two in a hundred failing, some messages with personal data, some records that break the
 * contract, some requests sent twice. Everything goes through the program's own ports.
 *
 * <p>One thread of its own between {@link #start} and {@link #close}. What the program asks to send later is sent later, with the
 * same body; what waits is bounded, the oldest is given up and counted.
 */
public final class DemoTraffic implements AutoCloseable {
    /** Requests that wait for a program that is away. */
    static final int WAITING_REQUESTS_MAX = 1_000;

    private static final Duration TICK = Duration.ofMillis(100);
    private static final int SENT_TWICE_PER_THOUSAND = 10;
    private static final int STEPS_AHEAD_MAX = 100_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Target target;
    private final InstantSource clock;
    private final long seed;
    private final double journeysPerSecond;
    private final Draws draws;
    private final Connection connection = new Connection();
    private final PriorityQueue<JourneyScript.Step> ahead =
            new PriorityQueue<>(Comparator.comparingLong(JourneyScript.Step::dueMillis));
    private final Deque<RequestBody> waiting = new ArrayDeque<>();
    private final AtomicLong journeys = new AtomicLong();
    private final AtomicLong failing = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong flawed = new AtomicLong();
    private final AtomicLong sentTwice = new AtomicLong();
    private final AtomicLong givenUp = new AtomicLong();
    private double owed;
    private @Nullable Thread thread;
    private volatile boolean stopping;

    /**
     * What was sent so far.
     *
     * @param journeys begun
     * @param failing of them, those that will not reach their end
     * @param records logs and spans answered by the program, second sendings included
     * @param flawed of them, those that break the contract
     * @param sentTwice records of requests that were sent a second time
     * @param givenUp records that were never answered
     */
    public record Counts(long journeys, long failing, long records, long flawed, long sentTwice, long givenUp) {}

    public DemoTraffic(Target target, InstantSource clock, long seed, double journeysPerSecond) {
        this.target = target;
        this.clock = clock;
        this.seed = seed;
        this.journeysPerSecond = journeysPerSecond;
        this.draws = new Draws(seed);
    }

    public void start() {
        thread = Thread.ofPlatform().name("demo-traffic").daemon().start(this::run);
    }

    public Counts counts() {
        return new Counts(journeys.get(), failing.get(), records.get(), flawed.get(), sentTwice.get(), givenUp.get());
    }

    @Override
    public void close() {
        stopping = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(CLOSE_TIMEOUT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        while (!stopping) {
            tick(clock.millis());
            try {
                Thread.sleep(TICK);
            } catch (InterruptedException e) {
                break;
            }
        }
        connection.close();
    }

    /** Begins the journeys that are due since the last tick and sends what has happened by {@code now}. */
    void tick(long now) {
        owed += journeysPerSecond * TICK.toMillis() / 1000;
        for (; owed >= 1; owed--) {
            begin(now);
        }
        collect(now);
        send();
    }

    private void begin(long now) {
        if (ahead.size() > STEPS_AHEAD_MAX) {
            return;
        }
        JourneyScript script = JourneyScript.of(seed, journeys.getAndIncrement(), now);
        ahead.addAll(script.steps());
        if (script.failing()) {
            failing.incrementAndGet();
        }
        if (draws.chance(JourneyScript.FLAWED_PER_THOUSAND)) {
            flawed.incrementAndGet();
            await(Flaws.request(script.steps().getFirst().event(), draws));
        }
    }

    private void collect(long now) {
        Map<WireForm, List<Event>> due = new EnumMap<>(WireForm.class);
        for (JourneyScript.Step step = ahead.peek(); step != null && step.dueMillis() <= now; step = ahead.peek()) {
            ahead.remove();
            due.computeIfAbsent(step.form(), form -> new ArrayList<>()).add(step.event());
            if (step.spanned()) {
                due.computeIfAbsent(WireForm.OTLP_PROTOBUF_SPANS, form -> new ArrayList<>())
                        .add(step.event());
            }
        }
        due.forEach((form, events) -> {
            events.sort(Comparator.comparing(event -> event.origin().service()));
            RequestBody body = form.render(events);
            await(body);
            if (draws.chance(SENT_TWICE_PER_THOUSAND)) {
                sentTwice.addAndGet(body.events());
                await(body);
            }
        });
    }

    private void await(RequestBody body) {
        if (waiting.size() == WAITING_REQUESTS_MAX) {
            givenUp.addAndGet(waiting.removeFirst().events());
        }
        waiting.addLast(body);
    }

    private void send() {
        for (RequestBody body = waiting.peekFirst(); body != null && !stopping; body = waiting.peekFirst()) {
            try {
                Answer answer = connection.post(target, body, RequestBody.AS_RENDERED);
                if (answer.later()) {
                    return;
                }
                records.addAndGet(body.events());
                waiting.removeFirst();
            } catch (IOException e) {
                // Sent again with the next tick: what is kept twice is one record by its id.
                return;
            }
        }
    }
}
