package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One exporter's durable cursor on one stream of the spool. Used by one thread. */
public interface RecordSource {
    Stream stream();

    /**
     * The records behind the last ones read, in order, at least one where there is one; {@code null} where there is none. The batch
     * is borrowed until the next call.
     */
    @Nullable
    RecordBatch read(int bytesMax, int recordsMax);

    /** Waits until there is something to read, at most as long as told; whether there is. */
    boolean await(Duration timeout) throws InterruptedException;

    /** Moves the cursor behind the batch last read. */
    void acknowledge(RecordBatch batch);
}
