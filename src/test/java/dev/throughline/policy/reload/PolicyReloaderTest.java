package dev.throughline.policy.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.policy.Canary;
import dev.throughline.policy.Policies;
import dev.throughline.policy.PolicyException;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.policy.reload.PolicyReloader.Outcome;
import dev.throughline.policy.reload.PolicyStatus.Origin;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyReloaderTest {
    private static final String STRICT = """
            contract:
              schemas: [{name: strict/v1, extends: integration-log/v1, schema: {required: [order_total]}}]
              use: [{schema: strict/v1, connectors: ["*"]}]
            canary: {refusal_rate_max: 0.5, window: PT1M, records_min: 2}
            """;

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T04:00:00Z"));
    private final InstantSource clock = now::get;
    private final AtomicInteger wakes = new AtomicInteger();

    private Path directory() {
        return folder.resolve("policy");
    }

    private void put(String name, String body) {
        Policies.write(directory(), "policy.yaml", "metadata: {name: " + name + "}\n" + body);
    }

    /** As a process that starts. */
    private PolicyReloader start() {
        return PolicyReloader.of(
                directory(),
                new PolicyLoader(),
                new KeptPolicy(folder.resolve("data/policy")),
                clock,
                wakes::incrementAndGet);
    }

    private static void send(PolicyReloader reloader, int times) throws Exception {
        InForce inForce = reloader.active().inForce();
        Canary canary = inForce.canary();
        assertThat(canary).isNotNull();
        Canary.Session session = canary.session();
        byte[] json = Policies.log("a.b", "acme", "").getBytes(StandardCharsets.UTF_8);
        JsonTape tape = new JsonTape();
        tape.parseWhole(json);
        ReceivedRecord record = new ReceivedRecord(tape);
        record.begin(Signal.LOG, json, 0, json.length);
        dev.throughline.contract.LogFields.locate(record);
        assertThat(record.has(Field.CONNECTOR)).isTrue();
        for (int i = 0; i < times; i++) {
            session.refused(record, false, 0);
            session.end();
        }
    }

    @Test
    void aChangeIsApplied() {
        put("one", "");
        PolicyReloader reloader = start();
        assertThat(reloader.reload()).isEqualTo(Outcome.UNCHANGED);
        put("two", "");
        assertThat(reloader.reload()).isEqualTo(Outcome.APPLIED);
        assertThat(reloader.active().current().name()).isEqualTo("two");
        assertThat(reloader.reload()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void theLastGoodOneStaysAlsoOverARestart() {
        put("one", "");
        PolicyReloader reloader = start();
        put("two", "");
        reloader.reload();
        put("three", "masking: {fields: 3}\n");
        assertThat(reloader.reload()).isEqualTo(Outcome.REFUSED);
        assertThat(reloader.reload()).as("told once").isEqualTo(Outcome.UNCHANGED);
        assertThat(reloader.active().current().name()).isEqualTo("two");
        PolicyReloader again = start();
        assertThat(again.active().current().name()).isEqualTo("two");
        assertThat(again.status().origin()).isEqualTo(Origin.LAST_GOOD);
        assertThat(again.status().refused()).isNotNull();
        put("four", "");
        assertThat(again.reload()).isEqualTo(Outcome.APPLIED);
        assertThat(again.status().refused()).isNull();
    }

    @Test
    void withoutALastGoodOneABadPolicyStopsTheStart() {
        put("one", "masking: {fields: 3}\n");
        assertThatThrownBy(this::start).isInstanceOf(PolicyException.class).hasMessageContaining("policy.yaml:4:19");
    }

    @Test
    void whatWasKeptAndIsDamagedIsNotTaken() throws IOException {
        put("one", "");
        start();
        put("two", "masking: {fields: 3}\n");
        try (var files = Files.walk(folder.resolve("data/policy"))) {
            for (Path file : files.filter(p -> p.endsWith("policy.yaml")).toList()) {
                Files.writeString(file, Files.readString(file) + "# changed\n");
            }
        }
        assertThatThrownBy(this::start).isInstanceOf(PolicyException.class);
    }

    @Test
    void aDirectoryThatGoesAndComesBackIsFollowed() throws IOException {
        put("one", "");
        PolicyReloader reloader = start();
        Files.move(directory(), folder.resolve("away"));
        assertThat(reloader.reload()).isEqualTo(Outcome.REFUSED);
        assertThat(reloader.active().current().name()).isEqualTo("one");
        Files.move(folder.resolve("away"), directory());
        assertThat(reloader.reload()).isEqualTo(Outcome.APPLIED);
        assertThat(reloader.status().refused()).isNull();
    }

    @Test
    void anotherKeyIsTakenThoughNoDocumentChanges() throws IOException {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        put(
                "one",
                "masking: {fields: [{name: mail_of, action: pseudonymise, type: email}], pseudonyms: {key_id: k1, key_file: "
                        + key + "}}\n");
        PolicyReloader reloader = start();
        assertThat(reloader.reload()).isEqualTo(Outcome.UNCHANGED);
        byte[] other = new byte[32];
        other[0] = 1;
        Files.write(key, other);
        assertThat(reloader.reload()).isEqualTo(Outcome.APPLIED);
        assertThat(reloader.reload()).isEqualTo(Outcome.UNCHANGED);
        Files.delete(key);
        assertThat(reloader.reload()).isEqualTo(Outcome.REFUSED);
        Files.write(key, other);
        assertThat(reloader.reload()).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void aNewPolicyThatRefusesTooMuchIsTakenBackAlsoOverARestart() throws Exception {
        put("one", "");
        PolicyReloader reloader = start();
        put("two", STRICT);
        reloader.reload();
        send(reloader, 1);
        assertThat(reloader.watchCanary()).isEqualTo(Outcome.UNCHANGED);
        assertThat(wakes).hasValue(0);
        send(reloader, 1);
        assertThat(wakes).as("the bound is met").hasValue(1);
        assertThat(reloader.watchCanary()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(reloader.active().current().name()).isEqualTo("one");
        assertThat(reloader.reload()).as("it stays off").isEqualTo(Outcome.UNCHANGED);
        PolicyReloader again = start();
        assertThat(again.active().current().name()).isEqualTo("one");
        assertThat(again.status().rolledBack()).isNotNull();
        assertThat(again.reload()).isEqualTo(Outcome.UNCHANGED);
        put("two", STRICT + "# looked at again\n");
        assertThat(again.reload()).isEqualTo(Outcome.APPLIED);
        assertThat(again.status().rolledBack()).isNull();
    }

    @Test
    void aPolicyThatWasNewWhenTheProcessEndedIsWatchedOn() throws Exception {
        put("one", "");
        PolicyReloader reloader = start();
        put("two", STRICT);
        reloader.reload();
        PolicyReloader again = start();
        assertThat(again.active().current().name()).isEqualTo("two");
        send(again, 2);
        assertThat(again.watchCanary()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(again.active().current().name()).isEqualTo("one");
    }

    @Test
    void aPolicyThatBecameNewWhileTheProcessWasAwayIsWatchedToo() throws Exception {
        put("one", "");
        start();
        put("two", STRICT);
        PolicyReloader again = start();
        assertThat(again.active().current().name()).isEqualTo("two");
        send(again, 2);
        assertThat(again.watchCanary()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void whatWasTakenBackStaysOffThoughTheDirectoryGoesAndComesBack() throws Exception {
        put("one", "");
        PolicyReloader reloader = start();
        put("two", STRICT);
        reloader.reload();
        send(reloader, 2);
        reloader.watchCanary();
        Files.move(directory(), folder.resolve("away"));
        assertThat(reloader.reload()).isEqualTo(Outcome.REFUSED);
        PolicyReloader again = start();
        assertThat(again.status().rolledBack()).isEqualTo(reloader.status().rolledBack());
        Files.move(folder.resolve("away"), directory());
        for (PolicyReloader each : new PolicyReloader[] {reloader, again}) {
            assertThat(each.reload()).isEqualTo(Outcome.UNCHANGED);
            assertThat(each.active().current().name()).isEqualTo("one");
            assertThat(each.status().refused()).isNull();
            assertThat(each.status().rolledBack()).isNotNull();
        }
    }

    @Test
    void aCanaryComparesWithWhatProvedItself() throws Exception {
        put("one", "");
        PolicyReloader reloader = start();
        put("two", STRICT);
        reloader.reload();
        put("three", STRICT);
        reloader.reload();
        send(reloader, 2);
        assertThat(reloader.watchCanary()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(reloader.active().current().name()).isEqualTo("one");
        put("four", STRICT);
        reloader.reload();
        put("one", "");
        reloader.reload();
        assertThat(reloader.active().inForce().canary())
                .as("back to what proved itself")
                .isNull();
    }

    @Test
    void aBrokenDocumentOrAnotherKeyInBetweenDoesNotEndACanary() throws Exception {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        String keyed = STRICT + "masking: {pseudonyms: {key_id: k1, key_file: " + key + "}}\n";
        put("one", "");
        PolicyReloader reloader = start();
        put("two", keyed);
        reloader.reload();
        put("two", "masking: {fields: 3}\n");
        assertThat(reloader.reload()).isEqualTo(Outcome.REFUSED);
        put("two", keyed);
        assertThat(reloader.reload()).isEqualTo(Outcome.APPLIED);
        assertThat(reloader.status().canaryUntil()).isNotNull();
        byte[] other = new byte[32];
        other[0] = 1;
        Files.write(key, other);
        assertThat(reloader.reload()).isEqualTo(Outcome.APPLIED);
        send(reloader, 2);
        assertThat(reloader.watchCanary()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void anotherKeyIsTakenThoughABadPolicyStandsThere() throws IOException {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        put(
                "one",
                "masking: {fields: [{name: mail_of, action: pseudonymise, type: email}], pseudonyms: {key_id: k1, key_file: "
                        + key + "}}\n");
        PolicyReloader reloader = start();
        put("two", "masking: {fields: 3}\n");
        reloader.reload();
        var before = reloader.active().current();
        byte[] other = new byte[32];
        other[0] = 1;
        Files.write(key, other);
        reloader.reload();
        assertThat(reloader.active().current()).isNotSameAs(before);
        assertThat(reloader.status().policy()).isSameAs(reloader.active().current());
        assertThat(reloader.status().refused()).isNotNull();
    }

    @Test
    void aKeyThatIsAPipeHoldsNobodyUp() throws Exception {
        Path key = Files.write(folder.resolve("key"), new byte[32]);
        put("one", "masking: {pseudonyms: {key_id: k1, key_file: " + key + "}}\n");
        PolicyReloader reloader = start();
        Files.delete(key);
        assertThat(new ProcessBuilder("mkfifo", key.toString()).start().waitFor())
                .isZero();
        assertThat(reloader.reload()).isEqualTo(Outcome.REFUSED);
        put("two", "");
        assertThat(reloader.reload()).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void aFileThatIsWrittenLineByLineIsTakenWhenItIsWhole() throws Exception {
        put("one", "");
        PolicyReloader reloader = start();
        java.util.Set<String> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
        try (DirectoryWatch following = new DirectoryWatch(directory())) {
            following.start(reloader);
            StringBuilder text = new StringBuilder(Policies.HEAD + "metadata: {name: slow}\nmasking:\n  fields:\n");
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                text.append("    - {name: f").append(i).append("x, action: drop}\n");
                Policies.raw(directory(), "policy.yaml", text.toString());
                seen.add(reloader.active().current().name());
                java.util.concurrent.locks.LockSupport.parkNanos(
                        Duration.ofMillis(100).toNanos());
            }
            assertThat(seen).containsExactly("one");
            expect(reloader, "slow");
        }
    }

    @Test
    void afterItsWindowAPolicyIsOneLikeAnyOther() {
        put("one", "");
        PolicyReloader reloader = start();
        put("two", STRICT);
        reloader.reload();
        assertThat(reloader.status().canaryUntil()).isEqualTo(now.get().plusSeconds(60));
        now.set(now.get().plusSeconds(61));
        assertThat(reloader.watchCanary()).isEqualTo(Outcome.UNCHANGED);
        assertThat(reloader.active().inForce().canary()).isNull();
        assertThat(start().active().inForce().canary()).isNull();
    }

    @Test
    void theWatchFollowsWhatEditorsAndKubernetesDo() throws Exception {
        put("one", "");
        AtomicReference<DirectoryWatch> watch = new AtomicReference<>();
        PolicyReloader reloader = PolicyReloader.of(
                directory(),
                new PolicyLoader(),
                new KeptPolicy(folder.resolve("data/policy")),
                InstantSource.system(),
                () -> {});
        try (DirectoryWatch following = new DirectoryWatch(directory())) {
            watch.set(following);
            following.start(reloader);
            // In place.
            put("in-place", "");
            expect(reloader, "in-place");
            // A new file renamed over the old one, as editors do.
            Policies.write(directory(), ".policy.yaml.swp", "metadata: {name: renamed}\n");
            Files.move(
                    directory().resolve(".policy.yaml.swp"),
                    directory().resolve("policy.yaml"),
                    StandardCopyOption.ATOMIC_MOVE);
            expect(reloader, "renamed");
            // Kubernetes: the file is a link through ..data.
            Path one = Files.createDirectory(directory().resolve("..one"));
            Policies.write(one, "policy.yaml", "metadata: {name: mounted}\n");
            Files.createSymbolicLink(directory().resolve("..data"), Path.of("..one"));
            Files.delete(directory().resolve("policy.yaml"));
            Files.createSymbolicLink(directory().resolve("policy.yaml"), Path.of("..data/policy.yaml"));
            expect(reloader, "mounted");
            Path two = Files.createDirectory(directory().resolve("..two"));
            Policies.write(two, "policy.yaml", "metadata: {name: swapped}\n");
            Files.createSymbolicLink(directory().resolve("..data_tmp"), Path.of("..two"));
            Files.move(
                    directory().resolve("..data_tmp"), directory().resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            expect(reloader, "swapped");
            // Written slowly: half of it is never in force.
            Path file = directory().resolve("..two/policy.yaml");
            String whole = Policies.HEAD + "metadata: {name: slow}\nrouts: []\n";
            Files.writeString(file, whole.substring(0, 60));
            Files.writeString(file, whole.replace("routs", "routes"));
            expect(reloader, "slow");
        }
        assertThat(watch.get()).isNotNull();
    }

    private static void expect(PolicyReloader reloader, String name) {
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(
                        () -> assertThat(reloader.active().current().name()).isEqualTo(name));
    }
}
