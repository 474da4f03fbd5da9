package dev.throughline.delivery;

import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How Kafka is reached and what its topics are like.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param topics one for each stream that is forwarded
 * @param replicationFactor of topics that are created; -1 is the broker's default
 * @param properties further properties of the client, such as TLS and SASL; values are never shown
 */
public record KafkaConfig(
        String bootstrapServers,
        Map<Stream, Topic> topics,
        short replicationFactor,
        Batching batching,
        Timeouts timeouts,
        Map<String, String> properties) {

    /** What the write contract rests on is not for others to set. */
    private static final Set<String> RESERVED = Set.of(
            "acks",
            "bootstrap.servers",
            "enable.idempotence",
            "key.serializer",
            "value.serializer",
            "transactional.id",
            "max.in.flight.requests.per.connection",
            "retries",
            "interceptor.classes",
            "partitioner.class",
            "partitioner.ignore.keys",
            "request.timeout.ms",
            "delivery.timeout.ms",
            "max.request.size",
            "max.block.ms");

    /**
     * A stream's topic.
     *
     * @param retention of its messages; a negative one is without end
     */
    public record Topic(String name, int partitions, Duration retention) {
        long retentionMillis() {
            return retention.isNegative() ? -1 : retention.toMillis();
        }
    }

    /**
     * How messages travel together.
     *
     * @param compression {@code lz4}, {@code zstd}, {@code gzip}, {@code snappy} or {@code none}
     * @param lingerMillis how long a message waits for company
     * @param batchBytes of one producer batch, after compression; less where a topic allows less
     * @param bufferBytesMax of all messages in the producer
     * @param requestBytesMax of one request, and so of one message before compression
     */
    public record Batching(
            String compression, int lingerMillis, int batchBytes, long bufferBytesMax, int requestBytesMax) {
        public static final Batching DEFAULT = new Batching("lz4", 5, 256 << 10, 16 << 20, 1 << 20);
    }

    /**
     * How long things may take.
     *
     * @param request until an unanswered request counts as lost
     * @param delivery until an unacknowledged message ends the attempt; more than the request's
     * @param block how long a send may wait for metadata or buffer
     * @param topicsCheckInterval between checks of the topics while all is well
     */
    public record Timeouts(Duration request, Duration delivery, Duration block, Duration topicsCheckInterval) {
        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofMinutes(5));
    }

    public KafkaConfig {
        topics = Map.copyOf(topics);
        properties = Map.copyOf(properties);
        for (String key : properties.keySet()) {
            if (RESERVED.contains(key)) {
                throw new IllegalArgumentException("kafka property " + key + " cannot be set");
            }
        }
        if (timeouts.delivery.compareTo(timeouts.request.plusMillis(batching.lingerMillis)) < 0) {
            throw new IllegalArgumentException("kafka delivery timeout is less than request timeout and linger");
        }
    }

    /** Everything by default, {@code prefix} being the topics' first word. */
    public static KafkaConfig of(String bootstrapServers, String prefix) {
        Map<Stream, Topic> topics = new EnumMap<>(Stream.class);
        for (int i = 0; i < Stream.count(); i++) {
            Stream stream = Stream.ofOrdinal(i);
            topics.put(stream, new Topic(prefix + "." + stream.label(), 6, retention(stream)));
        }
        return new KafkaConfig(bootstrapServers, topics, (short) -1, Batching.DEFAULT, Timeouts.DEFAULT, Map.of());
    }

    private static Duration retention(Stream stream) {
        return switch (stream) {
            case OPERATIONAL_LOGS, OPERATIONAL_SPANS, OPERATIONAL_METRICS -> Duration.ofDays(7);
            case QUARANTINE -> Duration.ofDays(30);
            case AUDIT -> Duration.ofDays(365);
        };
    }

    public KafkaConfig withTopic(Stream stream, Topic topic) {
        Map<Stream, Topic> changed = new EnumMap<>(Stream.class);
        changed.putAll(topics);
        changed.put(stream, topic);
        return new KafkaConfig(bootstrapServers, changed, replicationFactor, batching, timeouts, properties);
    }

    public KafkaConfig withBatching(Batching other) {
        return new KafkaConfig(bootstrapServers, topics, replicationFactor, other, timeouts, properties);
    }

    public KafkaConfig withTimeouts(Timeouts other) {
        return new KafkaConfig(bootstrapServers, topics, replicationFactor, batching, other, properties);
    }

    public KafkaConfig withProperties(Map<String, String> other) {
        return new KafkaConfig(bootstrapServers, topics, replicationFactor, batching, timeouts, other);
    }

    /** What producer and admin client have in common. */
    Map<String, Object> client(String clientId) {
        Map<String, Object> client = new HashMap<>(properties);
        client.put("bootstrap.servers", bootstrapServers);
        client.put("client.id", clientId);
        client.put("metric.reporters", "");
        client.put("enable.metrics.push", "false");
        client.putIfAbsent("request.timeout.ms", (int) timeouts.request.toMillis());
        client.putIfAbsent("reconnect.backoff.ms", 50);
        client.putIfAbsent("reconnect.backoff.max.ms", 1_000);
        client.putIfAbsent("socket.connection.setup.timeout.ms", timeouts.block.toMillis());
        client.putIfAbsent("socket.connection.setup.timeout.max.ms", timeouts.request.toMillis());
        return client;
    }

    /** The producer's properties. */
    Map<String, Object> producer(String clientId, long messageBytesMax) {
        Map<String, Object> producer = client(clientId);
        producer.put("acks", "all");
        producer.put("enable.idempotence", true);
        producer.put("max.in.flight.requests.per.connection", 1);
        producer.putIfAbsent("compression.type", batching.compression);
        producer.putIfAbsent("linger.ms", batching.lingerMillis);
        producer.putIfAbsent("batch.size", (int) Math.min(batching.batchBytes, messageBytesMax));
        producer.putIfAbsent("buffer.memory", batching.bufferBytesMax);
        producer.putIfAbsent("max.request.size", batching.requestBytesMax);
        producer.putIfAbsent("delivery.timeout.ms", (int) timeouts.delivery.toMillis());
        producer.putIfAbsent("max.block.ms", timeouts.block.toMillis());
        producer.putIfAbsent("retry.backoff.ms", 50);
        return producer;
    }

    /** Names only: a property may be a secret. */
    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + ", " + topics.size() + " topics, properties "
                + new TreeSet<>(properties.keySet()) + "]";
    }
}
