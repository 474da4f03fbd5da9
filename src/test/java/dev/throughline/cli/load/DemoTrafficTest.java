package dev.throughline.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DemoTrafficTest {
    private static final long START = Instant.parse("2026-11-23T12:00:00Z").toEpochMilli();
    private static final List<String> BOUNDARIES = List.of(
            "queue.publish",
            "worker.consume",
            "transform.mapping",
            "erp.api.request",
            "db.commit",
            "notification.callback");
    private final List<JourneyScript> scripts = LongStream.range(0, 5_000)
            .mapToObj(i -> JourneyScript.of(1, i, START))
            .toList();

    @Test
    void aWholeJourneyCrossesTheSevenBoundariesInOrderUnderOneId() {
        JourneyScript whole =
                scripts.stream().filter(s -> !s.failing()).findFirst().orElseThrow();
        List<String> spans = whole.steps().stream()
                .filter(JourneyScript.Step::spanned)
                .map(step -> step.event().spanName())
                .distinct()
                .toList();
        assertThat(spans.getFirst()).isIn("ingress.webhook", "ingress.api");
        assertThat(spans.subList(1, spans.size())).isEqualTo(BOUNDARIES);
        assertThat(whole.steps().stream().map(s -> s.event().correlationId()).distinct())
                .hasSize(1);
        assertThat(whole.steps().stream().map(s -> s.event().trace().traceId()).distinct())
                .hasSize(1);
        assertThat(whole.steps()).extracting(JourneyScript.Step::dueMillis).isSorted();
        assertThat(whole.steps().stream().filter(s -> s.event().audit() != null))
                .hasSize(1);
    }

    @Test
    void everySpanButTheFirstHasTheOneBeforeItAsParent() {
        String before = null;
        for (JourneyScript.Step step : scripts.getFirst().steps()) {
            if (step.spanned()) {
                assertThat(step.event().trace().parentSpanId()).isEqualTo(before);
                before = step.event().trace().spanId();
            }
        }
    }

    @Test
    void nothingBeginsBeforeWhatLedToItHasEnded() {
        for (JourneyScript script : scripts) {
            long endedBefore = START;
            for (JourneyScript.Step step : script.steps()) {
                Event event = step.event();
                long began = event.timestampMillis() - event.outcome().durationMillis();
                assertThat(began).as("%s of %s", event.eventName(), script).isGreaterThanOrEqualTo(endedBefore);
                assertThat(event.outcome().durationMillis()).isBetween(1, 5_000);
                endedBefore = event.timestampMillis();
            }
            assertThat(endedBefore - START).isLessThan(20_000);
        }
    }

    @Test
    void aboutTwoInAHundredDoNotArriveSomeOfThemInSilence() {
        List<JourneyScript> failing =
                scripts.stream().filter(JourneyScript::failing).toList();
        assertThat(failing).hasSizeBetween(60, 140);
        assertThat(failing).noneMatch(s -> names(s).contains("notification.callback"));
        assertThat(failing)
                .anyMatch(s -> s.steps().stream().noneMatch(step -> step.event().failed()));
        Set<String> codes = failing.stream()
                .flatMap(s -> s.steps().stream())
                .filter(step -> step.event().failed())
                .map(step -> step.event().outcome().errorCode())
                .collect(Collectors.toSet());
        assertThat(codes).containsExactlyInAnyOrder("ERP_TIMEOUT", "MAPPING_FIELD_MISSING", "DB_CONFLICT");
        assertThat(scripts.stream().filter(s -> !s.failing()))
                .allMatch(s -> names(s).contains("notification.callback"));
    }

    @Test
    void retriesCountTheirAttempts() {
        List<JourneyScript> retried = scripts.stream()
                .filter(s -> s.steps().stream()
                        .anyMatch(step -> step.event().outcome().attempt() == 2))
                .toList();
        assertThat(retried).isNotEmpty();
        for (JourneyScript script : retried) {
            List<Integer> attempts = script.steps().stream()
                    .filter(step -> step.event().spanName().equals("erp.api.request"))
                    .map(step -> step.event().outcome().attempt())
                    .toList();
            for (int i = 0; i < attempts.size(); i++) {
                assertThat(attempts.get(i)).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void threeConnectorsAndFourTenantsTakePart() {
        assertThat(scripts.stream()
                        .map(s -> s.steps().getFirst().event().subject().connector())
                        .distinct())
                .hasSize(3);
        assertThat(scripts.stream()
                        .map(s -> s.steps().getFirst().event().subject().tenantId())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(JourneyScript.TENANTS);
    }

    @Test
    void everyFlawChangesTheRecordAndLeavesItJson() throws Exception {
        Event event = scripts.getFirst().steps().getFirst().event();
        byte[] clean = WireForm.NDJSON.render(List.of(event)).bytes();
        Set<String> flawed = new HashSet<>();
        Draws draws = new Draws(1);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = Flaws.request(event, draws).bytes();
            assertThat(new ObjectMapper().readTree(bytes).isObject()).isTrue();
            assertThat(bytes).isNotEqualTo(clean);
            flawed.add(new String(bytes, StandardCharsets.UTF_8));
        }
        assertThat(flawed).hasSize(6);
    }

    @Test
    void trafficGoesThroughThePortsAndIsCountedAndWaitsForAProgramThatIsAway() throws Exception {
        try (HttpScript server = new HttpScript(n -> n < 5
                ? HttpScript.answer(503, "Retry-After: 1\r\n", "")
                : HttpScript.answer(200, "", "{\"received\":1,\"accepted\":1,\"refused\":0,\"duplicates\":0}"))) {
            DemoTraffic traffic =
                    new DemoTraffic(server.target(), InstantSource.fixed(Instant.ofEpochMilli(START)), 1, 100);
            for (int tick = 0; tick < 200; tick++) {
                traffic.tick(START + tick * 100L);
            }
            DemoTraffic.Counts counts = traffic.counts();
            assertThat(counts.journeys()).isEqualTo(2_000);
            assertThat(counts.givenUp()).isZero();
            assertThat(counts.flawed()).isPositive();
            assertThat(counts.sentTwice()).isPositive();
            List<String> heads =
                    server.received().stream().map(HttpScript.Received::head).toList();
            assertThat(heads).anyMatch(h -> h.startsWith("POST /v1/events"));
            assertThat(heads).anyMatch(h -> h.startsWith("POST /v1/traces") && h.contains("application/x-protobuf"));
            assertThat(heads).anyMatch(h -> h.startsWith("POST /v1/logs") && h.contains("application/json"));
            assertThat(heads).anyMatch(h -> h.startsWith("POST /v1/logs") && h.contains("application/x-protobuf"));
            assertThat(server.received().subList(0, 6).stream()
                            .map(HttpScript.Received::body)
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void startAndCloseRunAThreadThatEnds() throws Exception {
        try (HttpScript server = new HttpScript(n -> HttpScript.answer(200, "", "{}"))) {
            DemoTraffic traffic = new DemoTraffic(server.target(), InstantSource.system(), 1, 200);
            traffic.start();
            org.awaitility.Awaitility.await().until(() -> traffic.counts().records() > 0);
            traffic.close();
            long journeys = traffic.counts().journeys();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(t -> t.getName().equals("demo-traffic"));
            assertThat(traffic.counts().journeys()).isEqualTo(journeys);
        }
    }

    private static List<String> names(JourneyScript script) {
        return new ArrayList<>(
                script.steps().stream().map(s -> s.event().spanName()).toList());
    }
}
