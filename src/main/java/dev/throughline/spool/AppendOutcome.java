package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.time.Duration;

/** What became of one append: all of the request is kept, or nothing of it. */
public sealed interface AppendOutcome {
    /** Durable in all streams: the sender may be answered. */
    record Kept(int records) implements AppendOutcome {}

    /** No room: over a quota, over the bound of what waits, or the disk is full. The sender is to come back. */
    record Full(Stream stream, Reason reason, Duration retryAfter) implements AppendOutcome {}

    /** The spool is closing; another process will take it. */
    record Draining() implements AppendOutcome {}

    /** The disk failed, for the reason that the code says. Nothing of the request will be delivered from here; the sender is to come back. */
    record Failed(String code) implements AppendOutcome {}

    /** Why nothing is taken. */
    enum Reason {
        /** More waits for the disk than {@code pending_bytes_max}. */
        PENDING,
        /** The stream's own quota, or the total. */
        QUOTA,
        /** What is left belongs to audit. */
        AUDIT_RESERVE,
        /** The file system has less than {@code disk_free_bytes_min} left, or refused the write. */
        DISK,
        /** A segment is to be made and no file can be opened; it is tried again with each append. */
        TOO_MANY_OPEN_FILES,
        /** The file system takes no writes at all. */
        DISK_READ_ONLY,
        /** The disk failed, and it is not known why. */
        DISK_FAILED
    }
}
