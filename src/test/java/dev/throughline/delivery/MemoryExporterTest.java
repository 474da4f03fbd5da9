package dev.throughline.delivery;

import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.util.List;

class MemoryExporterTest extends ExporterContract {
    @Override
    protected Destination open() {
        MemoryExporter exporter = new MemoryExporter();
        return new Destination() {
            @Override
            public Exporter exporter() {
                return exporter;
            }

            @Override
            public List<Long> ids(Stream stream) {
                return exporter.ids(stream);
            }

            @Override
            public void addUnacceptable(Frames frames, long id) {
                String message = "x".repeat(MemoryExporter.PAYLOAD_BYTES_MAX);
                frames.add(Signal.LOG, "{\"correlation_id\":\"%s\",\"m\":\"%s\"}".formatted(CORRELATION, message), id);
            }

            @Override
            public String refusal() {
                return "record_too_large";
            }
        };
    }
}
