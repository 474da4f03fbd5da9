package dev.throughline.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What the HTTP ports answer, and to whom. */
@ConfigMapping(prefix = "throughline.http")
public interface HttpConfig {
    /** The port of API, page and {@code /v1/events}. 0: any free port. */
    @WithDefault("8080")
    int port();

    /**
     * Names under which browsers reach this program, such as that of an ingress, without a port. IP addresses, {@code localhost} and names
     * without a dot are always allowed.
     */
    Optional<List<String>> allowedHosts();

    /** Connections of one port. Beyond, the longest unused one is closed; where all are busy, the new one. */
    @WithDefault("500")
    int connectionsMax();

    /** Whether {@code /q/metrics} is answered without a token, where a network policy says who reaches the port. */
    @WithDefault("false")
    boolean publicMetrics();
}
