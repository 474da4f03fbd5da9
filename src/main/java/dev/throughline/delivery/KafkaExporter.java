package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.jspecify.annotations.Nullable;

/**
 * Exports to Kafka with one plain producer, acks=all and idempotent; see the package for topics, keys, headers and order. Neither
 * making one nor closing it waits for a broker.
 *
 * <p>A record is too large when it is over the least of the topic's {@code max.message.bytes} and {@code requestBytesMax} <i>before</i>
 * compression, so that its fate does not hang on its neighbours; a quarantine entry over it goes without its record instead. A
 * call ends within {@code delivery} + {@code request} timeouts and the time of a topics check.
 */
public final class KafkaExporter implements Exporter {
    public static final String NAME = "kafka";

    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final KafkaConfig config;
    private final PayloadEncoder encoder;
    private final KafkaSessions sessions;
    private final Lane[] lanes = new Lane[Stream.count()];

    public KafkaExporter(KafkaConfig config, PayloadEncoder encoder, DeliveryListener listener) {
        this.config = config;
        this.encoder = encoder;
        this.sessions = new KafkaSessions(config, listener);
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(Stream.ofOrdinal(i));
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExportResult export(RecordBatch batch) {
        try {
            return switch (sessions.open()) {
                case KafkaSessions.Opened.Open open -> lanes[batch.stream().ordinal()].ship(batch, open.session());
                case KafkaSessions.Opened.Away away -> new ExportResult.RetryAfter(away.atLeast(), away.code());
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new ExportResult.RetryAfter(Duration.ZERO, "interrupted");
        }
    }

    /** Sends each stream to another topic from its next batch on; it is created, or compared, before. From any thread. */
    public void topics(Map<Stream, KafkaConfig.Topic> topics) {
        sessions.want(topics);
    }

    @Override
    public void close() {
        sessions.close();
    }

    /** What one stream's thread has for itself. */
    private final class Lane {
        private final RecordFrame frame = new RecordFrame();
        private final Stream stream;
        private @Nullable KafkaMessage message;
        private String topic = "";
        private KafkaShipment shipment = new KafkaShipment();

        Lane(Stream stream) {
            this.stream = stream;
        }

        private void aim() {
            KafkaConfig.Topic now = sessions.topicOf(stream);
            String name = now == null ? "" : now.name();
            if (!name.equals(topic)) {
                topic = name;
                message = name.isEmpty() ? null : new KafkaMessage(name);
            }
        }

        ExportResult ship(RecordBatch batch, KafkaSession session) {
            aim();
            if (!shipment.isOf(batch)) {
                shipment.begin(batch);
            }
            shipment.beginRound(session);
            sendOpen(batch, session);
            shipment.endSending();
            awaitAnswers(session);
            String failure = shipment.failure();
            if (failure != null) {
                return new ExportResult.RetryAfter(Duration.ZERO, failure);
            }
            List<PermanentFailure> refused = shipment.refused();
            shipment.end();
            if (refused.isEmpty()) {
                return new ExportResult.Delivered(batch.count(), 0);
            }
            if (refused.stream().anyMatch(one -> one.code().equals(KafkaFailures.RECORD_TOO_LARGE))) {
                sessions.doubt();
            }
            return new ExportResult.DeliveredExcept(refused);
        }

        private void sendOpen(RecordBatch batch, KafkaSession session) {
            for (int i = 0; i < batch.count() && !shipment.hasFailed(); i++) {
                if (shipment.isOpen(i)) {
                    send(i, batch.frame(i, frame), session);
                }
            }
        }

        private void send(int index, RecordFrame record, KafkaSession session) {
            KafkaMessage made = message(index, record, session);
            if (made == null) {
                return;
            }
            try {
                session.send(made, shipment.ticket(index));
            } catch (RuntimeException e) {
                shipment.threw(index, e);
                if (e instanceof InterruptException) {
                    Thread.currentThread().interrupt();
                }
                session.breakOff();
            }
            if (shipment.hasFailed()) {
                sessions.doubt();
            }
        }

        /** The message, or {@code null} where the record is refused. */
        private @Nullable KafkaMessage message(int index, RecordFrame record, KafkaSession session) {
            KafkaMessage reused = message;
            if (reused == null) {
                shipment.refuse(index, "no_topic_for_stream");
                return null;
            }
            byte[] value;
            try {
                value = encoder.encode(record);
            } catch (RuntimeException _) {
                shipment.refuse(index, KafkaFailures.ENCODING_FAILED);
                return null;
            }
            long bytesMax = session.limits().of(stream);
            if (fits(reused.of(record, value), bytesMax)) {
                return reused;
            }
            byte[] shortened =
                    record.signal() == Signal.QUARANTINE_ENTRY ? QuarantineEntries.withoutRecord(value) : null;
            if (shortened != null && fits(reused.of(record, shortened), bytesMax)) {
                return reused;
            }
            shipment.refuse(index, KafkaFailures.RECORD_TOO_LARGE);
            return null;
        }

        /** Exact only near the limit. */
        private static boolean fits(KafkaMessage message, long bytesMax) {
            if (message.value().length < bytesMax / 2 - 4_096) {
                return true;
            }
            return bytesMax
                    >= AbstractRecords.estimateSizeInBytesUpperBound(
                            org.apache.kafka.common.record.RecordBatch.CURRENT_MAGIC_VALUE,
                            CompressionType.NONE,
                            message.key(),
                            message.value(),
                            message.headers().toArray());
        }

        private void awaitAnswers(KafkaSession session) {
            Duration patience = config.timeouts()
                    .delivery()
                    .plus(config.timeouts().request())
                    .plus(MARGIN);
            if (shipment.await(patience.toNanos())) {
                return;
            }
            session.breakOff();
            if (!shipment.await(MARGIN.toNanos())) {
                // Its late answers find nobody; all of it goes again.
                shipment = KafkaShipment.failed("kafka_no_answer");
            }
        }
    }
}
