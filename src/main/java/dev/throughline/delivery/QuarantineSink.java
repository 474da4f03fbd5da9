package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;
import java.time.Duration;
import java.util.List;

/**
 * Keeps records that a destination can never take. Never called for {@code Stream.QUARANTINE} itself: an entry that cannot be
 * delivered would come round for ever. Threads of different streams call at the same time.
 */
public interface QuarantineSink {
    /** What became of it. */
    sealed interface Kept {
        /** All entries are durable. */
        record Durable() implements Kept {}

        /** None is, for now; the same comes again. */
        record Later(Duration atLeast, String code) implements Kept {}
    }

    /**
     * Keeps an entry for each failure: the masked record with the reason's code. Entries of one record and code are one (the
     * call may be repeated after a crash).
     */
    Kept keep(String exporter, RecordBatch batch, List<PermanentFailure> failures);
}
