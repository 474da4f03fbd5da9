package dev.throughline.server;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where things are and what is on. Each key is also an environment variable: {@code THROUGHLINE_DATA_DIR} and so on. */
@ConfigMapping(prefix = "throughline.server")
public interface ServerConfig {
    /** Spool, store, token and ports file. */
    @WithDefault("./data")
    Path dataDir();

    /** A directory with the policy's documents; without it the built-in policy holds. */
    Optional<Path> policyDir();

    /** A file with the token, such as a mounted Secret, only read; without it {@code DIR/run/token} is made and kept. */
    Optional<Path> tokenFile();

    /** The IP address that the ports of API and OTLP are opened on. Any but loopback is a choice that the log warns of. */
    @WithDefault("127.0.0.1")
    String listenAddress();

    /** {@code embedded} or {@code none}. */
    @WithDefault("embedded")
    StoreKind store();

    /** How much of the store is read and verified a second, in the background; 0: none of it. */
    @WithDefault("4194304")
    long storeScrubBytesPerSecond();

    /** How long a stopping program goes on delivering what is spooled. */
    @WithDefault("5000")
    long drainTimeoutMs();

    /** Kafka, on as soon as brokers are named. */
    Kafka kafka();

    /** Bounds of the spool. */
    Spool spool();

    /** Which store a collector feeds itself. */
    enum StoreKind {
        EMBEDDED,
        NONE
    }

    /** The brokers, and whatever else the client needs. */
    interface Kafka {
        /** {@code host:port}, comma-separated. */
        Optional<String> bootstrapServers();

        /** -1: the broker's default. */
        @WithDefault("-1")
        short replicationFactor();

        /** The client's own properties, such as {@code security.protocol} and {@code sasl.jaas.config}. */
        Map<String, String> properties();
    }

    /** What the policy's quotas are bounded by. */
    interface Spool {
        /** Bytes on disk of all streams. */
        @WithDefault("10737418240")
        long totalBytesMax();

        /** Part of it that only audit may fill. */
        @WithDefault("1073741824")
        long auditReserveBytes();

        /** Bytes that are left free on the disk. */
        @WithDefault("268435456")
        long diskFreeBytesMin();

        /** Size at which a segment is closed. */
        @WithDefault("67108864")
        long segmentBytesMax();

        /** Bytes that may wait for an fsync. */
        @WithDefault("33554432")
        long pendingBytesMax();
    }
}
