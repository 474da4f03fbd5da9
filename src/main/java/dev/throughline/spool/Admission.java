package dev.throughline.spool;

import dev.throughline.spool.AppendOutcome.Full;
import dev.throughline.spool.AppendOutcome.Reason;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says whether there is room for an append, and keeps it. Callers serialise. */
final class Admission {
    private static final Duration RETRY_AFTER_PENDING = Duration.ofSeconds(1);

    private final SpoolConfig config;
    private final Map<Stream, StreamLog> logs;
    private final Path directory;
    private final Disk disk;
    private final InstantSource clock;
    private final long[] pending = new long[Stream.count()];
    private long pendingInAll;
    private long usableBytes = Long.MAX_VALUE;
    private long lookedAtMillis = Long.MIN_VALUE;

    Admission(SpoolConfig config, Map<Stream, StreamLog> logs, Path directory, Disk disk, InstantSource clock) {
        this.config = config;
        this.logs = logs;
        this.directory = directory;
        this.disk = disk;
        this.clock = clock;
    }

    /** Reserves room; or says what is full and reserves nothing. */
    @Nullable
    Full admit(PendingAppend append) {
        if (pendingInAll > 0 && pendingInAll + append.bytes() > config.pendingBytesMax()) {
            return new Full(append.firstStream(), Reason.PENDING, RETRY_AFTER_PENDING);
        }
        look();
        for (Map.Entry<Stream, StreamLog> entry : logs.entrySet()) {
            long bytes = append.bytes(entry.getKey());
            Reason reason = bytes == 0 ? null : reasonAgainst(entry.getKey(), bytes, append);
            if (reason != null) {
                return new Full(entry.getKey(), reason, Duration.ofMillis(config.retryAfterMs()));
            }
        }
        add(append, 1);
        return null;
    }

    private @Nullable Reason reasonAgainst(Stream stream, long bytes, PendingAppend append) {
        long quota = config.streamBytesMax().getOrDefault(stream, Long.MAX_VALUE);
        if (used(stream) + bytes > quota) {
            return Reason.QUOTA;
        }
        long audit = used(Stream.AUDIT);
        long others = -audit;
        for (Stream each : logs.keySet()) {
            others += used(each);
        }
        if (audit + others + append.bytes() > config.totalBytesMax()) {
            return Reason.QUOTA;
        }
        long othersMax = config.totalBytesMax() - config.auditReserveBytes();
        if (stream != Stream.AUDIT && others + append.bytes() - append.bytes(Stream.AUDIT) > othersMax) {
            return Reason.AUDIT_RESERVE;
        }
        long floor = stream == Stream.AUDIT ? config.diskFreeBytesMin() / 2 : config.diskFreeBytesMin();
        return usableBytes - pendingInAll - append.bytes() < floor ? Reason.DISK : null;
    }

    private long used(Stream stream) {
        StreamLog log = logs.get(stream);
        return pending[stream.ordinal()] + (log == null ? 0 : log.diskBytes());
    }

    private void look() {
        long now = clock.millis();
        long since = now - lookedAtMillis;
        if (lookedAtMillis == Long.MIN_VALUE || since >= config.diskFreeCheckMs() || since < 0) {
            lookedAtMillis = now;
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
