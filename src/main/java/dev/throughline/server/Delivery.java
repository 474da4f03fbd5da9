package dev.throughline.server;

import dev.throughline.delivery.DeliveryListener;
import dev.throughline.delivery.Dispatcher;
import dev.throughline.delivery.DispatcherConfig;
import dev.throughline.delivery.Exporter;
import dev.throughline.delivery.KafkaConfig;
import dev.throughline.delivery.KafkaExporter;
import dev.throughline.delivery.SpoolSource;
import dev.throughline.delivery.StoreExporter;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.policy.Policy;
import dev.throughline.policy.StreamSettings;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolReader;
import dev.throughline.storage.RecordStore;
import dev.throughline.telemetry.Stream;
import io.opentelemetry.api.trace.Tracer;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The exporters that are on, each with a lane a stream. */
@Singleton
public final class Delivery {
    private final ServerConfig config;
    private final Spool spool;
    private final RecordStore store;
    private final ActivePolicy policy;
    private final SpooledQuarantine quarantine;
    private final DeliveryListener listener;
    private final Tracer tracer;
    private final List<SpoolReader> readers = new ArrayList<>();
    private @Nullable Dispatcher dispatcher;
    private volatile @Nullable KafkaExporter kafka;

    Delivery(
            ServerConfig config,
            Spool spool,
            RecordStore store,
            ActivePolicy policy,
            SpooledQuarantine quarantine,
            DeliveryMeters listener,
            Tracer tracer) {
        this.config = config;
        this.spool = spool;
        this.store = store;
        this.policy = policy;
        this.quarantine = quarantine;
        this.listener = listener;
        this.tracer = tracer;
    }

    /** Opens a lane for each exporter and stream. An exporter that is off no longer holds segments. */
    void start() {
        Dispatcher lanes = new Dispatcher(dispatcherConfig(), quarantine, listener, new SecureRandom().nextLong());
        dispatcher = lanes;
        List<Runnable> starts = new ArrayList<>();
        if (config.store() == ServerConfig.StoreKind.EMBEDDED) {
            open(lanes, new StoreExporter(store), starts);
        } else {
            spool.retire(StoreExporter.NAME);
        }
        if (config.kafka().bootstrapServers().isPresent()) {
            KafkaExporter exporter =
                    new KafkaExporter(kafka(config.kafka().bootstrapServers().get()), new WireForm(), listener);
            kafka = exporter;
            open(lanes, exporter, starts);
        } else {
            spool.retire(KafkaExporter.NAME);
        }
        starts.forEach(
                Runnable::run); // Only now: a cursor that is made anew holds what is kept before another moves on.
    }

    private void open(Dispatcher lanes, Exporter destination, List<Runnable> starts) {
        Exporter exporter = new TracedExporter(destination, tracer);
        for (Stream stream : Stream.values()) {
            SpoolReader reader = spool.reader(exporter.name(), stream);
            readers.add(reader);
            starts.add(() -> lanes.start(exporter, new SpoolSource(reader)));
        }
    }

    private DispatcherConfig dispatcherConfig() {
        DispatcherConfig standard = DispatcherConfig.DEFAULT;
        return new DispatcherConfig(
                standard.batchBytesMax(),
                standard.batchRecordsMax(),
                standard.exportTarget(),
                standard.backoffMin(),
                standard.backoffMax(),
                standard.idleWait(),
                Duration.ofMillis(config.drainTimeoutMs()));
    }

    /** Another policy is in force: its topics are used from the next batches on. */
    void follow(Policy other) {
        KafkaExporter exporter = kafka;
        if (exporter != null) {
            exporter.topics(topics(other));
        }
    }

    private static Map<Stream, KafkaConfig.Topic> topics(Policy policy) {
        Map<Stream, KafkaConfig.Topic> topics = new EnumMap<>(Stream.class);
        for (Stream stream : Stream.values()) {
            StreamSettings settings = policy.settings(stream);
            topics.put(stream, new KafkaConfig.Topic(settings.topic(), settings.partitions(), settings.retention()));
        }
        return topics;
    }

    private KafkaConfig kafka(String bootstrapServers) {
        return new KafkaConfig(
                bootstrapServers,
                topics(policy.current()),
                config.kafka().replicationFactor(),
                KafkaConfig.Batching.DEFAULT,
                KafkaConfig.Timeouts.DEFAULT,
                config.kafka().properties());
    }

    /** How the lanes are doing; empty before the start. */
    List<Dispatcher.LaneState> states() {
        Dispatcher lanes = dispatcher;
        return lanes == null ? List.of() : lanes.states();
    }

    /** The lanes' threads; empty before the start. */
    List<Thread> threads() {
        Dispatcher lanes = dispatcher;
        return lanes == null ? List.of() : lanes.threads();
    }

    /** Delivers what is spooled within the drain time-out; whether all of it went. */
    boolean drain() {
        Dispatcher lanes = dispatcher;
        boolean all = lanes == null || lanes.drain();
        readers.forEach(SpoolReader::close);
        return all;
    }
}
