package dev.throughline.server;

import dev.throughline.access.AccessToken;
import dev.throughline.ingest.RecordIdKey;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.policy.Policy;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolConfig;
import dev.throughline.storage.RecordStore;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreConfig;
import dev.throughline.telemetry.Stream;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Makes the parts that are plain Java, one of each. */
@Singleton
public final class Assembly {
    private final ServerConfig config;
    private final Path data;

    Assembly(ServerConfig config) {
        this.config = config;
        this.data = config.dataDir().toAbsolutePath().normalize();
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    AccessToken token() {
        return AccessToken.keptIn(config.tokenFile().orElse(data.resolve("run/token")));
    }

    @Produces
    @Singleton
    RecordIdKey recordIdKey() {
        return RecordIdKey.keptIn(data.resolve("run/record-id.key"));
    }

    @Produces
    @Singleton
    ActivePolicy policy() {
        PolicyLoader loader = new PolicyLoader();
        Optional<Path> directory = config.policyDir();
        Policy first = directory.isPresent() ? loader.load(directory.get()) : loader.builtIn();
        return new ActivePolicy(first);
    }

    @Produces
    @Singleton
    Spool spool(ActivePolicy policy, InstantSource clock) {
        SpoolConfig standard = SpoolConfig.defaults();
        Map<Stream, Long> quotas = new EnumMap<>(Stream.class);
        for (Stream stream : Stream.values()) {
            quotas.put(stream, policy.current().settings(stream).quotaBytes());
        }
        ServerConfig.Spool bounds = config.spool();
        SpoolConfig spool = new SpoolConfig(
                bounds.segmentBytesMax(),
                bounds.pendingBytesMax(),
                standard.groupBytesMax(),
                standard.commitLingerUs(),
                standard.cursorIntervalMs(),
                bounds.totalBytesMax(),
                quotas,
                bounds.auditReserveBytes(),
                bounds.diskFreeBytesMin(),
                standard.diskFreeCheckMs(),
                standard.retryAfterMs());
        return Spool.open(data.resolve("spool"), spool, clock);
    }

    @Produces
    @Singleton
    RecordStore store(InstantSource clock) {
        return new SqliteRecordStore(data, StoreConfig.DEFAULT, clock);
    }

    void close(@Disposes RecordStore store) throws Exception {
        store.close();
    }
}
