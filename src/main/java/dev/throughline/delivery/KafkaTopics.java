package dev.throughline.delivery;

import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Creates the topics that are missing and compares the others with what is configured; never changes one. Where this
 * identity may not ask, the topics are used unseen; it should be allowed {@code DescribeConfigs}, since a producer that does not
 * know a topic's {@code max.message.bytes} splits a batch over it for ever (kafka-clients 4.1.1, {@code splitAndReenqueue}).
 */
final class KafkaTopics {
    private static final Logger LOG = Logger.getLogger(KafkaTopics.class);

    private final KafkaConfig config;
    private final DeliveryListener listener;
    private volatile @Nullable Admin current;
    private volatile Map<Stream, KafkaConfig.Topic> topics;

    KafkaTopics(KafkaConfig config, DeliveryListener listener) {
        this.config = config;
        this.listener = listener;
        this.topics = config.topics();
    }

    /** What is wanted from now on; the next check looks at these. */
    void want(Map<Stream, KafkaConfig.Topic> other) {
        topics = Map.copyOf(other);
    }

    /** The topic that a stream goes to now; null where it goes nowhere. */
    KafkaConfig.@Nullable Topic of(Stream stream) {
        return topics.get(stream);
    }

    /** What the broker allows, by stream ordinal. */
    record Limits(long[] messageBytesMax) {
        long of(Stream stream) {
            return messageBytesMax[stream.ordinal()];
        }

        long least() {
            long least = Long.MAX_VALUE;
            for (long bytes : messageBytesMax) {
                least = Math.min(least, bytes);
            }
            return least;
        }
    }

    /**
     * Blocks for at most a few request timeouts.
     *
     * @throws ExecutionException with Kafka's own as the cause
     */
    Limits check(String clientId) throws ExecutionException, InterruptedException {
        Map<String, Object> properties = config.client(clientId);
        properties.put(
                "default.api.timeout.ms", (int) config.timeouts().request().toMillis());
        Admin admin = Admin.create(properties);
        current = admin;
        try {
            Map<Stream, KafkaConfig.Topic> wanted = topics;
            Map<String, KafkaFuture<Config>> configs = new HashMap<>();
            List<KafkaConfig.Topic> known = create(admin, wanted.values(), configs);
            comparePartitions(admin, known);
            describeConfigs(admin, known, configs);
            return compareConfigs(wanted, configs);
        } finally {
            current = null;
            admin.close(Duration.ZERO);
        }
    }

    /** Ends a check that is under way; from any thread. */
    void giveUp() {
        Admin admin = current;
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    /** Returns those that were there before, and puts the configuration of the others, which no other request would find yet. */
    private List<KafkaConfig.Topic> create(
            Admin admin, Collection<KafkaConfig.Topic> topics, Map<String, KafkaFuture<Config>> configs)
            throws ExecutionException, InterruptedException {
        List<KafkaConfig.Topic> known = new ArrayList<>();
        CreateTopicsResult result =
                admin.createTopics(topics.stream().map(this::wanted).toList());
        for (KafkaConfig.Topic topic : topics) {
            try {
                Objects.requireNonNull(result.values().get(topic.name())).get();
                configs.put(topic.name(), result.config(topic.name()));
                LOG.infof("created topic %s", topic.name());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    known.add(topic);
                } else {
                    throwUnlessDenied(e);
                }
            }
        }
        return known;
    }

    private NewTopic wanted(KafkaConfig.Topic topic) {
        short replicas = config.replicationFactor();
        return new NewTopic(
                        topic.name(),
                        Optional.of(topic.partitions()),
                        replicas < 0 ? Optional.empty() : Optional.of(replicas))
                .configs(Map.of("retention.ms", Long.toString(topic.retentionMillis()), "cleanup.policy", "delete"));
    }

    private void comparePartitions(Admin admin, List<KafkaConfig.Topic> topics)
            throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> descriptions = admin.describeTopics(
                        topics.stream().map(KafkaConfig.Topic::name).toList())
                .topicNameValues();
        for (KafkaConfig.Topic topic : topics) {
            try {
                int partitions = Objects.requireNonNull(descriptions.get(topic.name()))
                        .get()
                        .partitions()
                        .size();
                if (partitions != topic.partitions()) {
                    differs(topic.name(), "partitions");
                }
            } catch (ExecutionException e) {
                throwUnlessDenied(e);
            }
        }
    }

    private static void describeConfigs(
            Admin admin, List<KafkaConfig.Topic> topics, Map<String, KafkaFuture<Config>> configs) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                .toList();
        admin.describeConfigs(resources).values().forEach((resource, found) -> configs.put(resource.name(), found));
    }

    private Limits compareConfigs(Map<Stream, KafkaConfig.Topic> wanted, Map<String, KafkaFuture<Config>> configs)
            throws ExecutionException, InterruptedException {
        long[] limits = new long[Stream.count()];
        Arrays.fill(limits, config.batching().requestBytesMax());
        for (Map.Entry<Stream, KafkaConfig.Topic> entry : wanted.entrySet()) {
            KafkaConfig.Topic topic = entry.getValue();
            KafkaFuture<Config> described = configs.get(topic.name());
            if (described == null) {
                continue;
            }
            try {
                Config found = described.get();
                if (value(found, "retention.ms", topic.retentionMillis()) != topic.retentionMillis()) {
                    differs(topic.name(), "retention.ms");
                }
                int ordinal = entry.getKey().ordinal();
                limits[ordinal] = Math.min(limits[ordinal], value(found, "max.message.bytes", limits[ordinal]));
            } catch (ExecutionException e) {
                throwUnlessDenied(e);
                differs(topic.name(), "unreadable");
            }
        }
        return new Limits(limits);
    }

    private static long value(Config found, String name, long otherwise) {
        ConfigEntry entry = found.get(name);
        return entry == null || entry.value() == null ? otherwise : Long.parseLong(entry.value());
    }

    private static void throwUnlessDenied(ExecutionException e) throws ExecutionException {
        if (!(e.getCause() instanceof AuthorizationException)) {
            throw e;
        }
    }

    private void differs(String topic, String property) {
        LOG.warnf("topic %s is not as configured: %s; it is used as it is", topic, property);
        listener.topicDiffers(topic, property);
    }
}
