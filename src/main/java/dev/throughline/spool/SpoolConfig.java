package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.util.Map;

/**
 * The spool's bounds.
 *
 * @param segmentBytesMax size at which a segment file is closed; never more than an eighth of the stream's quota (but at least
 *     64 KiB), so that what is delivered can be given back in time
 * @param pendingBytesMax bytes of appends that may wait for the disk; one append is taken however large when none waits
 * @param groupBytesMax bytes of appends that share one fsync; one append is taken however large
 * @param commitLingerUs microseconds to wait for company before an fsync; 0: the fsync that is under way is the wait
 * @param cursorIntervalMs while records flow, a cursor is written at most this often
 * @param totalBytesMax bytes on disk of all streams together
 * @param streamBytesMax bytes on disk of single streams; those not named are bounded by the total only
 * @param auditReserveBytes part of the total that only audit may fill
 * @param diskFreeBytesMin bytes of the file system that the spool leaves free
 * @param diskFreeCheckMs how long a look at the free space holds
 * @param retryAfterMs what a sender is told when the spool or disk is full; when only too much waits, a second
 */
public record SpoolConfig(
        long segmentBytesMax,
        long pendingBytesMax,
        long groupBytesMax,
        long commitLingerUs,
        long cursorIntervalMs,
        long totalBytesMax,
        Map<Stream, Long> streamBytesMax,
        long auditReserveBytes,
        long diskFreeBytesMin,
        long diskFreeCheckMs,
        long retryAfterMs) {
    private static final long MIB = 1L << 20;
    private static final long SEGMENTS_IN_QUOTA_MIN = 8;
    private static final long SEGMENT_BYTES_FLOOR = 64L << 10;

    public SpoolConfig {
        positive("segment_bytes_max", segmentBytesMax);
        positive("pending_bytes_max", pendingBytesMax);
        positive("group_bytes_max", groupBytesMax);
        positive("cursor_interval_ms", cursorIntervalMs);
        positive("total_bytes_max", totalBytesMax);
        positive("disk_free_check_ms", diskFreeCheckMs);
        positive("retry_after_ms", retryAfterMs);
        notNegative("commit_linger_us", commitLingerUs);
        notNegative("audit_reserve_bytes", auditReserveBytes);
        notNegative("disk_free_bytes_min", diskFreeBytesMin);
        if (auditReserveBytes >= totalBytesMax) {
            throw new IllegalArgumentException("audit_reserve_bytes must be less than total_bytes_max");
        }
        if (groupBytesMax > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("group_bytes_max must be less than 1 GiB");
        }
        streamBytesMax.forEach((stream, bytes) -> positive("quota of " + stream.label(), bytes));
        streamBytesMax = Map.copyOf(streamBytesMax);
    }

    /** 64 MiB segments, 32 MiB waiting, 10 GiB in all of which 1 GiB is for audit, 256 MiB left free. */
    public static SpoolConfig defaults() {
        return new SpoolConfig(
                64 * MIB, 32 * MIB, 8 * MIB, 0, 200, 10_240 * MIB, Map.of(), 1_024 * MIB, 256 * MIB, 1_000, 5_000);
    }

    SpoolConfig withQuotas(Map<Stream, Long> streams, long reserve) {
        return new SpoolConfig(
                segmentBytesMax,
                pendingBytesMax,
                groupBytesMax,
                commitLingerUs,
                cursorIntervalMs,
                totalBytesMax,
                streams,
                reserve,
                diskFreeBytesMin,
                diskFreeCheckMs,
                retryAfterMs);
    }

    /** The stream's quota: what it may take of the disk. */
    public long quotaBytes(Stream stream) {
        long shared = stream == Stream.AUDIT ? totalBytesMax : totalBytesMax - auditReserveBytes;
        return Math.min(shared, streamBytesMax.getOrDefault(stream, totalBytesMax));
    }

    long segmentBytes(Stream stream) {
        long share = quotaBytes(stream) / SEGMENTS_IN_QUOTA_MIN;
        return Math.min(segmentBytesMax, Math.max(share, SEGMENT_BYTES_FLOOR));
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be more than 0");
        }
    }

    private static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative");
        }
    }
}
