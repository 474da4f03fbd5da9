package dev.throughline.delivery;

import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Gives the session that all lanes share; makes a new one, topics checked, when the last one broke. Thread-safe. */
final class KafkaSessions {
    /** For so long after a failure nobody tries again. */
    private static final Duration GATE = Duration.ofMillis(250);

    private final KafkaConfig config;
    private final KafkaTopics topics;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable KafkaSession current;
    private volatile long nextCheckNanos;
    private volatile boolean closed;
    private long gateUntilNanos = System.nanoTime();
    private String gateCode = KafkaFailures.UNREACHABLE;
    private int made;

    KafkaSessions(KafkaConfig config, DeliveryListener listener) {
        this.config = config;
        this.topics = new KafkaTopics(config, listener);
    }

    sealed interface Opened {
        record Open(KafkaSession session) implements Opened {}

        record Away(Duration atLeast, String code) implements Opened {}
    }

    /** Blocks for at most a few request timeouts. */
    Opened open() throws InterruptedException {
        KafkaSession session = current;
        if (session != null && !session.isBroken() && System.nanoTime() - nextCheckNanos < 0) {
            return new Opened.Open(session);
        }
        lock.lockInterruptibly();
        try {
            return openLocked();
        } finally {
            lock.unlock();
        }
    }

    private Opened openLocked() throws InterruptedException {
        KafkaSession session = current;
        boolean sound = session != null && !session.isBroken();
        if (sound && session != null && System.nanoTime() - nextCheckNanos < 0) {
            return new Opened.Open(session);
        }
        long closedFor = gateUntilNanos - System.nanoTime();
        if (closed) {
            return new Opened.Away(Duration.ZERO, "exporter_closed");
        }
        if (closedFor > 0) {
            return new Opened.Away(Duration.ofNanos(closedFor), gateCode);
        }
        try {
            made++;
            KafkaTopics.Limits limits = topics.check("throughline-topics-" + made);
            if (session == null || !sound) {
                session = new KafkaSession(config, "throughline-" + made, limits);
                current = session;
            }
            session.limits(limits);
            nextCheckNanos =
                    System.nanoTime() + config.timeouts().topicsCheckInterval().toNanos();
            if (closed) {
                session.breakOff();
            }
            return new Opened.Open(session);
        } catch (ExecutionException e) {
            return away(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            return away(e);
        }
    }

    private Opened away(Throwable failure) {
        gateCode = closed ? "exporter_closed" : KafkaFailures.code(failure);
        gateUntilNanos = System.nanoTime() + GATE.toNanos();
        return new Opened.Away(Duration.ZERO, gateCode);
    }

    /** The topic that a stream goes to now; null where it goes nowhere. */
    KafkaConfig.@Nullable Topic topicOf(Stream stream) {
        return topics.of(stream);
    }

    /** Other topics, which are created or compared before anything is sent to them. */
    void want(Map<Stream, KafkaConfig.Topic> other) {
        lock.lock();
        try {
            topics.want(other);
            doubt();
        } finally {
            lock.unlock();
        }
    }

    /** Has the topics checked before the session is given again: one of them may be gone or changed. */
    void doubt() {
        nextCheckNanos = System.nanoTime();
    }

    void close() {
        closed = true;
        topics.giveUp();
        KafkaSession session = current;
        if (session != null) {
            session.breakOff();
        }
    }
}
