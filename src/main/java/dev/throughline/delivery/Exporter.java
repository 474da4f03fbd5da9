package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;

/**
 * A destination of records. The write contract:
 *
 * <ul>
 *   <li><b>Durable on return.</b> What {@link ExportResult.Delivered} answers for survives a crash of the destination; the spool
 *       may forget it the moment after.
 *   <li><b>Idempotent by record id.</b> A batch, or any part of it, may come again, after a retry, a crash or a restart. A
 *       destination that can keeps one copy; one that cannot carries the record id so that its readers can.
 *   <li><b>Order kept.</b> Records of one stream are visible in the order of the batches, at least within one correlation id.
 *   <li><b>Alone in its fault.</b> A record that can never be taken is named as a {@link PermanentFailure}; all others of the batch
 *       are durable all the same.
 *   <li><b>Retry.</b> After {@link ExportResult.RetryAfter} the same instance comes again, with no other of its stream in
 *       between, so what has arrived already may be remembered. The batch and its bytes are borrowed until then, or until another result.
 *   <li><b>Threads.</b> One thread at a time for each stream; those of different streams call at the same time.
 *   <li><b>Time.</b> A call ends within a bound of the exporter's own, also while the destination is away.
 * </ul>
 */
public interface Exporter extends AutoCloseable {
    /** The cursor's and the metric label's name: lower-case letters, constant over restarts. */
    String name();

    /** Writes the batch. Must not throw; what is thrown nevertheless counts as a retry. */
    ExportResult export(RecordBatch batch);

    /** Gives up what is in flight, so that a waiting {@link #export} returns soon. */
    @Override
    void close();
}
