package dev.throughline.cli.bench;

import dev.throughline.cli.load.Event;
import dev.throughline.cli.load.LatencyHistogram;
import dev.throughline.cli.load.LoadClient;
import dev.throughline.cli.load.LoadPlan;
import dev.throughline.cli.load.LoadReport;
import dev.throughline.cli.load.ReferenceEvents;
import dev.throughline.cli.load.RequestBody;
import dev.throughline.cli.load.ServerStatus;
import dev.throughline.cli.load.WireForm;
import dev.throughline.cli.packaged.BrokerProcess;
import dev.throughline.cli.packaged.Cores;
import dev.throughline.cli.packaged.DataDirectories;
import dev.throughline.cli.packaged.ProcessUsage;
import dev.throughline.cli.packaged.RunningServer;
import dev.throughline.cli.packaged.StoreFiles;
import dev.throughline.cli.packaged.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Runs the rows one behind the other. One use, one thread. */
public final class Bench {
    private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration COUNT_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration COUNT_POLL = Duration.ofMillis(50);

    private final BenchSettings settings;
    private final Cores cores;
    private final TokenWalk tokenWalk;
    private final ReferenceEvents events;
    private final Instant started;
    private final Consumer<String> progress;

    private record Rendered(WireForm form, List<RequestBody> bodies) {}

    private List<RequestBody> lines = List.of();
    private @Nullable Rendered lastRendered;

    /**
     * @param progress takes a line of text whenever something ended
     */
    public Bench(BenchSettings settings, InstantSource clock, Consumer<String> progress) {
        this.settings = settings;
        this.cores = settings.pinned() ? Cores.detect() : Cores.unpinned();
        this.tokenWalk = new TokenWalk(cores, BenchSettings.SERVER_CORE);
        this.started = clock.instant();
        this.events = new ReferenceEvents(settings.seed(), started, settings.distinctEvents());
        this.progress = progress;
    }

    public BenchReport run() throws IOException, InterruptedException {
        cores.pinSelf(BenchSettings.LOAD_CORE);
        LatencyHistogram disk = DiskSync.measure(settings.directory());
        progress.accept(String.format(
                Locale.ROOT,
                "rendered %,d distinct events, %.1f bytes each as NDJSON",
                events.count(),
                meanBytes(bodies(WireForm.NDJSON))));
        walkTokens();
        List<RowResult> results = new ArrayList<>();
        for (Row row : settings.rows()) {
            results.add(result(row));
        }
        walkTokens();
        return new BenchReport(
                Conditions.of(settings, cores, started), List.copyOf(results), tokenWalk.secondsPerMillion(), disk);
    }

    private void walkTokens() throws IOException, InterruptedException {
        tokenWalk.measure(bodies(WireForm.NDJSON));
        progress.accept(String.format(
                Locale.ROOT,
                "token walk: %.3f CPU-s a million events (%.3f to %.3f, %,d tokens)",
                tokenWalk.secondsPerMillion(),
                tokenWalk.quickest(),
                tokenWalk.slowest(),
                tokenWalk.tokens()));
    }

    private RowResult result(Row row) throws InterruptedException {
        try {
            if (row == Row.RELOAD) {
                return new ReloadBench(settings, cores, events, progress).run(row);
            }
            return row.destination() == Row.Destination.KAFKA ? withKafka(row) : measured(row, "");
        } catch (IOException | KafkaException e) {
            progress.accept(row.id() + ": " + e.getMessage());
            return new RowResult.NotRun(row, String.valueOf(e.getMessage()));
        }
    }

    private RowResult withKafka(Row row) throws IOException, InterruptedException {
        if (!settings.kafkaBootstrap().isEmpty()) {
            return measured(row, settings.kafkaBootstrap());
        }
        Optional<String> classPath = BrokerProcess.classPath(settings.kafkaLibs());
        if (classPath.isEmpty()) {
            return new RowResult.NotRun(
                    row,
                    "no broker: give --kafka BOOTSTRAP, or the jars of one by --kafka-libs DIR, "
                            + BrokerProcess.LIBS_VARIABLE + " or KAFKA_HOME");
        }
        Path directory = DataDirectories.fresh(settings.directory(), "broker");
        try (BrokerProcess broker = BrokerProcess.start(classPath.get(), directory, cores, BenchSettings.LOAD_CORE)) {
            return measured(row, broker.bootstrap());
        } finally {
            discard(directory);
        }
    }

    private RowResult measured(Row row, String kafka) throws IOException, InterruptedException {
        List<RequestBody> bodies = bodies(row.form());
        Path data = DataDirectories.fresh(settings.directory(), row.id());
        List<String> command =
                cores.pinned(BenchSettings.SERVER_CORE, settings.program().serve(data, arguments(row, kafka)));
        try (RunningServer server = RunningServer.start(command, data);
                Arrivals arrivals = new Arrivals(row.destination(), server, kafka)) {
            LoadReport warmUp = warmUp(row, server, bodies, arrivals);
            RowResult.Measured measured = counted(row, server, bodies, arrivals);
            progress.accept(line(measured));
            verifyStore(row, server, data, warmUp.accepted() + measured.acknowledged());
            return measured;
        } finally {
            discard(data);
        }
    }

    private List<String> arguments(Row row, String kafka) {
        List<String> arguments = new ArrayList<>(settings.serverArguments());
        if (row.destination() != Row.Destination.STORE) {
            arguments.addAll(List.of("--store", "none"));
        }
        if (!kafka.isEmpty()) {
            arguments.addAll(List.of("--kafka", kafka));
        }
        return arguments;
    }

    private LoadReport warmUp(Row row, RunningServer server, List<RequestBody> bodies, Arrivals arrivals)
            throws IOException, InterruptedException {
        ProcessUsage before = server.usage();
        LoadReport report = load(server, bodies, settings.warmUpRequests(), 0, 0);
        arrivals.await(report.accepted());
        double cpu = server.usage().cpu().minus(before.cpu()).toNanos() / 1e9;
        progress.accept(String.format(
                Locale.ROOT,
                "%s: warm-up %,d events, %,.0f events/s, %.2f CPU-s a million (not counted)",
                row.id(),
                report.accepted(),
                report.acceptedPerSecond(),
                cpu * 1e6 / Math.max(1, report.accepted())));
        return report;
    }

    private RowResult.Measured counted(Row row, RunningServer server, List<RequestBody> bodies, Arrivals arrivals)
            throws IOException, InterruptedException {
        // The machine's speed changes while a bench runs: a row is compared with what it is then.
        List<Double> walks = new ArrayList<>(tokenWalk.measure(bodies(WireForm.NDJSON)));
        long before = arrivals.count();
        ProcessUsage usageBefore = server.usage();
        long start = System.nanoTime();
        HeldUploads uploads = HeldUploads.open(server.target(), row == Row.HELD_UPLOADS ? HeldUploads.CONNECTIONS : 0);
        double rate = row.offered() ? (double) Row.OFFERED_EVENTS_PER_SECOND / BenchSettings.REQUEST_EVENTS : 0;
        LoadReport report;
        try (uploads) {
            report = load(server, bodies, settings.requests(row), settings.warmUpRequests(), rate);
        }
        uploads.report(row.id()).ifPresent(progress);
        long counted = arrivals.await(before + report.accepted()) - before;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        ProcessUsage usage = server.usage();
        walks.addAll(tokenWalk.measure(bodies(WireForm.NDJSON)));
        return new RowResult.Measured(
                row,
                report.accepted(),
                counted,
                report.later() + report.failed() + report.broken() + report.refused(),
                elapsed,
                usage.cpu().minus(usageBefore.cpu()),
                TokenWalk.median(walks),
                usage.residentPeakBytes(),
                report.latency());
    }

    private static LoadReport load(
            RunningServer server, List<RequestBody> bodies, long requests, long first, double rate)
            throws InterruptedException {
        return new LoadClient(server.target())
                .run(new LoadPlan(bodies, requests, first, rate, BenchSettings.CONNECTIONS, LOAD_TIMEOUT));
    }

    /** The counters of the store's exporter are believed only where its files say the same. */
    private void verifyStore(Row row, RunningServer server, Path data, long expected)
            throws IOException, InterruptedException {
        if (row.destination() == Row.Destination.STORE) {
            server.terminate();
            long rows = StoreFiles.of(data).count();
            progress.accept(String.format(
                    Locale.ROOT, "%s: %,d rows in the store's files, %,d acknowledged", row.id(), rows, expected));
            if (rows < expected) {
                throw new IOException("the store's files lack " + (expected - rows) + " acknowledged events");
            }
        }
    }

    private void discard(Path directory) throws IOException {
        if (!settings.keepData()) {
            DataDirectories.delete(directory);
        }
    }

    /** The bodies of a form; those of events and of the last other form are kept, the others rendered again, to bound the memory. */
    private List<RequestBody> bodies(WireForm form) {
        if (form == WireForm.NDJSON) {
            if (lines.isEmpty()) {
                lines = render(form);
            }
            return lines;
        }
        Rendered last = lastRendered;
        if (last != null && last.form() == form) {
            return last.bodies();
        }
        lastRendered = null;
        List<RequestBody> bodies = render(form);
        lastRendered = new Rendered(form, bodies);
        return bodies;
    }

    private List<RequestBody> render(WireForm form) {
        List<RequestBody> bodies = new ArrayList<>();
        for (int first = 0; first < events.count(); first += BenchSettings.REQUEST_EVENTS) {
            List<Event> request = new ArrayList<>(BenchSettings.REQUEST_EVENTS);
            for (int i = first; i < Math.min(events.count(), first + BenchSettings.REQUEST_EVENTS); i++) {
                request.add(events.event(i));
            }
            bodies.add(form.render(request));
        }
        return bodies;
    }

    private static double meanBytes(List<RequestBody> bodies) {
        long bytes = bodies.stream().mapToLong(body -> body.bytes().length).sum();
        return (double) bytes / bodies.stream().mapToLong(RequestBody::events).sum();
    }

    private String line(RowResult.Measured measured) {
        return String.format(
                Locale.ROOT,
                "%s: %,d events, %,.0f events/s, %.2f CPU-s a million = %.1f token walks of %.3f, p50 %.1f ms, p99 %.1f ms",
                measured.row().id(),
                measured.acknowledged(),
                measured.eventsPerSecond(),
                measured.cpuSecondsPerMillion(),
                measured.tokenWalks(),
                measured.tokenWalk(),
                measured.answerMillis(50),
                measured.answerMillis(99));
    }

    /** Counts events at a row's destination. */
    private record Arrivals(
            Row.Destination destination,
            RunningServer server,
            @Nullable Topics topics) implements AutoCloseable {
        Arrivals(Row.Destination destination, RunningServer server, String kafka) {
            this(destination, server, destination == Row.Destination.KAFKA ? new Topics(kafka) : null);
        }

        long count() throws IOException, InterruptedException {
            if (topics != null) {
                return topics.messages();
            }
            ServerStatus status = server.status();
            return destination == Row.Destination.SPOOL
                    ? status.spooledRecords() + status.delivered()
                    : status.delivered();
        }

        /** The count, once it has reached {@code expected} or time is over. */
        long await(long expected) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + COUNT_TIMEOUT.toNanos();
            long count = count();
            while (count < expected && System.nanoTime() < deadline && server.isAlive()) {
                LockSupport.parkNanos(COUNT_POLL.toNanos());
                count = count();
            }
            return count;
        }

        @Override
        public void close() {
            if (topics != null) {
                topics.close();
            }
        }
    }
}
