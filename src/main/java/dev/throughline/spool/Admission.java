package dev.throughline.spool;

import dev.throughline.spool.AppendOutcome.Full;
import dev.throughline.spool.AppendOutcome.Reason;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Says whether there is room for an append, and keeps it. Callers serialise, but for {@link #standing}. */
final class Admission {
    private static final Duration RETRY_AFTER_PENDING = Duration.ofSeconds(1);
    private static final long APPEND_BYTES_LEAST = 1_024;
    private static final int OPERATIONAL = 1 << Stream.OPERATIONAL_LOGS.ordinal()
            | 1 << Stream.OPERATIONAL_SPANS.ordinal()
            | 1 << Stream.OPERATIONAL_METRICS.ordinal();

    private volatile SpoolConfig config;
    private final Map<Stream, StreamLog> logs;
    private final Path directory;
    private final Disk disk;
    private final InstantSource clock;
    private final long[] pending = new long[Stream.count()];
    private long pendingInAll;
    private long usableBytes = Long.MAX_VALUE;
    private long lookedAtMillis = Long.MIN_VALUE;
    /** Why the last group was not kept; null since the last look, or since one was. */
    private volatile @Nullable Reason refused;
    /** Until when a reason holds that cannot be looked at. */
    private volatile long refusedUntilMillis;
    /** Bytes of the last operational append where it was refused. */
    private volatile long wanted = APPEND_BYTES_LEAST;

    Admission(SpoolConfig config, Map<Stream, StreamLog> logs, Path directory, Disk disk, InstantSource clock) {
        this.config = config;
        this.logs = logs;
        this.directory = directory;
        this.disk = disk;
        this.clock = clock;
    }

    /** Other quotas, from the next append on. */
    void reconfigure(SpoolConfig other) {
        config = other;
    }

    /** Reserves room; or says what is full and reserves nothing. */
    @Nullable
    Full admit(PendingAppend append) {
        Full full = refusal(append);
        if (full == null) {
            add(append, 1);
        }
        if ((append.streams() & OPERATIONAL) != 0) {
            wanted = full == null ? APPEND_BYTES_LEAST : append.bytes();
        }
        return full;
    }

    private @Nullable Full refusal(PendingAppend append) {
        if (pendingInAll > 0 && pendingInAll + append.bytes() > config.pendingBytesMax()) {
            return new Full(append.firstStream(), Reason.PENDING, RETRY_AFTER_PENDING);
        }
        look();
        for (Stream stream : logs.keySet()) {
            long bytes = append.bytes(stream);
            Reason reason = bytes == 0 ? null : reasonAgainst(stream, append);
            if (reason != null) {
                return new Full(stream, reason, Duration.ofMillis(config.retryAfterMs()));
            }
        }
        return null;
    }

    private @Nullable Reason reasonAgainst(Stream stream, PendingAppend append) {
        long others = append.bytes() - append.bytes(Stream.AUDIT);
        return reason(stream, append.bytes(stream), append.bytes(), others, this::used, usableBytes - pendingInAll);
    }

    private @Nullable Reason reason(
            Stream stream, long bytes, long inAll, long notAudit, ToLongFunction<Stream> used, long usable) {
        long quota = config.streamBytesMax().getOrDefault(stream, Long.MAX_VALUE);
        if (used.applyAsLong(stream) + bytes > quota) {
            return Reason.QUOTA;
        }
        long audit = used.applyAsLong(Stream.AUDIT);
        long others = -audit;
        for (Stream each : logs.keySet()) {
            others += used.applyAsLong(each);
        }
        if (audit + others + inAll > config.totalBytesMax()) {
            return Reason.QUOTA;
        }
        long othersMax = config.totalBytesMax() - config.auditReserveBytes();
        if (stream != Stream.AUDIT && others + notAudit > othersMax) {
            return Reason.AUDIT_RESERVE;
        }
        long floor = stream == Stream.AUDIT ? config.diskFreeBytesMin() / 2 : config.diskFreeBytesMin();
        return usable - inAll < floor ? Reason.DISK : null;
    }

    /**
     * Why an operational append to this stream would not be kept now, or null where it would: one as large as that which was
     * refused last, or a small one if none was. From any thread; what waits for the disk does not count. Looks at the disk.
     */
    @Nullable
    Reason standing(Stream stream) throws IOException {
        Reason last = refused;
        if (last != null && isStill(last)) {
            return last;
        }
        long bytes = wanted;
        return reason(stream, bytes, bytes, bytes, this::onDisk, disk.usableBytes(directory));
    }

    private boolean isStill(Reason last) {
        boolean holds =
                last == Reason.DISK_FAILED ? clock.millis() < refusedUntilMillis : disk.isRefusing(last, directory);
        if (!holds) {
            refused = null;
        }
        return holds;
    }

    private long onDisk(Stream stream) {
        StreamLog log = logs.get(stream);
        return log == null ? 0 : log.diskBytes();
    }

    private long used(Stream stream) {
        return pending[stream.ordinal()] + onDisk(stream);
    }

    private void look() {
        long now = clock.millis();
        long since = now - lookedAtMillis;
        if (lookedAtMillis == Long.MIN_VALUE || since >= config.diskFreeCheckMs() || since < 0) {
            lookedAtMillis = now;
            refused = refused == Reason.DISK ? null : refused;
            try {
                usableBytes = disk.usableBytes(directory);
            } catch (IOException e) {
                usableBytes = Long.MAX_VALUE; // The write itself will tell.
            }
        }
    }

    /** A write was refused: nothing is admitted until the next look. */
    void diskWasFull() {
        lookedAtMillis = clock.millis();
        usableBytes = 0;
        refused = Reason.DISK;
    }

    /** A group was not kept, and not for want of room. The next is tried all the same. */
    void diskFailed(Reason reason) {
        refusedUntilMillis = clock.millis() + config.retryAfterMs();
        refused = reason;
    }

    /** A group was kept. */
    void diskTakes() {
        if (refused != null) {
            refused = null;
        }
    }

    /** Gives the room back: the bytes are on disk, and counted there, or nowhere. */
    void release(PendingAppend append) {
        add(append, -1);
    }

    private void add(PendingAppend append, int sign) {
        for (Stream stream : logs.keySet()) {
            pending[stream.ordinal()] += sign * append.bytes(stream);
        }
        pendingInAll += sign * append.bytes();
    }

    long pendingBytes(Stream stream) {
        return pending[stream.ordinal()];
    }
}
