package dev.throughline.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** OTLP's own ports. */
@ConfigMapping(prefix = "throughline.otlp")
public interface OtlpConfig {
    /** Loopback only, until access control is built. */
    @WithDefault("127.0.0.1")
    String host();

    /** 0: any free port. */
    @WithDefault("4318")
    int httpPort();

    /** 0: any free port. */
    @WithDefault("4317")
    int grpcPort();
}
