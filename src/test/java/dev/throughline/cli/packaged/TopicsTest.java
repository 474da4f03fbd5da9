package dev.throughline.cli.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsTest {
    @TempDir
    Path directory;

    @Test
    void messagesOfTheProgramsTopicsAreCountedAndReadWithTheirHeaders() throws Exception {
        try (BrokerProcess broker =
                        BrokerProcess.start(System.getProperty("java.class.path"), directory, Cores.unpinned(), 0);
                Topics topics = new Topics(broker.bootstrap())) {
            assertThat(topics.messages()).isZero();
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrap()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                for (int i = 0; i < 300; i++) {
                    producer.send(message(i % 3 == 0 ? "throughline.audit" : "throughline.operational.logs", i));
                }
                producer.send(message(Topics.QUARANTINE, 0));
                producer.send(message("of.somebody.else", 0));
            }
            assertThat(topics.messages()).isEqualTo(300);
            List<String> seen = new ArrayList<>();
            topics.readAll(
                    (topic, correlation, record) -> seen.add(correlation + "/" + record), Duration.ofSeconds(60));
            assertThat(seen).hasSize(300).doesNotHaveDuplicates().contains("corr-0/rec-0", "corr-299/rec-299");
        }
    }

    @Test
    void aBrokerWithoutItsJarsSaysWhereToLook() {
        assertThatThrownBy(() -> BrokerProcess.start("/nowhere", directory, Cores.unpinned(), 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broker.log");
    }

    private static ProducerRecord<byte[], byte[]> message(String topic, int i) {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, new byte[] {1});
        message.headers().add("correlation-id", ("corr-" + i).getBytes(StandardCharsets.UTF_8));
        message.headers().add("record-id", ("rec-" + i).getBytes(StandardCharsets.UTF_8));
        return message;
    }
}
