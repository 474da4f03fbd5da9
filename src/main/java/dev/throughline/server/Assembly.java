package dev.throughline.server;

import dev.throughline.DirectoryIdentity;
import dev.throughline.access.AccessToken;
import dev.throughline.ingest.ListenAddress;
import dev.throughline.ingest.OtlpConfig;
import dev.throughline.ingest.RecordIdKey;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.policy.Policy;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.policy.reload.DirectoryWatch;
import dev.throughline.policy.reload.KeptPolicy;
import dev.throughline.policy.reload.PolicyReloader;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolConfig;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreConfig;
import dev.throughline.telemetry.Stream;
import io.quarkus.runtime.LaunchMode;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/** Makes the parts that are plain Java, one of each. */
@Singleton
public final class Assembly {
    private final ServerConfig config;
    private final Path data;

    /** Before any part is made: nothing is made of settings that cannot work. */
    Assembly(ServerConfig config, OtlpConfig otlp, ProbeConfig probes) {
        this.config = config;
        this.data = config.dataDir().toAbsolutePath().normalize();
        StartupCheck.settings(config);
        List<StartupCheck.Port> ports = new ArrayList<>();
        ports.add(new StartupCheck.Port("--http-port", apiPort()));
        ports.add(new StartupCheck.Port("--otlp-http-port", otlp.httpPort()));
        ports.add(new StartupCheck.Port("--otlp-grpc-port", otlp.grpcPort()));
        probes.port().ifPresent(port -> ports.add(new StartupCheck.Port("throughline.probes.port", port)));
        new StartupCheck(data, ListenAddress.of(config.listenAddress()), ports).run();
    }

    private static int apiPort() {
        String key = LaunchMode.current() == LaunchMode.TEST ? "quarkus.http.test-port" : "quarkus.http.port";
        return ConfigProvider.getConfig().getValue(key, Integer.class);
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    AccessToken token() {
        return config.tokenFile()
                .map(AccessToken::readFrom)
                .orElseGet(() -> AccessToken.keptIn(data.resolve("run/token")));
    }

    @Produces
    @Singleton
    ListenAddress listenAddress() {
        return ListenAddress.of(config.listenAddress());
    }

    @Produces
    @Singleton
    RecordIdKey recordIdKey() {
        return RecordIdKey.keptIn(data.resolve("run/record-id.key"));
    }

    @Produces
    @Singleton
    PolicyReloader reloader(InstantSource clock, DirectoryWatch watch) {
        PolicyLoader loader = new PolicyLoader();
        Optional<Path> directory = config.policyDir();
        return directory.isEmpty()
                ? PolicyReloader.builtIn(loader, clock)
                : PolicyReloader.of(
                        directory.get().toAbsolutePath(),
                        loader,
                        new KeptPolicy(data.resolve("policy")),
                        clock,
                        watch::wakeUp);
    }

    @Produces
    @Singleton
    DirectoryWatch watch() {
        return new DirectoryWatch(config.policyDir().orElse(Path.of(".")).toAbsolutePath());
    }

    @Produces
    @Singleton
    ActivePolicy policy(PolicyReloader reloader) {
        return reloader.active();
    }

    @Produces
    @Singleton
    Spool spool(ActivePolicy policy, InstantSource clock) {
        SpoolConfig standard = SpoolConfig.defaults();
        ServerConfig.Spool bounds = config.spool();
        SpoolConfig spool = new SpoolConfig(
                bounds.segmentBytesMax(),
                bounds.pendingBytesMax(),
                standard.groupBytesMax(),
                standard.commitLingerUs(),
                standard.cursorIntervalMs(),
                bounds.totalBytesMax(),
                quotas(policy.current()),
                auditReserve(bounds, policy.current()),
                bounds.diskFreeBytesMin(),
                standard.diskFreeCheckMs(),
                standard.retryAfterMs());
        DirectoryIdentity.SPOOL.check(data);
        return Spool.open(data.resolve("spool"), spool, clock);
    }

    static Map<Stream, Long> quotas(Policy policy) {
        Map<Stream, Long> quotas = new EnumMap<>(Stream.class);
        for (Stream stream : Stream.values()) {
            quotas.put(stream, policy.settings(stream).quotaBytes());
        }
        return quotas;
    }

    /** What the policy says; half of what there is at most, so that the other streams have room whatever it says. */
    static long auditReserve(ServerConfig.Spool bounds, Policy policy) {
        long wanted = policy.settings(Stream.AUDIT).reserveBytes();
        return wanted == 0 ? bounds.auditReserveBytes() : Math.min(wanted, bounds.totalBytesMax() / 2);
    }

    @Produces
    @Singleton
    SqliteRecordStore store(InstantSource clock) {
        if (config.store() == ServerConfig.StoreKind.EMBEDDED) {
            DirectoryIdentity.STORE.check(data);
        }
        return new SqliteRecordStore(data, StoreConfig.DEFAULT, clock);
    }

    void close(@Disposes SqliteRecordStore store) {
        store.close();
    }
}
