package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.util.List;

/**
 * One stream at one moment. For each cursor holds {@code appendedRecords = startedAt + delivered + skipped + backlogRecords}.
 *
 * @param appendedRecords records kept in this stream, ever, over restarts
 * @param appendedSinceOpen those of them since the spool was opened
 * @param keptRecords records that are still in segment files, delivered or not
 * @param diskBytes bytes of the segment files
 * @param quotaBytes what they may take
 * @param pendingBytes bytes of appends that wait for the disk
 * @param backlogRecords records not yet delivered by the slowest cursor; all that are kept where there is no cursor
 * @param backlogBytes their bytes
 * @param oldestReceivedMillis when the oldest of them was received (that of its commit group's first), or 0 where there is none
 * @param lastReceivedMillis when the newest group's first record was received, or 0 before the first
 * @param damagedRecords records lost to damage, ever: those that a cursor passed over, or will, each once however many do
 * @param damagedBytes bytes of segments that could not be read as they were written, ever
 * @param uncountedRecords records that a cursor has passed over and that are not among them; not 0: a defect
 */
public record SpoolStats(
        Stream stream,
        long appendedRecords,
        long appendedSinceOpen,
        long keptRecords,
        long diskBytes,
        long quotaBytes,
        long pendingBytes,
        long backlogRecords,
        long backlogBytes,
        long oldestReceivedMillis,
        long lastReceivedMillis,
        long damagedRecords,
        long damagedBytes,
        long uncountedRecords,
        List<Cursor> cursors) {
    /**
     * One exporter's place.
     *
     * @param startedAt sequence at which the cursor was created, or to which it was moved back
     * @param delivered records acknowledged
     * @param skipped records that damage had made unreadable
     */
    public record Cursor(
            String exporter,
            SpoolPosition position,
            long startedAt,
            long delivered,
            long skipped,
            long backlogRecords,
            long backlogBytes,
            long oldestReceivedMillis) {}

    /**
     * The commit thread's work since the spool was opened.
     *
     * @param groups groups tried
     * @param requests appends kept
     * @param records records kept
     * @param bytes bytes written for them
     * @param fsyncNanos time in fsync
     * @param failedGroups groups rolled back
     * @param callbackFailures callbacks that threw
     */
    public record Commits(
            long groups,
            long requests,
            long records,
            long bytes,
            long fsyncNanos,
            long failedGroups,
            long callbackFailures) {}
}
