package dev.throughline.server;

import io.smallrye.config.ConfigMapping;
import java.util.OptionalInt;

/** The port for probes alone. */
@ConfigMapping(prefix = "throughline.probes")
public interface ProbeConfig {
    /** Absent: there is none. 0: any free port. */
    OptionalInt port();
}
