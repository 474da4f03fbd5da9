package dev.throughline.delivery;

import dev.throughline.storage.JourneyQuery;
import dev.throughline.storage.JourneyRecords;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreConfig;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** Against the embedded store. */
class StoreExporterContractTest extends ExporterContract {
    @TempDir
    private Path directory;

    @Override
    protected Destination open() {
        InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(Frames.RECEIVED_MILLIS));
        SqliteRecordStore store = new SqliteRecordStore(directory, StoreConfig.DEFAULT, clock);
        StoreExporter exporter = new StoreExporter(store);
        return new Destination() {
            @Override
            public Exporter exporter() {
                return exporter;
            }

            @Override
            public List<Long> ids(Stream stream) {
                List<Long> ids = new ArrayList<>();
                @Nullable String cursor = null;
                do {
                    JourneyRecords page = store.journey(new JourneyQuery(CORRELATION, 100, 1 << 20, cursor));
                    page.records().stream()
                            .filter(record -> record.stream() == stream)
                            .forEach(record -> ids.add(record.frame().idLow()));
                    cursor = page.nextCursor();
                } while (cursor != null);
                return ids;
            }

            @Override
            public void addUnacceptable(Frames frames, long id) {
                frames.add(Signal.LOG, "{\"correlation_id\":\"%s\"}".formatted(CORRELATION), id, Long.MAX_VALUE);
            }

            @Override
            public String refusal() {
                return "received_time_out_of_range";
            }

            @Override
            public List<Stream> streams() {
                return List.of(Stream.OPERATIONAL_LOGS, Stream.OPERATIONAL_SPANS, Stream.AUDIT);
            }

            @Override
            public void close() {
                exporter.close();
                store.close();
            }
        };
    }
}
