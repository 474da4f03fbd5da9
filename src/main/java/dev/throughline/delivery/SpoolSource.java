package dev.throughline.delivery;

import dev.throughline.spool.SpoolReader;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A cursor on the spool as a source. */
public final class SpoolSource implements RecordSource {
    private final SpoolReader reader;

    public SpoolSource(SpoolReader reader) {
        this.reader = reader;
    }

    @Override
    public Stream stream() {
        return reader.stream();
    }

    @Override
    public @Nullable RecordBatch read(int bytesMax, int recordsMax) {
        return reader.read(bytesMax, recordsMax);
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        return reader.await(timeout);
    }

    @Override
    public void acknowledge(RecordBatch batch) {
        reader.acknowledge(batch);
    }
}
