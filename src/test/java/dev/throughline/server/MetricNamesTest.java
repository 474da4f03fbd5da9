package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names and labels of metrics are what dashboards and alerts rest on: a change is a decision, made in the golden file. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class MetricNamesTest {
    private static final Pattern LINE = Pattern.compile("^(throughline_\\w+)(?:\\{(.*)})? ", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private static final String LAZY = " once it happens";

    @Inject
    HttpServer server;

    @Test
    void areThoseOfTheGoldenFile() throws IOException {
        Sender sender = new Sender(server.getPort());
        String id = Events.correlationId();
        sender.post("/v1/events", Events.event(id, 1) + Events.event(id, 2, "\"attempt\":0"));
        sender.post(
                "/v1/events",
                Events.event(id, 3, "\"attempt\":1,\"error_code\":\"NEW_CODE\",\"mail\":\"a@example.com\""));
        sender.post(
                "/v1/traces",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"x\",\"traceId\":"
                        + "\"4bf92f3577b34da6a3ce929d0e0e4736\",\"spanId\":\"00f067aa0ba902b7\",\"startTimeUnixNano\":\"1769423058442000000\","
                        + "\"endTimeUnixNano\":\"1769423058442000000\"}]}]}]}",
                "Content-Type",
                "application/json");
        List<String> golden = Files.readAllLines(Path.of("src/test/resources/golden/metrics.txt"));
        List<String> always =
                golden.stream().filter(line -> !line.endsWith(LAZY)).toList();
        List<String> all = golden.stream().map(line -> line.replace(LAZY, "")).toList();
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            TreeSet<String> names = names(sender.get("/q/metrics").text());
            assertThat(names).containsAll(always);
            assertThat(all).containsAll(names);
        });
    }

    private static TreeSet<String> names(String metrics) {
        TreeSet<String> names = new TreeSet<>();
        for (MatchResult line : LINE.matcher(metrics).results().toList()) {
            TreeSet<String> labels = new TreeSet<>();
            if (line.group(2) != null) {
                LABEL.matcher(line.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
            names.add(line.group(1) + labels);
        }
        return names;
    }
}
