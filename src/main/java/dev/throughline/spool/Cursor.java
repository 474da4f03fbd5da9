package dev.throughline.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;
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
    private static final String FRESH = ".new";
    private static final int NAME_MAX = 64;

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

    private final long identity;
    private volatile boolean retired;

    /** What is written. */
    record State(SpoolPosition position, long delivered, long skipped) {
        long startedAt() {
            return position.sequence() - delivered - skipped;
        }
    }

    private Cursor(StreamLog log, String exporter, SlotFile slots, State state) {
        this.exporter = exporter;
        this.disk = log.disk;
        this.identity = identity(log, exporter);
        this.slots = slots;
        this.state = state;
        this.written = state;
        this.skippedBefore = state.skipped;
    }

    static Path path(StreamLog log, String exporter) {
        return log.directory.resolve(exporter + Layout.CURSOR_SUFFIX);
    }

    /** Whether an exporter can have this name: 1 to 64 of {@code a-z 0-9 . _ -}, beginning with a letter or digit. */
    static boolean isName(String exporter) {
        boolean valid = !exporter.isEmpty() && exporter.length() <= NAME_MAX;
        for (int i = 0; i < exporter.length(); i++) {
            char c = exporter.charAt(i);
            boolean word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            valid &= word || (i > 0 && (c == '.' || c == '_' || c == '-'));
        }
        return valid;
    }

    /** So that a cursor that was copied to another name or stream is not taken for that one's. */
    private static long identity(StreamLog log, String exporter) {
        CRC32C sum = new CRC32C();
        sum.update((log.stream.label() + "/" + exporter).getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    /** A cursor that begins at {@code position}, durable. It is whole from the first moment that it has its name. */
    static Cursor create(StreamLog log, String exporter, SpoolPosition position) throws IOException {
        SlotFile slots = new SlotFile(log.disk, path(log, exporter));
        Cursor cursor = new Cursor(log, exporter, slots, new State(position, 0, 0));
        Path fresh = log.directory.resolve(exporter + Layout.CURSOR_SUFFIX + FRESH);
        log.disk.delete(fresh);
        try (Disk.OpenFile file = log.disk.open(fresh)) {
            slots.write(file, cursor.numbers(cursor.state));
            file.force();
        }
        log.disk.move(fresh, slots.path());
        return cursor;
    }

    /** The cursor as it was last written; null where its file is not whole, or is another's. */
    static @Nullable Cursor load(StreamLog log, String exporter) throws IOException {
        SlotFile slots = new SlotFile(log.disk, path(log, exporter));
        long[] numbers = slots.read();
        if (numbers == null || numbers.length < NUMBERS || numbers[0] != FORMAT) {
            return null;
        }
        if (numbers.length > NUMBERS && numbers[NUMBERS] != identity(log, exporter)) {
            return null;
        }
        SpoolPosition position = new SpoolPosition(numbers[1], numbers[2], numbers[3], numbers[4]);
        return new Cursor(log, exporter, slots, new State(position, numbers[5], numbers[6]));
    }

    /** In place of one that cannot be read: at no place, until it is given one. */
    static Cursor lost(StreamLog log, String exporter) {
        SlotFile slots = new SlotFile(log.disk, path(log, exporter));
        return new Cursor(log, exporter, slots, new State(new SpoolPosition(-1, 0, 0, 0), 0, 0));
    }

    /** Whether, where it was read, the newest that was written may not have been whole. */
    boolean isTorn() {
        return slots.isTorn();
    }

    /** Whether it has passed all that is no longer there: what is behind every cursor is deleted once they are durable. */
    boolean hasPassedMore() {
        return isTorn() || state.position().segment() < 0;
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

    private long[] numbers(State now) {
        SpoolPosition at = now.position;
        return new long[] {
            FORMAT, at.segment(), at.block(), at.offset(), at.sequence(), now.delivered, now.skipped, identity
        };
    }

    synchronized void retire() throws IOException {
        retired = true;
        close();
        disk.delete(slots.path());
    }
}
