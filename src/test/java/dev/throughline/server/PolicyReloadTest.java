package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throughline.policy.reload.PolicyReloader;
import dev.throughline.spool.Spool;
import dev.throughline.telemetry.Stream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A started server follows its policy directory, records keep coming. */
@QuarkusTest
@QuarkusTestResource(value = TemporaryData.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = PolicyData.class, restrictToAnnotatedClass = true)
class PolicyReloadTest {
    private static final String OFF = "canary: {refusal_rate_max: 1}\n";
    private static final Duration SOON = Duration.ofSeconds(5);

    @Inject
    HttpServer server;

    @Inject
    PolicyReloader reloader;

    @Inject
    Spool spool;

    private Sender sender;

    @BeforeEach
    void connect() {
        sender = new Sender(server.getPort());
    }

    private JsonNode policy() {
        return sender.get("/v1/policy").json();
    }

    /** Swaps, and waits until it is in force. */
    private void put(String name, String body) {
        PolicyData.put("metadata: {name: " + name + "}\n" + body);
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(policy().get("name").asText()).isEqualTo(name));
    }

    private static String event(String connector, int number, String more) {
        return "{\"timestamp\":\"2026-01-26T10:24:18.442Z\",\"level\":\"INFO\",\"tenant_id\":\"acme\",\"connector\":\""
                + connector
                + "\",\"entity_type\":\"order\",\"entity_id\":\"SO-" + number
                + "\",\"event_name\":\"order.created\",\"attempt\":1" + more + "}";
    }

    @Test
    void aSwapIsFollowedAndTheRecordSaysUnderWhichPolicyItWasTaken() {
        put("masks-refs", "masking: {fields: [{name: customer_ref, action: redact, label: REF}]}\n" + OFF);
        String hash = policy().get("hash").asText();
        assertThat(sender.post("/v1/events", event("swap.a", 1, ",\"customer_ref\":\"K-1\""))
                        .status())
                .isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode record = sender.get("/v1/records?connector=swap.a").json().at("/records/0");
            assertThat(record.path("policy").asText()).isEqualTo(hash);
            assertThat(record.at("/record/customer_ref").asText()).isEqualTo("[REF]");
        });
        assertThat(sender.get("/q/metrics").text())
                .contains("throughline_policy_info{hash=\"" + hash + "\",policy=\"masks-refs\"} 1.0");
    }

    @Test
    void aBadPolicyIsRefusedAndEverybodyCanSeeWhy() throws Exception {
        put("good", OFF);
        String hash = policy().get("hash").asText();
        PolicyData.put("metadata: {name: bad}\nmasking: {detectors: {mail: {action: redact}}}\n");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(policy().get("refused").isNull()).isFalse());
        JsonNode problem = policy().at("/refused/problems/0");
        assertThat(problem.get("file").asText()).isEqualTo("policy.yaml");
        assertThat(problem.get("line").asInt()).isEqualTo(4);
        assertThat(problem.get("column").asInt()).isEqualTo(23);
        assertThat(problem.get("code").asText()).isEqualTo("unknown_key");
        assertThat(policy().get("hash").asText()).isEqualTo(hash);
        assertThat(sender.get("/q/health/well").text()).contains("policy.yaml:4:23: unknown_key");
        assertThat(sender.get("/q/health/ready").status()).isEqualTo(200);
        assertThat(sender.get("/q/metrics").text())
                .contains("throughline_policy_refused 1.0")
                .contains("throughline_policy_reloads_total{outcome=\"refused\"}");
        assertThat(Files.readString(TemporaryData.directory.resolve("server.log")))
                .contains("is refused, and Policy[good, " + hash + "] stays: policy.yaml:4:23: unknown_key");
        assertThat(sender.post("/v1/events", event("bad.a", 1, "")).status()).isEqualTo(200);
        put("good-again", OFF);
        assertThat(policy().get("refused").isNull()).isTrue();
        assertThat(sender.get("/q/health/well").text()).doesNotContain("unknown_key");
    }

    @Test
    void aPolicyThatRefusesWhatWasTakenIsRolledBackAndStaysOffUntilItChanges() {
        put("lenient", OFF);
        String strict = """
                contract:
                  schemas: [{name: strict/v1, extends: integration-log/v1, schema: {required: [order_total]}}]
                  use: [{schema: strict/v1, connectors: ["canary.*"]}]
                canary: {refusal_rate_max: 0.2, window: PT5M, records_min: 10}
                """;
        put("strict", strict);
        assertThat(policy().get("canary_until").isNull()).isFalse();
        for (int i = 0; i < 9; i++) {
            sender.post("/v1/events", event("canary.a", i, ""));
            sender.post("/v1/events", event("other.a", i, ""));
        }
        assertThat(policy().get("name").asText()).as("below records_min").isEqualTo("strict");
        // What both refuse does not count.
        for (int i = 0; i < 30; i++) {
            sender.post("/v1/events", event("other.a", i, ",\"level\":\"LOUD\""));
        }
        assertThat(policy().get("name").asText()).isEqualTo("strict");
        sender.post("/v1/events", event("canary.a", 10, ""));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(policy().get("name").asText()).isEqualTo("lenient"));
        assertThat(policy().at("/rolled_back/finding").asText()).contains("canary.a");
        assertThat(sender.get("/q/health/well").text()).contains("\"rolled_back\"");
        assertThat(sender.get("/q/metrics").text()).contains("throughline_policy_rolled_back 1.0");
        assertThat(sender.post("/v1/events", event("canary.a", 11, "")).status())
                .isEqualTo(200);
        assertThat(reloader.reload()).isEqualTo(PolicyReloader.Outcome.UNCHANGED);
        assertThat(policy().get("name").asText()).isEqualTo("lenient");
        put("strict-again", strict);
        assertThat(policy().get("rolled_back").isNull()).isTrue();
        put("lenient-again", OFF);
    }

    @Test
    void aCanaryKnowsWhatTheHeadersGive() {
        put("asks", "contract: {correlation: {missing: refuse}}\n" + OFF);
        put("asks-more", """
                contract:
                  correlation: {missing: refuse}
                  schemas: [{name: more/v1, extends: integration-log/v1, schema: {required: [order_total]}}]
                  use: [{schema: more/v1, connectors: ["header.*"]}]
                canary: {refusal_rate_max: 0.2, window: PT5M, records_min: 5}
                """);
        for (int i = 0; i < 5; i++) {
            sender.post("/v1/events", event("header.a", i, ""), "X-Correlation-Id", Events.correlationId());
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(policy().get("name").asText()).isEqualTo("asks"));
    }

    /** What cannot be masked under any policy is no reason to take a new one back. */
    @Test
    void aCanaryDoesNotCountWhatNoPolicyCouldMask() {
        put("watched-from", OFF);
        put("watched", "canary: {refusal_rate_max: 0.1, window: PT5M, records_min: 5}\n");
        String nested = "1";
        for (int i = 0; i < 7; i++) {
            nested = "[" + new com.fasterxml.jackson.databind.node.TextNode(nested) + "]";
        }
        for (int i = 0; i < 10; i++) {
            assertThat(sender.post(
                                    "/v1/events",
                                    event(
                                            "unmaskable.a",
                                            i,
                                            ",\"deep\":" + new com.fasterxml.jackson.databind.node.TextNode(nested)))
                            .text())
                    .contains("masking_nested_depth_exceeded");
        }
        assertThat(policy().get("name").asText()).isEqualTo("watched");
        assertThat(policy().get("rolled_back").isNull()).isTrue();
        put("watched-no-more", OFF);
    }

    @Test
    void whatIsTriedOnlyIsCountedAndChangesNothing() {
        put("shadow", """
                contract:
                  schemas: [{name: tried/v1, extends: integration-log/v1, schema: {required: [order_total]}}]
                  use: [{schema: tried/v1, connectors: ["shadow.*"], shadow: true}]
                masking:
                  fields: [{name: vat_id, action: redact, label: VAT, shadow: true}]
                  detectors: {ip: {action: keep, shadow: true}}
                """ + OFF);
        assertThat(sender.post(
                                "/v1/events",
                                event("shadow.a", 1, ",\"vat_id\":\"XX 12\",\"message\":\"from 192.0.2.7\""))
                        .status())
                .isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode record =
                    sender.get("/v1/records?connector=shadow.a").json().at("/records/0/record");
            assertThat(record.path("vat_id").asText()).isEqualTo("XX 12");
            assertThat(record.path("message").asText()).isEqualTo("from [IP]");
        });
        assertThat(sender.get("/q/metrics").text())
                .contains(
                        "throughline_shadow_refused_records_total{connector=\"shadow.a\",reason=\"missing_field\",schema=\"tried/v1\"} 1.0")
                .contains("throughline_shadow_masking_hits_total{rule=\"vat_id\"} 1.0")
                .contains("throughline_shadow_masking_hits_total{rule=\"ip\"} 1.0");
    }

    @Test
    void theIdsOfWhoIsNotTrustedAreKeptBesideOnesOfOurs() {
        put("trust", "contract: {correlation: {trusted_connectors: [\"trusted.*\"]}}\n" + OFF);
        String given = Events.correlationId();
        String own = ",\"correlation_id\":\"" + given + "\"";
        JsonNode answer = sender.post(
                        "/v1/events",
                        event("stranger.a", 1, own) + event("stranger.a", 2, own) + event("trusted.a", 3, own))
                .json();
        assertThat(answer.get("accepted").asInt()).isEqualTo(3);
        assertThat(answer.get("correlation_ids")).hasSize(2);
        String made = answer.at("/correlation_ids/0/correlation_id").asText();
        assertThat(made).matches("corr_[0-7][0-9A-HJKMNP-TV-Z]{25}").isNotEqualTo(given);
        assertThat(answer.at("/correlation_ids/1/correlation_id").asText()).isEqualTo(made);
        assertThat(sender.post("/v1/events", event("stranger.a", 5, own.replace("corr_", "corr\\u005f")))
                        .json()
                        .at("/correlation_ids/0/correlation_id")
                        .asText())
                .as("however it is written")
                .isEqualTo(made);
        String byHeader = sender.post("/v1/events", event("stranger.a", 4, ""), "X-Correlation-Id", given)
                .json()
                .at("/correlation_ids/0/correlation_id")
                .asText();
        assertThat(byHeader).as("what was called the same stays together").isEqualTo(made);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode journey = sender.get("/v1/journeys/" + made).json();
            assertThat(journey.path("records")).hasSize(4);
            assertThat(journey.at("/records/0/record/sender_correlation_id").asText())
                    .isEqualTo(given);
            assertThat(journey.at("/records/0/record/correlation_source").asText())
                    .isEqualTo("generated");
        });
        assertThat(sender.get("/v1/journeys/" + given).json().path("records")).hasSize(1);
        put("refuses-none", "contract: {correlation: {missing: refuse}}\n" + OFF);
        assertThat(sender.post("/v1/events", event("none.a", 1, "")).text()).contains("correlation_id_missing");
        assertThat(sender.post("/v1/events", event("none.a", 1, ""), "X-Correlation-Id", given)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void nobodyForgesWhereAnIdCameFromAndNoNameComesTwice() {
        put("forged", "contract: {correlation: {trusted_connectors: [\"trusted.*\"]}}\n" + OFF);
        String given = Events.correlationId();
        String forged = ",\"correlation_id\":\"" + given + "\",\"sender_correlation_id\":\"" + Events.correlationId()
                + "\",\"correlation_source\":\"body\",\"sent_correlation_source\":\"older\"";
        assertThat(sender.post("/v1/events", event("evil.a", 1, forged)).status())
                .isEqualTo(200);
        assertThat(sender.post(
                                "/v1/events",
                                event("null.a", 1, ",\"correlation_id\":null,\"trace_id\":null"),
                                "traceparent",
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                        .status())
                .isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode record = sender.get("/v1/records?connector=evil.a").json().at("/records/0/record");
            assertThat(record.path("sender_correlation_id").asText()).isEqualTo(given);
            assertThat(record.path("correlation_source").asText()).isEqualTo("generated");
            assertThat(record.path("sent_correlation_source").asText()).isEqualTo("older");
            assertThat(record.path("sent_sent_correlation_source").asText()).isEqualTo("body");
            String text = sender.get("/v1/records?connector=null.a").text();
            assertThat(text.substring(text.indexOf("\"record\":")).split("\"correlation_id\":", -1))
                    .hasSize(2);
            assertThat(text)
                    .contains("\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"")
                    .doesNotContain("\"trace_id\":null");
        });
    }

    /** One order, two records: the first brings its id, the second only the trace of its request. */
    @Test
    void aTraceOfTheHeadersJoinsWhatHasNoIdToWhatHasOne() {
        put("joins", OFF);
        String given = Events.correlationId();
        String trace = "00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        sender.post("/v1/events", event("join.a", 1, ",\"correlation_id\":\"" + given + "\""), "traceparent", trace);
        sender.post("/v1/events", event("join.a", 2, ""), "traceparent", trace);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode journey = sender.get("/v1/journeys/" + given).json();
            assertThat(journey.path("records")).hasSize(2);
            assertThat(journey.at("/records/0/record/trace_id").asText()).isEqualTo(trace.substring(3, 35));
        });
    }

    @Test
    void idsThatABoundaryAsksForAreCountedOrAskedFor() {
        put("mapping", OFF);
        String commit = event("mapping.a", 1, "").replace("order.created", "db.commit");
        assertThat(sender.post("/v1/events", commit).status()).isEqualTo(200);
        assertThat(sender.get("/q/metrics").text())
                .contains(
                        "throughline_correlation_missing_ids_total{boundary=\"db.commit\",connector=\"mapping.a\",field=\"idempotency_key\"} 1.0");
        put("mapping-refuses", "contract: {correlation: {mapping: refuse}}\n" + OFF);
        Sender.Answer answer =
                sender.post("/v1/events", event("mapping.a", 2, "").replace("order.created", "db.commit"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("correlation_mapping").contains("/idempotency_key");
        String callback = event("mapping.a", 3, "").replace("order.created", "notification.callback");
        assertThat(sender.post("/v1/events", callback).status()).isEqualTo(422);
        assertThat(sender.post("/v1/events", callback, "X-Request-Id", "r-1").status())
                .as("the header gives it")
                .isEqualTo(200);
    }

    @Test
    void quotasFollowThePolicy() {
        put("quotas", "streams: {operational.logs: {quota: 777MiB}}\n" + OFF);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(spool.stats(Stream.OPERATIONAL_LOGS).quotaBytes())
                                .isEqualTo(777L << 20));
        put("quotas-back", OFF);
    }

    /** A thousand policies, each with its own label, while four senders send. */
    @Test
    void aThousandReloadsUnderLoadLoseNothingMaskNothingOtherwiseAndKeepNoMemory() throws Exception {
        Map<String, String> labels = new ConcurrentHashMap<>();
        AtomicBoolean sending = new AtomicBoolean(true);
        AtomicInteger accepted = new AtomicInteger();
        List<String> trouble = java.util.Collections.synchronizedList(new ArrayList<>());
        put("load", "masking: {fields: [{name: planted, action: redact, label: R}]}\n" + OFF);
        labels.put(policy().get("hash").asText(), "[R]");
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int number = t;
            senders.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; sending.get(); i++) {
                    StringBuilder body = new StringBuilder();
                    for (int k = 0; k < 10; k++) {
                        body.append(event("load.s" + number, i * 10 + k, ",\"planted\":\"geheim-" + number + "\""))
                                .append('\n');
                    }
                    Sender.Answer answer = sender.post("/v1/events", body.toString());
                    if (answer.status() != 200) {
                        trouble.add(answer.text());
                    }
                    accepted.addAndGet(answer.json().path("accepted").asInt());
                }
            }));
        }
        long early = 0;
        for (int i = 0; i < 1_000; i++) {
            PolicyData.put("metadata: {name: load}\nmasking: {fields: [{name: planted, action: redact, label: R" + i
                    + "}]}\n" + OFF);
            // Whoever is first: this call or the watch.
            reloader.reload();
            labels.put(reloader.status().policy().shortHash(), "[R" + i + "]");
            if (i == 200) {
                early = liveHeap();
            }
        }
        long late = liveHeap();
        sending.set(false);
        for (Thread thread : senders) {
            thread.join();
        }
        assertThat(trouble).isEmpty();
        assertThat(reloader.status().reloads()).isGreaterThan(1_000);
        // What the load itself leaves behind (known ids, the store's tables) is in it; a policy each would be far over
        // it.
        assertThat(late - early).as("bytes of live heap").isLessThan(48L << 20);
        long before = liveHeap();
        for (int i = 0; i < 300; i++) {
            PolicyData.put("metadata: {name: load}\nmasking: {fields: [{name: planted, action: redact, label: Q" + i
                    + "}]}\n" + OFF);
            reloader.reload();
        }
        assertThat(liveHeap() - before).as("bytes of live heap, without load").isLessThan(3L << 20);
        Map<String, Integer> byLabel = new HashMap<>();
        for (int t = 0; t < 4; t++) {
            assertThat(checked("load.s" + t, labels, byLabel)).isPositive();
        }
        assertThat(byLabel.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(accepted.get());
        assertThat(byLabel).as("policies that records were taken under").hasSizeGreaterThan(100);
    }

    private static long liveHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Every record of a connector has the label of the policy that it names. */
    private int checked(String connector, Map<String, String> labels, Map<String, Integer> byLabel) {
        List<Integer> counts = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(sender.get("/v1/status")
                                .json()
                                .at("/streams/operational.logs/spooled_records")
                                .asInt())
                        .isZero());
        String cursor = "";
        int count = 0;
        do {
            JsonNode page = sender.get("/v1/records?limit=1000&connector=" + connector + cursor)
                    .json();
            for (JsonNode record : page.get("records")) {
                String label = record.at("/record/planted").asText();
                assertThat(label).isEqualTo(labels.get(record.get("policy").asText()));
                byLabel.merge(label, 1, Integer::sum);
                count++;
            }
            cursor = page.get("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.get("next_cursor").asText();
        } while (!cursor.isEmpty());
        counts.add(count);
        return count;
    }
}
