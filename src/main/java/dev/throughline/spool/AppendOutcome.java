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

    /** The disk failed. Nothing of the request will be delivered from here; the sender is to come back. */
    record Failed(String code) implements AppendOutcome {}

    /** What is full. */
    enum Reason {
        /** More waits for the disk than {@code pending_bytes_max}. */
        PENDING,
        /** The stream's own quota, or the total. */
        QUOTA,
        /** What is left belongs to audit. */
        AUDIT_RESERVE,
        /** The file system has less than {@code disk_free_bytes_min} left, or refused the write. */
        DISK
    }
}
