package dev.throughline.delivery;

import java.time.Duration;

/**
 * The dispatcher's bounds.
 *
 * @param batchBytesMax of one batch; also what a lane holds in memory
 * @param batchRecordsMax of one batch
 * @param exportTarget batches are halved when exporting one takes longer and doubled when it takes less than a quarter
 * @param backoffMin the first pause's upper bound; doubled with each failure in a row
 * @param backoffMax the last one's
 * @param idleWait how long a lane waits for records before it looks whether it is to end
 * @param drainTimeout how long an orderly end goes on delivering; what is left stays in the spool
 */
public record DispatcherConfig(
        int batchBytesMax,
        int batchRecordsMax,
        Duration exportTarget,
        Duration backoffMin,
        Duration backoffMax,
        Duration idleWait,
        Duration drainTimeout) {
    public static final DispatcherConfig DEFAULT = new DispatcherConfig(
            2 << 20,
            4_096,
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofSeconds(5));
}
