package dev.throughline.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/** One producer from its making to its first failure. Thread-safe. */
final class KafkaSession {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicBoolean broken = new AtomicBoolean();
    private volatile KafkaTopics.Limits limits;

    KafkaSession(KafkaConfig config, String clientId, KafkaTopics.Limits limits) {
        preferNativeLz4();
        this.limits = limits;
        this.producer = new KafkaProducer<>(
                config.producer(clientId, limits.least()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** lz4-java takes its C code by itself only where the system's class loader has it, which is not so in a packaged Quarkus. */
    private static void preferNativeLz4() {
        try {
            LZ4Factory.nativeInstance();
        } catch (LinkageError | AssertionError e) {
            Logger.getLogger(KafkaSession.class)
                    .debugf("lz4 in Java: exception=%s", e.getClass().getName());
        }
    }

    KafkaTopics.Limits limits() {
        return limits;
    }

    void limits(KafkaTopics.Limits checked) {
        limits = checked;
    }

    boolean isBroken() {
        return broken.get();
    }

    void send(ProducerRecord<byte[], byte[]> message, Callback callback) {
        // The callback tells all.
        var _ = producer.send(message, callback);
    }

    /**
     * Ends the producer at once: nothing more is sent, all that is open fails. From a callback it takes effect before the sender
     * thread can send anything behind the failed record.
     */
    void breakOff() {
        if (broken.compareAndSet(false, true)) {
            producer.close(Duration.ZERO);
        }
    }
}
