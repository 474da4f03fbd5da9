package dev.throughline.server;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** Runs until it is told to stop. */
public final class ThroughlineApplication implements QuarkusApplication {
    private final Lifecycle lifecycle;

    ThroughlineApplication(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public int run(String... args) {
        lifecycle.announce();
        Quarkus.waitForExit();
        return 0;
    }
}
