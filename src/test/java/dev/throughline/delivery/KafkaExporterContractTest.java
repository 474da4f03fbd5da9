package dev.throughline.delivery;

import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Against a real broker. */
class KafkaExporterContractTest extends ExporterContract {
    @Override
    protected Destination open() {
        String prefix = SharedBroker.freshPrefix();
        KafkaConfig config = KafkaConfig.of(SharedBroker.get().bootstrapServers(), prefix);
        KafkaExporter exporter = new KafkaExporter(config, PayloadEncoder.DOCUMENT, DeliveryListener.NONE);
        return new Destination() {
            @Override
            public Exporter exporter() {
                return exporter;
            }

            @Override
            public List<Long> ids(Stream stream) {
                Set<Long> ids = new LinkedHashSet<>();
                SharedBroker.get()
                        .readAll(prefix + "." + stream.label())
                        .forEach(message -> ids.add(HexFormat.fromHexDigitsToLong(
                                new String(message.headers()
                                        .lastHeader("record-id")
                                        .value()),
                                16,
                                32)));
                return new ArrayList<>(ids);
            }

            @Override
            public void addUnacceptable(Frames frames, long id) {
                String message = "x".repeat(config.batching().requestBytesMax());
                frames.add(Signal.LOG, "{\"correlation_id\":\"%s\",\"m\":\"%s\"}".formatted(CORRELATION, message), id);
            }

            @Override
            public String refusal() {
                return "record_too_large";
            }
        };
    }
}
