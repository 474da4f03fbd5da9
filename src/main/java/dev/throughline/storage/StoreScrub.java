package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Reads the whole store slowly, again and again, so that damage is known before somebody needs what is damaged: quarantine first,
 * then the newest days. One daemon thread; so many bytes a second and no more; small read transactions, beside which writers go on.
 */
public final class StoreScrub implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(StoreScrub.class);
    private static final List<Stream> ORDER = List.of(
            Stream.QUARANTINE,
            Stream.AUDIT,
            Stream.OPERATIONAL_LOGS,
            Stream.OPERATIONAL_SPANS,
            Stream.OPERATIONAL_METRICS);
    private static final long STOP_SECONDS = 2;

    private final SqliteRecordStore store;
    private final long bytesPerSecond;
    private final Duration pause;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("store-scrub").unstarted(this::run);
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong passes = new AtomicLong();
    private long owed;

    /** @param pause before the first pass and between passes */
    public StoreScrub(SqliteRecordStore store, long bytesPerSecond, Duration pause) {
        this.store = store;
        this.bytesPerSecond = bytesPerSecond;
        this.pause = pause;
    }

    public void start() {
        thread.start();
    }

    /** Bytes that were read and verified since the start. */
    public long bytes() {
        return bytes.get();
    }

    /** How often all of the store was read since the start. */
    public long passes() {
        return passes.get();
    }

    private void run() {
        tellKnown();
        try {
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pass();
            }
        } catch (InterruptedException ignored) {
            // Closing.
        }
    }

    /** Reads everything once. */
    void pass() throws InterruptedException {
        tellKnown();
        StoreVerification verification = new StoreVerification(store, this::read);
        for (Stream stream : ORDER) {
            for (long day : store.open(stream).knownDays()) {
                day(verification, stream, day);
            }
        }
        passes.incrementAndGet();
    }

    /** What is missing has no file that could be read: it is in the log all the same. */
    private void tellKnown() {
        try {
            store.damage();
        } catch (StoreUnavailableException e) {
            LOG.warnf("what the store misses cannot be said now: %s", e.code());
        }
    }

    private void day(StoreVerification verification, Stream stream, long day) throws InterruptedException {
        try {
            List<Finding> found = verification.day(stream, day);
            if (found.isEmpty()) {
                store.findings().clear(stream, day);
            }
            found.forEach(store.findings()::add);
        } catch (StoreUnavailableException e) {
            if (!e.code().equals("store_closed")) {
                LOG.debugf("%s cannot be verified now: %s", stream.label(), e.code());
            }
        }
    }

    /** Pays with time for what was read, in waits that are worth it. */
    private void read(long count) throws InterruptedException {
        bytes.addAndGet(count);
        owed += count;
        long millis = owed * 1_000 / bytesPerSecond;
        if (millis >= 20) {
            owed = 0;
            if (closing.await(millis, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
