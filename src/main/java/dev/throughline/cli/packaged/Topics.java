package dev.throughline.cli.packaged;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The program's topics, read back: all whose name starts with {@code throughline.}, but quarantine. Reads by assignment, without
 * a group, so that the broker keeps nothing of it. Belongs to one thread.
 */
public final class Topics implements AutoCloseable {
    public static final String PREFIX = "throughline.";
    public static final String QUARANTINE = PREFIX + "quarantine";

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** One message: the values of two of its headers, empty where absent. */
    public interface Visitor {
        void message(String topic, String correlationId, String recordId);
    }

    public Topics(String bootstrap) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("default.api.timeout.ms", (int) CALL_TIMEOUT.toMillis());
        properties.put("request.timeout.ms", (int) CALL_TIMEOUT.toMillis());
        properties.put("enable.metrics.push", "false");
        admin = Admin.create(properties);
        properties.put("key.deserializer", ByteArrayDeserializer.class.getName());
        properties.put("value.deserializer", ByteArrayDeserializer.class.getName());
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        consumer = new KafkaConsumer<>(properties);
    }

    /**
     * Messages in all of them: the producer is not transactional, so every offset is a message.
     *
     * @throws KafkaException where the broker does not answer in time
     */
    public long messages() throws InterruptedException {
        List<TopicPartition> partitions = partitions();
        long begin = sum(consumer.beginningOffsets(partitions, CALL_TIMEOUT));
        return sum(consumer.endOffsets(partitions, CALL_TIMEOUT)) - begin;
    }

    /** Visits every message up to the ends of the moment. */
    public void readAll(Visitor visitor, Duration timeout) throws InterruptedException {
        List<TopicPartition> partitions = partitions();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, CALL_TIMEOUT);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        long deadline = System.nanoTime() + timeout.toNanos();
        Set<TopicPartition> left = new java.util.HashSet<>(partitions);
        left.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new KafkaException("the topics were not read within " + timeout.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                visitor.message(message.topic(), header(message, "correlation-id"), header(message, "record-id"));
            }
            left.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
        }
    }

    private List<TopicPartition> partitions() throws InterruptedException {
        Set<String> names = new TreeSet<>(await(admin.listTopics().names()));
        names.removeIf(name -> !name.startsWith(PREFIX) || name.equals(QUARANTINE));
        List<TopicPartition> partitions = new ArrayList<>();
        await(admin.describeTopics(names).allTopicNames())
                .forEach((name, topic) -> topic.partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(name, partition.partition()))));
        return partitions;
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the broker did not answer", e);
        }
    }

    private static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String header(ConsumerRecord<byte[], byte[]> message, String key) {
        Header header = message.headers().lastHeader(key);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
        admin.close(CALL_TIMEOUT);
    }
}
