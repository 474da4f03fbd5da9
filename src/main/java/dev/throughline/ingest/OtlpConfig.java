package dev.throughline.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** OTLP's own ports. */
@ConfigMapping(prefix = "throughline.otlp")
public interface OtlpConfig {
    /** 0: any free port. */
    @WithDefault("4318")
    int httpPort();

    /** 0: any free port. */
    @WithDefault("4317")
    int grpcPort();
}
