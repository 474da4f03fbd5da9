package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.ingest.IngestHttp;
import io.quarkus.arc.Arc;
import io.quarkus.arc.InjectableBean;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the ports are opened there is nothing left that a request would have to make. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class StartOrderTest {
    @Inject
    Look look;

    /** Sees the server after its start and before the observers of the usual priority, which open the ports. */
    @Singleton
    public static class Look {
        private final IngestHttp ingest;
        private final HttpServer api;
        private final List<String> missing = new ArrayList<>();
        private boolean portsWereOpen;
        private int parts;

        Look(IngestHttp ingest, HttpServer api) {
            this.ingest = ingest;
            this.api = api;
        }

        void started(@Observes @Priority(2) StartupEvent event) {
            portsWereOpen = ingest.otlpHttpPort() != 0 || ingest.otlpGrpcPort() != 0 || api.getPort() > 0;
            for (InjectableBean<?> bean : EagerBeans.all()) {
                parts++;
                if (Arc.container().getActiveContext(bean.getScope()).get(bean) == null) {
                    missing.add(bean.getBeanClass().getName());
                }
            }
        }
    }

    @Test
    void everyPartIsMadeBeforeAPortIsOpen() {
        assertThat(look.portsWereOpen).isFalse();
        assertThat(look.parts).isGreaterThan(25);
        assertThat(look.missing).isEmpty();
    }
}
