package dev.throughline.spool;

import java.io.IOException;
import java.nio.file.Path;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An exporter's place in one stream. In memory it moves with each acknowledgement; on disk it follows, so that after a crash
 * some records are delivered again. One thread moves it; any may read it.
 */
final class Cursor {
    private static final Logger LOG = Logger.getLogger(Cursor.class);
    private static final long FORMAT = 1;
    private static final int NUMBERS = 7;

    final String exporter;
    private final Disk disk;
    private final SlotFile slots;
    private volatile State state;
    private final long skippedBefore;
    private State written;
    private long writtenMillis;
    private boolean forced;
    private boolean failing;
    /** Kept open, so that delivery goes on where no file can be opened. */
    private Disk.@Nullable OpenFile file;

    private volatile boolean retired;

    /** What is written. */
    record State(SpoolPosition position, long delivered, long skipped) {
        long startedAt() {
            return position.sequence() - delivered - skipped;
        }
    }

    private Cursor(String exporter, Disk disk, SlotFile slots, State state) {
        this.exporter = exporter;
        this.disk = disk;
        this.slots = slots;
        this.state = state;
        this.written = state;
        this.skippedBefore = state.skipped;
    }

    static Path path(StreamLog log, String exporter) {
        return log.directory.resolve(exporter + Layout.CURSOR_SUFFIX);
    }

    /** A cursor that begins at {@code position}, durable. */
    static Cursor create(StreamLog log, String exporter, SpoolPosition position) throws IOException {
        SlotFile slots = new SlotFile(log.disk, path(log, exporter));
        Cursor cursor = new Cursor(exporter, log.disk, slots, new State(position, 0, 0));
        if (!cursor.write(true)) {
            throw new IOException("the cursor cannot be written");
        }
        log.disk.forceDirectory(log.directory);
        return cursor;
    }

    /** The cursor as it was last written; at the oldest place, where its file is not whole. */
    static Cursor load(StreamLog log, String exporter) throws IOException {
        SlotFile slots = new SlotFile(log.disk, path(log, exporter));
        long[] numbers = slots.read();
        if (numbers == null || numbers.length < NUMBERS || numbers[0] != FORMAT) {
            return new Cursor(exporter, log.disk, slots, new State(new SpoolPosition(-1, 0, 0, 0), 0, 0));
        }
        SpoolPosition position = new SpoolPosition(numbers[1], numbers[2], numbers[3], numbers[4]);
        return new Cursor(exporter, log.disk, slots, new State(position, numbers[5], numbers[6]));
    }

    State state() {
        return state;
    }

    SpoolPosition position() {
        return state.position();
    }

    /** Records passed over since the spool was opened. */
    long skippedSinceOpen() {
        return state.skipped - skippedBefore;
    }

    boolean isRetired() {
        return retired;
    }

    /** Moves on; the sequence moves by what was delivered and skipped. */
    void advance(SpoolPosition to, long delivered, long skipped) {
        State before = state;
        state = new State(to, before.delivered + delivered, before.skipped + skipped);
    }

    /** Moves without saying that anything was delivered or lost. */
    void jump(SpoolPosition to) {
        state = new State(to, state.delivered, state.skipped);
    }

    /** Writes it if it moved and was not written for {@code intervalMillis}. */
    void writeIfDue(long nowMillis, long intervalMillis) {
        long since = nowMillis - writtenMillis;
        if (since >= intervalMillis || since < 0) {
            writtenMillis = nowMillis;
            write(false);
        }
    }

    void writeIfMoved() {
        write(false);
    }

    /** Durable after this, if true. */
    boolean force() {
        return write(true);
    }

    private synchronized boolean write(boolean force) {
        State now = state;
        boolean moved = !now.equals(written);
        if (retired || (!moved && (!force || forced))) {
            return true;
        }
        // An interrupted thread would have its file closed under it.
        boolean interrupted = Thread.interrupted();
        try {
            Disk.OpenFile open = open();
            slots.write(open, numbers(now));
            if (force) {
                open.force();
            }
            written = now;
            forced = force;
            failing = false;
            return true;
        } catch (IOException e) {
            if (!failing) {
                LOG.warnf("cursor not written, tried again with the next: exporter=%s file=%s", exporter, slots.path());
            }
            failing = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Disk.OpenFile open() throws IOException {
        Disk.OpenFile open = file;
        if (open == null || !open.isInPlace()) {
            close();
            open = slots.open();
            file = open;
        }
        return open;
    }

    /** Gives its file back; the next write opens it again. */
    synchronized void close() throws IOException {
        Disk.OpenFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    private static long[] numbers(State now) {
        SpoolPosition at = now.position;
        return new long[] {FORMAT, at.segment(), at.block(), at.offset(), at.sequence(), now.delivered, now.skipped};
    }

    synchronized void retire() throws IOException {
        retired = true;
        close();
        disk.delete(slots.path());
    }
}
