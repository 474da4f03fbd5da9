package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A source whose record {@code n} is made when it is read, so that a backlog of any length costs nothing. */
final class ListSource implements RecordSource {
    private final Stream stream;
    private final LongFunction<String> correlation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();
    private long kept;
    private long read;
    private long acknowledged;
    private @Nullable RecordBatch last;

    ListSource(Stream stream, LongFunction<String> correlation) {
        this.stream = stream;
        this.correlation = correlation;
    }

    /** A source of one key. */
    ListSource(Stream stream) {
        this(stream, n -> "corr_0");
    }

    ListSource append(long records) {
        lock.lock();
        try {
            kept += records;
            appended.signalAll();
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** What a restart does: reading begins behind what was acknowledged. */
    void restart() {
        lock.lock();
        try {
            read = acknowledged;
        } finally {
            lock.unlock();
        }
    }

    long acknowledged() {
        lock.lock();
        try {
            return acknowledged;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Stream stream() {
        return stream;
    }

    @Override
    public @Nullable RecordBatch read(int bytesMax, int recordsMax) {
        lock.lock();
        try {
            if (read == kept) {
                return null;
            }
            Frames frames = new Frames();
            long to = Math.min(kept, read + recordsMax);
            for (; read < to; read++) {
                frames.log(correlation.apply(read), read);
            }
            last = frames.batch(stream);
            return last;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (read == kept && left > 0) {
                left = appended.awaitNanos(left);
            }
            return read < kept;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void acknowledge(RecordBatch batch) {
        lock.lock();
        try {
            if (batch != last) {
                throw new IllegalStateException("not the batch last read");
            }
            acknowledged = read;
        } finally {
            lock.unlock();
        }
    }
}
