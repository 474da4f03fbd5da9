package dev.throughline.cli.torture;

import dev.throughline.cli.load.Draws;
import dev.throughline.cli.packaged.RunningServer;
import dev.throughline.cli.packaged.StoreFiles;
import dev.throughline.cli.packaged.Topics;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One run: load, kills, drain, count. One use; {@link #run} on one thread. */
public final class Torture {
    /** Kills that hit a program that is still starting, per thousand. */
    private static final int KILLS_WHILE_STARTING = 200;

    private static final Duration START_GUESS = Duration.ofSeconds(2);
    private static final Duration LIFE_LEAST = Duration.ofMillis(20);
    private static final Duration LIFE_MEAN_LEAST = Duration.ofMillis(250);
    private static final Duration LAST_LOAD = Duration.ofSeconds(1);
    private static final Duration FIRST_POLL = Duration.ofMillis(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration TOPICS_TIMEOUT = Duration.ofMinutes(5);

    private final TortureSettings settings;
    private final Draws draws;
    private final Ledger ledger;
    private final Shippers shippers;
    private final Consumer<String> progress;
    private Duration lastStart = START_GUESS;
    private int killsBeforeReady;
    private int ownDeaths;
    private int lives;
    private int silentLives;
    private int leastAcknowledged = Integer.MAX_VALUE;

    /**
     * @param progress takes a line of text after each kill
     */
    public Torture(TortureSettings settings, InstantSource clock, Consumer<String> progress) {
        this.settings = settings;
        this.draws = new Draws(settings.seed());
        this.ledger = new Ledger(settings.seed(), clock.instant());
        this.shippers = new Shippers(settings, ledger);
        this.progress = progress;
    }

    /**
     * Takes as long as the settings say, and then until all is drained.
     *
     * @throws IOException where the program does not start, or a destination cannot be read
     */
    public TortureReport run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        shippers.start();
        boolean drained;
        int exitCode;
        try {
            for (int kill = 1; kill <= settings.kills(); kill++) {
                killOnce(kill, start);
            }
            try (RunningServer last = spawn().await()) {
                long left = settings.duration().toNanos() - (System.nanoTime() - start);
                live(last, Math.max(left, LAST_LOAD.toNanos()));
                shippers.stop(silentLives == 0 ? Shippers.LAST_REQUEST_TIMEOUT : Duration.ZERO);
                drained = drain(last);
                exitCode = last.terminate();
            }
        } finally {
            shippers.stop(Duration.ZERO);
        }
        return report(drained, exitCode, Duration.ofNanos(System.nanoTime() - start));
    }

    private void killOnce(int kill, long start) throws IOException, InterruptedException {
        long began = System.nanoTime();
        RunningServer.Starting starting = spawn();
        if (kill > 1 && draws.chance(KILLS_WHILE_STARTING)) {
            pause(random(lastStart.toNanos()));
            starting.kill();
            starting.process().waitFor();
            killsBeforeReady++;
        } else {
            try (RunningServer server = starting.await()) {
                lastStart = Duration.ofNanos(System.nanoTime() - began);
                live(server, LIFE_LEAST.toNanos() + random(2 * meanLife(kill, start)));
                ownDeaths += server.isAlive() ? 0 : 1;
                server.kill();
            }
        }
        progress.accept(String.format(
                Locale.ROOT,
                "kill %d of %d after %.1f s: %s",
                kill,
                settings.kills(),
                (System.nanoTime() - start) / 1e9,
                ledger));
    }

    /** Under load for so long, and until something is acknowledged: a life without shows nothing. */
    private void live(RunningServer server, long nanos) {
        int before = ledger.acknowledgedCount();
        shippers.sendTo(server.target());
        pause(nanos);
        long deadline = System.nanoTime() + TortureSettings.FIRST_ACKNOWLEDGEMENT_TIMEOUT.toNanos();
        while (ledger.acknowledgedCount() == before && server.isAlive() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(FIRST_POLL.toNanos());
        }
        int acknowledged = ledger.acknowledgedCount() - before;
        lives++;
        silentLives += acknowledged == 0 ? 1 : 0;
        leastAcknowledged = Math.min(leastAcknowledged, acknowledged);
    }

    /** So long that the kills left fill the time left. */
    private long meanLife(int kill, long start) {
        long left = settings.duration().toNanos() - (System.nanoTime() - start);
        long share = left / (settings.kills() - kill + 1) - lastStart.toNanos();
        return Math.max(share, LIFE_MEAN_LEAST.toNanos());
    }

    private RunningServer.Starting spawn() throws IOException {
        List<String> arguments = new ArrayList<>(settings.serverArguments());
        if (!settings.store()) {
            arguments.addAll(List.of("--store", "none"));
        }
        if (!settings.kafkaBootstrap().isEmpty()) {
            arguments.addAll(List.of("--kafka", settings.kafkaBootstrap()));
        }
        return RunningServer.spawn(settings.program().serve(settings.data(), arguments), settings.data());
    }

    private static boolean drain(RunningServer server) throws IOException {
        long deadline = System.nanoTime() + TortureSettings.DRAIN_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline && server.isAlive()) {
            if (server.status().spooledRecords() == 0) {
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return false;
    }

    private TortureReport report(boolean drained, int exitCode, Duration elapsed)
            throws IOException, InterruptedException {
        BitSet acknowledged = ledger.acknowledged();
        List<TortureReport.Line> lines = new ArrayList<>();
        if (settings.store()) {
            Tally tally = new Tally(TortureReport.STORE, ledger);
            StoreFiles.of(settings.data()).correlationIds(id -> tally.found(id, ""));
            lines.add(tally.line(acknowledged));
        }
        if (!settings.kafkaBootstrap().isEmpty()) {
            Tally tally = new Tally("Kafka", ledger);
            try (Topics topics = new Topics(settings.kafkaBootstrap())) {
                topics.readAll(
                        (topic, correlationId, recordId) -> tally.found(correlationId, recordId), TOPICS_TIMEOUT);
            }
            lines.add(tally.line(acknowledged));
        }
        return new TortureReport(
                lines,
                ledger.sent(),
                settings.kills(),
                killsBeforeReady,
                shippers.broken(),
                shippers.later(),
                shippers.unexpected(),
                shippers.refused(),
                new TortureReport.Lives(
                        lives,
                        silentLives,
                        lives == 0 ? 0 : leastAcknowledged,
                        acknowledged.cardinality(),
                        settings.acknowledgedMin()),
                ownDeaths,
                drained,
                exitCode,
                elapsed);
    }

    private long random(long bound) {
        return (draws.bits() >>> 1) % Math.max(1, bound);
    }

    private static void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
