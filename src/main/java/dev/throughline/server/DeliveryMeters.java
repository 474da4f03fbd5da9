package dev.throughline.server;

import dev.throughline.delivery.DeliveryListener;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Delivery in metrics, and its trouble in the log: once when it begins and once when it ends. Thread-safe. */
@Singleton
public final class DeliveryMeters implements DeliveryListener {
    private static final Logger LOG = Logger.getLogger(DeliveryMeters.class);

    private final MeterRegistry registry;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    DeliveryMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    private Counter counter(String name, String... tags) {
        return counters.computeIfAbsent(
                name + String.join("\0", tags),
                key -> Counter.builder(name).tags(tags).register(registry));
    }

    @Override
    public void delivered(String exporter, Stream stream, int records, int duplicates) {
        counter("throughline_delivered_records", "exporter", exporter, "stream", stream.label())
                .increment(records);
        if (duplicates > 0) {
            counter("throughline_delivered_duplicates", "exporter", exporter, "stream", stream.label())
                    .increment(duplicates);
        }
        if (!troubles.isEmpty() && troubles.remove(exporter + " " + stream.label()) != null) {
            LOG.infof("%s: %s is being delivered again", exporter, stream.label());
        }
    }

    @Override
    public void quarantined(String exporter, Stream stream, String code, int records) {
        counter(
                        "throughline_delivery_quarantined_records",
                        "exporter",
                        exporter,
                        "stream",
                        stream.label(),
                        "reason",
                        code)
                .increment(records);
    }

    @Override
    public void passedOver(String exporter, String code, int records) {
        counter("throughline_delivery_passed_over_records", "exporter", exporter, "reason", code)
                .increment(records);
    }

    @Override
    public void retried(String exporter, Stream stream, String code, Duration pause) {
        counter("throughline_delivery_retries", "exporter", exporter, "stream", stream.label(), "reason", code)
                .increment();
        if (!code.equals(troubles.put(exporter + " " + stream.label(), code))) {
            LOG.warnf("%s: %s cannot be delivered now and stays in the spool: %s", exporter, stream.label(), code);
        }
    }

    @Override
    public void topicDiffers(String topic, String property) {
        LOG.warnf("topic %s differs from the policy in %s; it is used as it is", topic, property);
    }
}
