package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.cli.packaged.RunningServer;
import dev.throughline.contract.CorrelationIds;
import dev.throughline.delivery.KafkaBroker;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The packaged program with no room left: senders are told, audit has its reserve, and all goes on once there is room. */
class PackagedFullSpoolIT {
    private static final int REQUEST_EVENTS = 20;
    private static final int REQUESTS_MAX = 200;
    private static final List<String> TINY = List.of(
            "throughline.server.spool.total-bytes-max=2097152", "throughline.server.spool.audit-reserve-bytes=1048576");
    private static final String AUDIT =
            ",\"audit\":{\"actor\":\"svc\",\"source_system\":\"crm\",\"action\":\"order.update\",\"before\":null,\"after\":{\"a\":1}}";
    private static final String PADDING = ",\"message\":\"" + "no answer from the other side. ".repeat(80) + "\"";

    private final CorrelationIds ids = new CorrelationIds(InstantSource.system(), new Random());
    private final PackagedServers program;

    PackagedFullSpoolIT() throws IOException {
        program = new PackagedServers();
    }

    private String id() {
        return new String(ids.next(), StandardCharsets.US_ASCII);
    }

    @Test
    void aFullSpoolTurnsSendersAwayKeepsItsReserveForAuditAndComesBack() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start()) {
            broker.kill();
            try (RunningServer server = program.start(TINY, "--store", "none", "--kafka", broker.bootstrapServers())) {
                assertThat(ready(server).statusCode()).isEqualTo(200);
                Set<String> acknowledged = fill(server);
                assertThat(acknowledged).hasSizeGreaterThan(100);
                assertThat(ready(server).statusCode()).isEqualTo(503);
                assertThat(ready(server).body()).contains("\"spool_full_up_to_audit_reserve\"");
                String audited = id();
                HttpResponse<String> audit =
                        program.post(server, "/v1/events", PackagedServers.event(audited, PADDING + AUDIT));
                assertThat(audit.statusCode()).as(audit.body()).isEqualTo(200);
                broker.restart();
                await().atMost(Duration.ofSeconds(90))
                        .untilAsserted(
                                () -> assertThat(ready(server).statusCode()).isEqualTo(200));
                String later = id();
                assertThat(program.post(server, "/v1/events", PackagedServers.event(later, PADDING))
                                .statusCode())
                        .isEqualTo(200);
                acknowledged.add(later);
                await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    assertThat(valuesOf(broker, "throughline.operational.logs")).contains(acknowledged);
                    assertThat(valuesOf(broker, "throughline.audit")).contains(audited);
                });
                assertThat(server.terminate()).isZero();
            }
        }
    }

    /** Sends until it is turned away; what was acknowledged. */
    private Set<String> fill(RunningServer server) {
        Set<String> acknowledged = new LinkedHashSet<>();
        for (int request = 0; request < REQUESTS_MAX; request++) {
            Set<String> sent = new LinkedHashSet<>();
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < REQUEST_EVENTS; i++) {
                String id = id();
                sent.add(id);
                body.append(PackagedServers.event(id, PADDING));
            }
            HttpResponse<String> answer = program.post(server, "/v1/events", body.toString());
            if (answer.statusCode() != 200) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.body()).contains("\"code\":\"spool_full\"");
                assertThat(answer.headers().firstValue("Retry-After").orElse(""))
                        .matches("[1-9][0-9]*");
                return acknowledged;
            }
            acknowledged.addAll(sent);
        }
        throw new AssertionError("the spool took more than its bound");
    }

    @Test
    void aDiskBelowItsFloorMakesItNotReady() throws Exception {
        try (RunningServer server =
                program.start(List.of("throughline.server.spool.disk-free-bytes-min=9000000000000000000"))) {
            HttpResponse<String> answer = program.post(server, "/v1/events", PackagedServers.event(id(), ""));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(ready(server).statusCode()).isEqualTo(503);
            assertThat(ready(server).body()).contains("\"disk_full\"");
            assertThat(program.get(server, "/q/health/live").statusCode()).isEqualTo(200);
            assertThat(server.terminate()).isZero();
        }
    }

    private static String valuesOf(KafkaBroker broker, String topic) {
        StringBuilder values = new StringBuilder();
        broker.forEach(topic, message -> values.append(new String(message.value(), StandardCharsets.UTF_8)));
        return values.toString();
    }

    private HttpResponse<String> ready(RunningServer server) {
        return program.get(server, "/q/health/ready");
    }
}
