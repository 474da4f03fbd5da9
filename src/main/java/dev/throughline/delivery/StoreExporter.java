package dev.throughline.delivery;

import dev.throughline.storage.RecordStore;
import dev.throughline.storage.WriteResult;
import dev.throughline.telemetry.RecordBatch;
import java.time.Duration;
import java.util.List;

/** The store as a destination: durable and idempotent as {@link RecordStore#write} promises. */
public final class StoreExporter implements Exporter {
    public static final String NAME = "store";

    private final RecordStore store;
    private volatile boolean closed;

    /** The store is its caller's: it is not closed here. */
    public StoreExporter(RecordStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExportResult export(RecordBatch batch) {
        if (closed) {
            return new ExportResult.RetryAfter(Duration.ZERO, "exporter_closed");
        }
        return switch (store.write(batch)) {
            case WriteResult.Written written
            when written.refused().isEmpty() -> new ExportResult.Delivered(batch.count(), written.duplicates());
            case WriteResult.Written written -> new ExportResult.DeliveredExcept(failures(written));
            case WriteResult.Unavailable away -> new ExportResult.RetryAfter(away.retryAfter(), away.code());
        };
    }

    private static List<PermanentFailure> failures(WriteResult.Written written) {
        return written.refused().stream()
                .map(refused -> new PermanentFailure(refused.index(), refused.code()))
                .toList();
    }

    @Override
    public void close() {
        closed = true;
    }
}
