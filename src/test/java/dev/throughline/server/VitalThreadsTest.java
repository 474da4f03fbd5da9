package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.throughline.server.VitalThreads.Heartbeat;
import dev.throughline.spool.Spool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Each thread that must live is ended, and the answer names it. The server of this class is of no use to another. */
@QuarkusTest
@TestProfile(VitalThreadsTest.OfItsOwn.class)
@QuarkusTestResource(TemporaryData.class)
@QuarkusTestResource(value = VitalThreadsTest.Following.class, restrictToAnnotatedClass = true)
class VitalThreadsTest {
    @Inject
    HttpServer http;

    @Inject
    Spool spool;

    @Inject
    RefusalLog refusals;

    @Inject
    Retention retention;

    /** Its threads end here. */
    public static class OfItsOwn implements QuarkusTestProfile {}

    /** A directory to follow, so that its threads are there. */
    public static class Following implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                Path policy = Files.createTempDirectory(Files.createDirectories(Path.of("target/test-data")), "policy");
                Files.writeString(policy.resolve("p.yaml"), "apiVersion: throughline.dev/v1\nkind: Policy\n");
                return Map.of("throughline.server.policy-dir", policy.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {}
    }

    private List<String> dead() {
        Sender.Answer answer = new Sender(http.getPort()).get("/q/health/live");
        var threads = answer.json().get("checks").get(0);
        assertThat(threads.get("name").asText()).isEqualTo("threads");
        assertThat(answer.status()).isEqualTo(threads.get("data").has("dead") ? 503 : 200);
        return threads.get("data").has("dead")
                ? Arrays.asList(threads.get("data").get("dead").asText().split(", "))
                : List.of();
    }

    private static Thread thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + name));
    }

    @Test
    void eachThatEndsIsNamed() {
        assertThat(dead()).isEmpty();
        for (String name : List.of(
                "ingest-0", "deliver-store-operational.logs", "deliver-store-audit", "policy-reload", "policy-watch")) {
            thread(name).interrupt();
            await(name).atMost(Duration.ofSeconds(15)).until(() -> dead().contains(name));
        }
        refusals.stop(new ShutdownEvent());
        await("refusal-log").until(() -> dead().contains("refusal-log"));
        retention.stop(new ShutdownEvent());
        await("retention").until(() -> dead().contains("retention"));
        spool.drain();
        await("spool-commit").until(() -> dead().contains("spool-commit"));
    }

    @Test
    void aLoopThatDoesNotAnswerIsDeadAfterItsTimeAndLivesAgainWhenItAnswers() {
        long[] now = {0};
        ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        Heartbeat heartbeat = new Heartbeat(tasks::add, Duration.ofNanos(10), () -> now[0]);
        assertThat(heartbeat.getAsBoolean()).isTrue();
        now[0] = 9;
        assertThat(heartbeat.getAsBoolean()).isTrue();
        assertThat(tasks).as("one sign of life at a time").hasSize(1);
        now[0] = 10;
        assertThat(heartbeat.getAsBoolean()).isFalse();
        tasks.remove().run();
        assertThat(heartbeat.getAsBoolean()).isTrue();
        now[0] = 1_000;
        tasks.remove().run();
        assertThat(heartbeat.getAsBoolean()).as("nobody asked for a long time").isTrue();
    }

    @Test
    void aLoopThatHasEndedIsDeadAtOnce() {
        Heartbeat heartbeat = new Heartbeat(
                task -> {
                    throw new RejectedExecutionException();
                },
                Duration.ofHours(1),
                () -> 0);
        assertThat(heartbeat.getAsBoolean()).isFalse();
        assertThat(heartbeat.getAsBoolean()).isFalse();
    }
}
