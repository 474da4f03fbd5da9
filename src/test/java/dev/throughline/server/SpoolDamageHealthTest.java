package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.ingest.IngestMetrics;
import dev.throughline.spool.Spool;
import dev.throughline.telemetry.Stream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Open damage is what wellness, and nothing else, says. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class SpoolDamageHealthTest {
    @Inject
    HttpServer server;

    @Inject
    ServerConfig config;

    @Inject
    Spool spool;

    @Inject
    IngestMetrics ingest;

    @Test
    void itIsDownUntilSomebodyHasSeenToTheFiles() throws IOException {
        Sender sender = new Sender(server.getPort());
        Path damaged = config.dataDir().resolve("spool/damaged");
        Files.createDirectories(damaged);
        Path kept = Files.writeString(damaged.resolve("audit-00000000000000000000-64.bytes"), "x");
        try {
            assertThat(sender.get("/q/health/well").text()).contains("\"audit\"", "1 places", "spool/damaged", "DOWN");
            assertThat(sender.get("/q/health/ready").text()).doesNotContain("damaged");
        } finally {
            Files.delete(kept);
        }
        assertThat(sender.get("/q/health/well").text())
                .contains("\"name\": \"spool\"")
                .doesNotContain("1 places");
        for (Stream stream : Stream.values()) {
            assertThat(spool.stats(stream).uncountedRecords()).isZero();
            assertThat(ingest.keptTotal(stream)).isEqualTo(spool.stats(stream).appendedSinceOpen());
        }
    }
}
