package dev.throughline.delivery;

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
            public int payloadBytesTooMany() {
                return MemoryExporter.PAYLOAD_BYTES_MAX + 1;
            }
        };
    }
}
