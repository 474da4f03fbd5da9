package dev.throughline.spool;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * One exporter's way through one stream, from its own durable cursor on. At least once: what was read and not acknowledged is
 * read again, by the next {@link #read} or after a restart, and after a crash so may be what was acknowledged in the last
 * {@code cursor_interval_ms}. One thread at a time; {@link #position()} and {@link #backlog()} for any.
 */
public final class SpoolReader implements AutoCloseable {
    private final Spool spool;
    private final StreamLog log;
    private final Cursor cursor;
    private final InstantSource clock;
    private final long cursorIntervalMillis;
    private final FrameWalk walk;
    private @Nullable RecordBatch outstanding;
    private SpoolPosition outstandingEnd;
    private boolean walking;
    private boolean closed;

    SpoolReader(Spool spool, StreamLog log, Cursor cursor, InstantSource clock, long cursorIntervalMillis) {
        this.spool = spool;
        this.log = log;
        this.cursor = cursor;
        this.clock = clock;
        this.cursorIntervalMillis = cursorIntervalMillis;
        this.walk = new FrameWalk(log);
        this.outstandingEnd = cursor.position();
    }

    public Stream stream() {
        return log.stream;
    }

    public String exporter() {
        return cursor.exporter;
    }

    /**
     * The records behind the cursor, oldest first; the same again as long as they are not acknowledged. They are borrowed until
     * the next call of any method that reads, moves or closes.
     *
     * @param bytesMax bytes to read at once; one record is read however large it is
     * @return null where there is nothing new
     * @throws SpoolException where the disk cannot be read; the next call tries again
     */
    public @Nullable RecordBatch read(int bytesMax, int recordsMax) {
        if (bytesMax <= 0 || recordsMax <= 0) {
            throw new IllegalArgumentException("a batch has at least one byte and one record");
        }
        requireOpen();
        boolean interrupted = Thread.interrupted(); // An interrupted thread would have its file closed under it.
        try {
            while (true) {
                try {
                    return readOnce(bytesMax, recordsMax);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    walking = false;
                } catch (IOException e) {
                    walking = false;
                    throw new SpoolException(
                            SpoolException.UNUSABLE, "cannot read " + log.stream.label() + " at " + walk.place(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable RecordBatch readOnce(int bytesMax, int recordsMax) throws IOException {
        SpoolPosition from = cursor.position();
        if (!walking || outstanding != null) {
            outstanding = null;
            walk.reset(from);
            walking = true;
        }
        RecordBatch batch = walk.next(bytesMax, recordsMax);
        SpoolPosition to = walk.position();
        if (batch == null) {
            if (!to.equals(from)) {
                cursor.advance(to, 0, walk.takeSkipped());
            }
            cursor.writeIfMoved();
        } else {
            outstanding = batch;
            outstandingEnd = to;
        }
        return batch;
    }

    /**
     * The destination has these records durably: the cursor moves behind them.
     *
     * @throws IllegalArgumentException where it is not the batch that was read last
     */
    public void acknowledge(RecordBatch batch) {
        SpoolPosition from = cursor.position();
        SpoolPosition to = endOf(batch);
        cursor.advance(to, batch.count(), walk.takeSkipped());
        outstanding = null;
        cursor.writeIfDue(clock.millis(), cursorIntervalMillis);
        if (to.segment() != from.segment()) {
            log.trim();
        }
    }

    /** The place behind the batch that was read last, to be stored with its records. */
    public SpoolPosition endOf(RecordBatch batch) {
        if (batch != outstanding) {
            throw new IllegalArgumentException("not the batch that was read last");
        }
        return outstandingEnd;
    }

    /** The place behind the last record acknowledged. */
    public SpoolPosition position() {
        return cursor.position();
    }

    /**
     * Goes forward to a place that the destination says it has, so that it is not sent again what it stored before a crash.
     *
     * @return false, and nothing is done, where the cursor is there or further, or there is no such place (any more)
     */
    public boolean skipTo(SpoolPosition stored) {
        requireOpen();
        SpoolPosition from = cursor.position();
        Segment segment = log.segments.get(stored.segment());
        boolean exists = segment != null && stored.offset() <= segment.committed;
        if (!exists || stored.compareTo(from) <= 0) {
            return false;
        }
        cursor.advance(stored, Math.max(0, stored.sequence() - from.sequence()), 0);
        moved();
        return true;
    }

    /** Goes back to the oldest record that is kept: all is delivered again. */
    public void seekToOldest() {
        requireOpen();
        cursor.jump(log.start());
        moved();
    }

    private void moved() {
        outstanding = null;
        walking = false;
        cursor.writeIfMoved();
        log.trim();
    }

    /**
     * Waits for records behind the cursor.
     *
     * @return false where none came in that time, or the spool closes
     */
    public boolean await(Duration timeout) throws InterruptedException {
        requireOpen();
        cursor.writeIfMoved();
        return log.await(cursor.position(), timeout.toNanos());
    }

    /** What is not yet acknowledged. */
    public SpoolStats.Cursor backlog() {
        return spool.cursorStats(log, cursor);
    }

    private void requireOpen() {
        if (closed || cursor.isRetired()) {
            throw new IllegalStateException("the reader is closed");
        }
    }

    /** Writes the cursor; another reader of this name can then be had. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            outstanding = null;
            cursor.force();
            try {
                walk.close();
            } catch (IOException e) {
                throw new SpoolException(SpoolException.UNUSABLE, "cannot close " + log.stream.label(), e);
            } finally {
                spool.closed(this);
            }
        }
    }

    @Override
    public String toString() {
        return "SpoolReader[" + cursor.exporter + ", " + log.stream.label() + ", " + cursor.position() + "]";
    }
}
