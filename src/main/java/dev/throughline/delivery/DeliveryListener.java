package dev.throughline.delivery;

import dev.throughline.telemetry.Stream;
import java.time.Duration;

/** What delivery has to tell to metrics. Called on the lanes' threads; must not block or throw. */
public interface DeliveryListener {
    DeliveryListener NONE = new DeliveryListener() {};

    /** Acknowledged to the spool: durable at the destination. */
    default void delivered(String exporter, Stream stream, int records, int duplicates) {}

    /** Durable in quarantine instead, for a code. */
    default void quarantined(String exporter, Stream stream, String code, int records) {}

    /** A quarantine entry that this destination can never take was passed over. */
    default void passedOver(String exporter, String code, int records) {}

    /** A batch will be tried again. */
    default void retried(String exporter, Stream stream, String code, Duration pause) {}

    /** A topic is not as configured; it is used as it is. */
    default void topicDiffers(String topic, String property) {}
}
