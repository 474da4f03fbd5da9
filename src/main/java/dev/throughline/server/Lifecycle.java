package dev.throughline.server;

import dev.throughline.FailureCode;
import dev.throughline.PrivateFiles;
import dev.throughline.access.HttpGuard;
import dev.throughline.ingest.IngestHttp;
import dev.throughline.ingest.IngestService;
import dev.throughline.ingest.ListenAddress;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.spool.RecoveryReport;
import dev.throughline.spool.Spool;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.telemetry.JsonWriter;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Start and end of the server, in order. */
@ApplicationScoped
public class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    /** Ports are opened by observers of the usual priority, and the API's after all of them. */
    private static final int BEFORE_THE_PORTS = 1;

    /** How long the end waits for requests under way, before it stops to keep and again before the ports close. */
    public static final long ANSWERS_WAIT_MS = 5_000;

    /** How long who came last is answered, at most, once the ports are closed; mostly some tens of milliseconds. */
    private static final long LAST_ANSWERS_MS = 1_000;

    private static final int DAMAGES_TOLD = 10;

    private final ServerConfig config;
    private final HttpGuard guard;
    private final ApiPort apiPort;
    private final ProbePort probes;
    private final IngestHttp ingestHttp;
    private final IngestService ingest;
    private final HttpServer http;
    private final Spool spool;
    private final SqliteRecordStore store;
    private final Delivery delivery;
    private final ActivePolicy policy;
    private final PolicyApplication policies;
    private final ListenAddress address;
    private final ThreadDeaths deaths;
    private final VitalThreads vital;
    private volatile boolean started;

    Lifecycle(
            ServerConfig config,
            HttpGuard guard,
            ApiPort apiPort,
            ProbePort probes,
            IngestHttp ingestHttp,
            IngestService ingest,
            HttpServer http,
            Spool spool,
            SqliteRecordStore store,
            Delivery delivery,
            ActivePolicy policy,
            PolicyApplication policies,
            ListenAddress address,
            ThreadDeaths deaths,
            VitalThreads vital) {
        this.config = config;
        this.guard = guard;
        this.apiPort = apiPort;
        this.probes = probes;
        this.ingestHttp = ingestHttp;
        this.ingest = ingest;
        this.http = http;
        this.spool = spool;
        this.store = store;
        this.delivery = delivery;
        this.policy = policy;
        this.policies = policies;
        this.address = address;
        this.deaths = deaths;
        this.vital = vital;
    }

    /**
     * Everything that a request needs, in order and before a port is open: what was kept, then whoever takes it from there, then
     * all other parts.
     */
    void start(@Observes @Priority(BEFORE_THE_PORTS) StartupEvent event) {
        deaths.install();
        recovered(spool.recovery());
        if (!address.isLoopback()) {
            LOG.warnf(
                    "listening on %s: whoever reaches these ports and has the token can send and read, without TLS; let only"
                            + " those pods or hosts reach them that are to",
                    address);
        }
        delivery.start();
        policies.start();
        EagerBeans.make();
        vital.watch();
        started = true;
    }

    private static void recovered(RecoveryReport recovery) {
        if (recovery.isDamaged()) {
            LOG.errorf(
                    "the spool is damaged: %d places, the first are %s",
                    recovery.damagesInAll(),
                    recovery.damages().stream().limit(DAMAGES_TOLD).toList());
        } else if (recovery.tornBytes() > 0) {
            LOG.warnf(
                    "the spool was recovered: %d bytes that were never acknowledged are cut off", recovery.tornBytes());
        }
    }

    public int httpPort() {
        return http.getPort();
    }

    public int otlpHttpPort() {
        return ingestHttp.otlpHttpPort();
    }

    public Path dataDir() {
        return config.dataDir();
    }

    boolean isStarted() {
        return started;
    }

    /** Ready: the ports are known and written where scripts find them. */
    public void announce() {
        Path run = config.dataDir().resolve("run");
        JsonWriter ports = new JsonWriter(128);
        ports.raw('{').member("pid").number(ProcessHandle.current().pid());
        ports.member("http").number(http.getPort());
        ports.member("otlp_http").number(ingestHttp.otlpHttpPort());
        ports.member("otlp_grpc").number(ingestHttp.otlpGrpcPort());
        if (probes.port() >= 0) {
            ports.member("probes").number(probes.port());
        }
        ports.raw('}').raw('\n');
        try {
            PrivateFiles.replace(ports(), ports.toByteArray());
        } catch (IOException e) {
            throw StartupCheck.unusable(config.dataDir(), e);
        }
        ProcessEnd.ready(Duration.ofMillis(config.drainTimeoutMs()));
        LOG.infof(
                "ready: http://%s:%d (API, page, /v1/events), OTLP/HTTP %d, OTLP/gRPC %d; %s, token in %s; policy %s",
                address.inUrl(),
                http.getPort(),
                ingestHttp.otlpHttpPort(),
                ingestHttp.otlpGrpcPort(),
                address.isLoopback() ? "loopback only" : "listening on " + address,
                config.tokenFile().orElse(run.resolve("token")),
                policy.current());
    }

    /**
     * New requests are told 503 on open ports for as long as it lasts. What is under way is kept and answered as ever, but for a body that
     * takes its time; the ports close when all that was asked is answered and every file is closed: the process ends at once after.
     */
    void stop(@Observes ShutdownEvent event) {
        guard.drain(); // First: whoever is told to come later is told to connect again.
        ingest.drain();
        policies.stop();
        awaitAnswers();
        spool.drain();
        boolean all = delivery.drain();
        awaitAnswers();
        guard.serveNothing();
        spool.close();
        store.close();
        closePorts();
        LOG.infof("stopped; %s", all ? "all that was spooled is delivered" : "the rest stays in the spool");
    }

    private void awaitAnswers() {
        try {
            if (!guard.awaitAnswers(ANSWERS_WAIT_MS)) {
                LOG.warnf("some requests did not come to their end within %d ms", ANSWERS_WAIT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closePorts() {
        try {
            Files.deleteIfExists(ports());
        } catch (IOException e) {
            LOG.warnf("the ports file cannot be removed: %s", FailureCode.of(e));
        }
        try {
            guard.endConnections(LAST_ANSWERS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        apiPort.close();
        ingestHttp.close();
    }

    private Path ports() {
        return config.dataDir().resolve("run/ports.json");
    }
}
