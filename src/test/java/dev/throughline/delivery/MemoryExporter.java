package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps record ids in memory, one copy each; refuses what is over a size. */
class MemoryExporter implements Exporter {
    static final int PAYLOAD_BYTES_MAX = 10_000;

    private final Map<Stream, Set<Long>> kept = new EnumMap<>(Stream.class);
    private boolean closed;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public synchronized ExportResult export(RecordBatch batch) {
        if (closed) {
            return new ExportResult.RetryAfter(Duration.ZERO, "exporter_closed");
        }
        Set<Long> ids = kept.computeIfAbsent(batch.stream(), _ -> new LinkedHashSet<>());
        List<PermanentFailure> failures = new ArrayList<>();
        int duplicates = 0;
        RecordFrame view = new RecordFrame();
        for (int i = 0; i < batch.count(); i++) {
            batch.frame(i, view);
            if (view.payloadLength() > PAYLOAD_BYTES_MAX) {
                failures.add(new PermanentFailure(i, "record_too_large"));
            } else if (!ids.add(view.idLow())) {
                duplicates++;
            }
        }
        return failures.isEmpty()
                ? new ExportResult.Delivered(batch.count(), duplicates)
                : new ExportResult.DeliveredExcept(failures);
    }

    synchronized List<Long> ids(Stream stream) {
        return List.copyOf(kept.getOrDefault(stream, Set.of()));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
