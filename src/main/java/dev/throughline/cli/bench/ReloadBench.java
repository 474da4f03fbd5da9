package dev.throughline.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.cli.load.Connection;
import dev.throughline.cli.load.Event;
import dev.throughline.cli.load.LatencyHistogram;
import dev.throughline.cli.load.LoadClient;
import dev.throughline.cli.load.LoadPlan;
import dev.throughline.cli.load.LoadReport;
import dev.throughline.cli.load.ReferenceEvents;
import dev.throughline.cli.load.RequestBody;
import dev.throughline.cli.load.WireForm;
import dev.throughline.cli.packaged.Cores;
import dev.throughline.cli.packaged.DataDirectories;
import dev.throughline.cli.packaged.RunningServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The row of the policy's reload: small requests at the offered rate, so that a stall shows as a late answer, with and without reloads. */
final class ReloadBench {
    static final int REQUEST_EVENTS = 50;
    static final int RELOADS = 20;
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int WARM_UP_RELOADS = 3;

    private final BenchSettings settings;
    private final Cores cores;
    private final Consumer<String> progress;
    private final List<RequestBody> bodies = new ArrayList<>();
    private final LatencyHistogram took = new LatencyHistogram();
    private final LatencyHistogram inForce = new LatencyHistogram();
    private long requestsSent;

    ReloadBench(BenchSettings settings, Cores cores, ReferenceEvents events, Consumer<String> progress) {
        this.settings = settings;
        this.cores = cores;
        this.progress = progress;
        for (int first = 0; first + REQUEST_EVENTS <= events.count(); first += REQUEST_EVENTS) {
            List<Event> request = new ArrayList<>(REQUEST_EVENTS);
            for (int i = 0; i < REQUEST_EVENTS; i++) {
                request.add(events.event(first + i));
            }
            bodies.add(WireForm.NDJSON.render(request));
        }
    }

    RowResult run(Row row) throws IOException, InterruptedException {
        Path data = DataDirectories.fresh(settings.directory(), row.id());
        LargePolicy policy = new LargePolicy(data.resolve("policy-documents"));
        List<String> arguments = new ArrayList<>(settings.serverArguments());
        arguments.addAll(
                List.of("--store", "none", "--policy", policy.directory().toString()));
        List<String> command =
                cores.pinned(BenchSettings.SERVER_CORE, settings.program().serve(data, arguments));
        try (RunningServer server = RunningServer.start(command, data)) {
            load(server, Math.max(1, settings.warmUpEvents() / REQUEST_EVENTS), 0);
            for (int i = 0; i < WARM_UP_RELOADS && settings.warmUpEvents() > 0; i++) {
                reload(server, policy, new LatencyHistogram(), new LatencyHistogram());
            }
            LoadReport without = load(server, requests(), rate());
            LoadReport with = underReloads(server, policy);
            long lost = with.failed() + with.refused() + with.broken() + without.failed() + without.refused();
            RowResult.Reloaded result = new RowResult.Reloaded(
                    row,
                    (int) took.count(),
                    took,
                    inForce,
                    without.latency(),
                    with.latency(),
                    lost,
                    server.usage().residentPeakBytes());
            progress.accept(String.format(
                    Locale.ROOT,
                    "%s: %d reloads, max %.0f ms, longest answer %.1f ms (without: %.1f ms)",
                    row.id(),
                    result.reloads(),
                    RowResult.Reloaded.millis(took.max()),
                    RowResult.Reloaded.millis(with.latency().max()),
                    RowResult.Reloaded.millis(without.latency().max())));
            return result;
        } finally {
            if (!settings.keepData()) {
                DataDirectories.delete(data);
            }
        }
    }

    private static double rate() {
        return (double) Row.OFFERED_EVENTS_PER_SECOND / REQUEST_EVENTS;
    }

    /** As many as the reloads take. */
    private long requests() {
        return Math.max(
                1, Math.min((long) (rate() * RELOADS * BETWEEN.toSeconds()), settings.events() / REQUEST_EVENTS));
    }

    private LoadReport load(RunningServer server, long requests, double rate) throws InterruptedException {
        LoadReport report = new LoadClient(server.target())
                .run(new LoadPlan(bodies, requests, requestsSent, rate, BenchSettings.CONNECTIONS, TIMEOUT));
        requestsSent += requests;
        return report;
    }

    private LoadReport underReloads(RunningServer server, LargePolicy policy) throws IOException, InterruptedException {
        AtomicReference<@Nullable LoadReport> report = new AtomicReference<>();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                report.set(load(server, requests(), rate()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (sender.isAlive() && took.count() < RELOADS) {
            long next = System.nanoTime() + BETWEEN.toNanos();
            reload(server, policy, took, inForce);
            LockSupport.parkNanos(next - System.nanoTime());
        }
        sender.join();
        return Objects.requireNonNull(report.get(), "interrupted");
    }

    /** Swaps the directory and waits until the program says that it is in force. */
    private static void reload(
            RunningServer server, LargePolicy policy, LatencyHistogram took, LatencyHistogram inForce)
            throws IOException {
        policy.swap();
        long swapped = System.nanoTime();
        try (Connection api = new Connection()) {
            while (System.nanoTime() - swapped < TIMEOUT.toNanos()) {
                JsonNode answer = new ObjectMapper()
                        .readTree(api.get(server.target(), "/v1/policy").body());
                if (answer.path("name").asText().equals(policy.name())) {
                    inForce.record(System.nanoTime() - swapped);
                    took.record(
                            Duration.ofMillis(answer.path("took_ms").asLong()).toNanos());
                    return;
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        throw new IOException("the policy was not put in force");
    }
}
