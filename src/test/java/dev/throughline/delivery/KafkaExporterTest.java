package dev.throughline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** Topics, messages and refusals against a real broker. */
class KafkaExporterTest {
    private static final String CORRELATION = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final String prefix = SharedBroker.freshPrefix();
    private final List<String> differences = new ArrayList<>();
    private final DeliveryListener listener = new DeliveryListener() {
        @Override
        public void topicDiffers(String topic, String property) {
            differences.add(topic + " " + property);
        }
    };

    private KafkaConfig config() {
        return KafkaConfig.of(SharedBroker.get().bootstrapServers(), prefix)
                .withTimeouts(new KafkaConfig.Timeouts(
                        Duration.ofSeconds(10), Duration.ofSeconds(12), Duration.ofSeconds(3), Duration.ofMinutes(5)));
    }

    private KafkaExporter exporter(KafkaConfig config) {
        return new KafkaExporter(config, PayloadEncoder.DOCUMENT, listener);
    }

    private String topic(Stream stream) {
        return prefix + "." + stream.label();
    }

    /** What a dispatcher does: again while it is to be retried. */
    private static ExportResult deliver(Exporter exporter, RecordBatch batch) {
        ExportResult result = exporter.export(batch);
        for (int i = 0; i < 100 && result instanceof ExportResult.RetryAfter; i++) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            result = exporter.export(batch);
        }
        return result;
    }

    private KafkaConfig impatient() {
        return config().withTimeouts(new KafkaConfig.Timeouts(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(5)));
    }

    private static Config describe(Admin admin, String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }

    private static RecordBatch one(Stream stream) {
        return new Frames().log(CORRELATION, 1).batch(stream);
    }

    /** Key, headers and value as readers rely on them. */
    @Test
    void messagesAreAsInTheGolden() throws IOException {
        KafkaConfig config = config();
        PayloadEncoder marking = frame -> frame.signal() == Signal.SPAN
                ? ("protobuf of " + frame.text(dev.throughline.telemetry.Field.EVENT_NAME))
                        .getBytes(StandardCharsets.UTF_8)
                : frame.payload();
        try (KafkaExporter exporter = new KafkaExporter(config, marking, listener)) {
            String ids = "\"tenant_id\":\"acme_eu_01\",\"connector\":\"crm_to_erp.order_sync\"";
            String trace = "\"trace_id\":\"%s\",\"span_id\":\"00f067aa0ba902b7\"".formatted(TRACE);
            Frames logs = new Frames();
            logs.add(Signal.LOG, "{%s,\"correlation_id\":\"%s\",%s}".formatted(ids, CORRELATION, trace), 0xABC);
            logs.add(Signal.LOG, "{%s,\"correlation_id\":\"%s\"}".formatted(ids, CORRELATION), 0xABD);
            logs.add(Signal.LOG, "{\"tenant_id\":42,\"connector\":\"\\u0063rm\",\"trace_id\":\"x\"}", 0xABE);
            Frames spans = new Frames();
            spans.add(Signal.SPAN, "{%s,%s,\"event_name\":\"db.commit\"}".formatted(ids, trace), 0xAC0);
            spans.add(
                    Signal.SPAN,
                    "{%s,%s,\"correlation_id\":\"%s\",\"event_name\":\"queue.publish\"}"
                            .formatted(ids, trace, CORRELATION),
                    0xAC1);
            Frames metrics = new Frames().add(Signal.METRIC, "{%s,\"metric\":{}}".formatted(ids), 0xAC2);
            Frames entries = new Frames().add(Signal.QUARANTINE_ENTRY, "{\"code\":\"missing_field\"}", 0xAC3);

            StringJoiner seen = new StringJoiner("\n", "", "\n");
            Map.of(0, logs, 1, spans, 2, metrics, 4, entries).entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> {
                        Stream stream = Stream.ofOrdinal(entry.getKey());
                        assertThat(exporter.export(entry.getValue().batch(stream)))
                                .isInstanceOf(ExportResult.Delivered.class);
                        SharedBroker.get().readAll(topic(stream)).stream()
                                .map(message -> stream.label() + " " + text(message))
                                .sorted()
                                .forEach(seen::add);
                    });

            assertThat(seen.toString()).isEqualTo(resource("kafka-messages.golden"));
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> message) {
        StringJoiner text = new StringJoiner(" | ");
        text.add("key " + (message.key() == null ? "none" : new String(message.key(), StandardCharsets.UTF_8)));
        text.add("time " + message.timestamp());
        for (Header header : message.headers()) {
            text.add(header.key() + ": " + new String(header.value(), StandardCharsets.UTF_8));
        }
        return text.add(new String(message.value(), StandardCharsets.UTF_8)).toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(KafkaExporterTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void topicsAreCreatedWithPartitionsAndRetention() throws ExecutionException, InterruptedException {
        KafkaConfig config = config().withTopic(
                        Stream.AUDIT, new KafkaConfig.Topic(topic(Stream.AUDIT), 3, Duration.ofDays(400)))
                .withTopic(
                        Stream.OPERATIONAL_LOGS,
                        new KafkaConfig.Topic(topic(Stream.OPERATIONAL_LOGS), 2, Duration.ofSeconds(-1)));
        try (KafkaExporter exporter = exporter(config);
                Admin admin = SharedBroker.get().admin()) {
            assertThat(exporter.export(one(Stream.AUDIT))).isEqualTo(new ExportResult.Delivered(1, 0));

            List<String> names = config.topics().values().stream()
                    .map(KafkaConfig.Topic::name)
                    .toList();
            var topics = admin.describeTopics(names).allTopicNames().get();
            assertThat(topics.get(topic(Stream.AUDIT)).partitions()).hasSize(3);
            assertThat(topics.get(topic(Stream.OPERATIONAL_LOGS)).partitions()).hasSize(2);
            assertThat(topics).hasSize(5);
            assertThat(describe(admin, topic(Stream.AUDIT)).get("retention.ms").value())
                    .isEqualTo(Long.toString(Duration.ofDays(400).toMillis()));
            assertThat(describe(admin, topic(Stream.OPERATIONAL_LOGS))
                            .get("retention.ms")
                            .value())
                    .isEqualTo("-1");
            assertThat(differences).isEmpty();
        }
    }

    @Test
    void aTopicThatIsOtherwiseIsNamedAndUsedAsItIs() throws ExecutionException, InterruptedException {
        String topic = topic(Stream.AUDIT);
        try (KafkaExporter exporter = exporter(config());
                Admin admin = SharedBroker.get().admin()) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())
                            .configs(Map.of("retention.ms", "3600000"))))
                    .all()
                    .get();

            assertThat(deliver(exporter, one(Stream.AUDIT))).isEqualTo(new ExportResult.Delivered(1, 0));

            assertThat(differences).containsExactlyInAnyOrder(topic + " partitions", topic + " retention.ms");
            assertThat(describe(admin, topic).get("retention.ms").value()).isEqualTo("3600000");
            assertThat(SharedBroker.get().readAll(topic)).hasSize(1);
        }
    }

    /** Incompressible text of a length. */
    private static String noise(int length) {
        byte[] bytes = new byte[length / 2];
        new java.util.Random(length).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static Frames sized(Frames frames, int messageBytes, long id) {
        return frames.add(
                Signal.LOG,
                "{\"correlation_id\":\"%s\",\"message\":\"%s\"}".formatted(CORRELATION, noise(messageBytes)),
                id);
    }

    @Test
    void theTopicsOwnLimitDecidesBeforeTheSend() throws ExecutionException, InterruptedException {
        String topic = topic(Stream.OPERATIONAL_LOGS);
        try (KafkaExporter exporter = exporter(config());
                Admin admin = SharedBroker.get().admin()) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(6), Optional.empty())
                            .configs(Map.of("max.message.bytes", "20000"))))
                    .all()
                    .get();
            Frames frames = new Frames();
            for (int i = 0; i < 40; i++) {
                sized(frames, i % 10 == 3 ? 30_000 : 10_000, i);
            }

            ExportResult result = deliver(exporter, frames.batch(Stream.OPERATIONAL_LOGS));

            assertThat(result)
                    .isEqualTo(new ExportResult.DeliveredExcept(List.of(
                            new PermanentFailure(3, "record_too_large"),
                            new PermanentFailure(13, "record_too_large"),
                            new PermanentFailure(23, "record_too_large"),
                            new PermanentFailure(33, "record_too_large"))));
            assertThat(SharedBroker.get().readAll(topic)).hasSize(36);
        }
    }

    @Test
    void aLimitThatWasLoweredLaterRefusesTheRecordAlone() throws ExecutionException, InterruptedException {
        String topic = topic(Stream.OPERATIONAL_LOGS);
        try (KafkaExporter exporter = exporter(impatient());
                Admin admin = SharedBroker.get().admin()) {
            exporter.export(one(Stream.OPERATIONAL_LOGS));
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            admin.incrementalAlterConfigs(Map.of(
                            resource,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", "20000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            // The broker applies it in its own time.
            ExportResult result;
            int delivered = 1;
            do {
                Frames frames = new Frames();
                sized(frames, 5_000, 1);
                sized(frames, 50_000, 2);
                sized(frames, 5_000, 3);
                result = deliver(exporter, frames.batch(Stream.OPERATIONAL_LOGS));
                delivered += result instanceof ExportResult.Delivered ? 3 : 2;
            } while (result instanceof ExportResult.Delivered);

            assertThat(result)
                    .isEqualTo(new ExportResult.DeliveredExcept(List.of(new PermanentFailure(1, "record_too_large"))));
            assertThat(SharedBroker.get().readAll(topic)).hasSize(delivered);
        }
    }

    @Test
    void aQuarantineEntryThatIsTooLargeGoesWithoutItsRecord() {
        try (KafkaExporter exporter = exporter(config())) {
            String entry =
                    "{\"code\":\"record_too_large\",\"violations\":[{\"pointer\":\"/a\"}],\"record\":{\"message\":\"%s\"},"
                                    .formatted("x".repeat(2 << 20))
                            + "\"tenant_id\":\"ac\\\"me\"}";
            Frames frames = new Frames().add(Signal.QUARANTINE_ENTRY, entry, 1);

            assertThat(exporter.export(frames.batch(Stream.QUARANTINE))).isEqualTo(new ExportResult.Delivered(1, 0));

            assertThat(SharedBroker.get().readAll(topic(Stream.QUARANTINE)))
                    .extracting(message -> new String(message.value(), StandardCharsets.UTF_8))
                    .containsExactly("{\"code\":\"record_too_large\",\"violations\":[{\"pointer\":\"/a\"}],"
                            + "\"tenant_id\":\"ac\\\"me\",\"record_omitted\":true}");
        }
    }

    @Test
    void aRecordThatCannotBeEncodedIsRefusedAlone() {
        PayloadEncoder failing = frame -> {
            if (frame.idLow() == 2) {
                throw new IllegalStateException("never shown");
            }
            return frame.payload();
        };
        try (KafkaExporter exporter = new KafkaExporter(config(), failing, listener)) {
            RecordBatch batch = new Frames().log("a", 1).log("a", 2).log("a", 3).batch(Stream.AUDIT);

            assertThat(exporter.export(batch))
                    .isEqualTo(new ExportResult.DeliveredExcept(List.of(new PermanentFailure(1, "encoding_failed"))));
        }
    }

    private static Map<String, String> login(String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(KafkaBroker.USER, password));
    }

    @Test
    void aWrongPasswordIsARetryAndTheRightOneDelivers() {
        KafkaConfig sasl = KafkaConfig.of(SharedBroker.get().saslBootstrapServers(), prefix);
        try (KafkaExporter wrong = exporter(sasl.withProperties(login("guess")));
                KafkaExporter right = exporter(sasl.withProperties(login(KafkaBroker.PASSWORD)))) {
            assertThat(wrong.export(one(Stream.AUDIT)))
                    .isEqualTo(new ExportResult.RetryAfter(Duration.ZERO, "kafka_authentication_failed"));
            assertThat(right.export(one(Stream.AUDIT))).isEqualTo(new ExportResult.Delivered(1, 0));
        }
    }

    @Test
    void aTopicThatWasDeletedIsCreatedAgain() throws ExecutionException, InterruptedException {
        String topic = topic(Stream.AUDIT);
        try (KafkaExporter exporter = exporter(impatient());
                Admin admin = SharedBroker.get().admin()) {
            exporter.export(one(Stream.AUDIT));
            admin.deleteTopics(List.of(topic)).all().get();
            await().until(() -> !admin.listTopics().names().get().contains(topic));

            assertThat(deliver(exporter, one(Stream.AUDIT))).isEqualTo(new ExportResult.Delivered(1, 0));

            assertThat(SharedBroker.get().readAll(topic)).hasSize(1);
        }
    }

    @Test
    void noSecretIsShownAndNoPromiseCanBeConfiguredAway() {
        KafkaConfig sasl = config().withProperties(login("s3cret"));

        assertThat(sasl.toString()).doesNotContain("s3cret").contains("sasl.jaas.config");
        assertThatThrownBy(() -> config().withProperties(Map.of("acks", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kafka property acks cannot be set");
    }

    @Test
    void aViewMovedOnDoesNotChangeWhatWasSent() {
        try (KafkaExporter exporter = exporter(config())) {
            Frames frames = new Frames();
            for (int i = 0; i < 3_000; i++) {
                frames.log("corr_%05d".formatted(i % 700), i);
            }
            exporter.export(frames.batch(Stream.OPERATIONAL_LOGS));

            List<ConsumerRecord<byte[], byte[]>> messages = SharedBroker.get().readAll(topic(Stream.OPERATIONAL_LOGS));

            assertThat(messages).hasSize(3_000).allSatisfy(message -> {
                String value = new String(message.value(), StandardCharsets.UTF_8);
                String id = value.replaceAll(".*\"n\":(\\d+).*", "$1");
                String correlation = "corr_%05d".formatted(Long.parseLong(id) % 700);
                assertThat(text(message))
                        .startsWith("key acme:" + correlation + " | time " + Frames.RECEIVED_MILLIS)
                        .contains("| correlation-id: " + correlation + " |")
                        .contains("| record-id: " + HexFormat.of().toHexDigits(~Long.parseLong(id))
                                + HexFormat.of().toHexDigits(Long.parseLong(id)) + " |");
            });
        }
    }
}
