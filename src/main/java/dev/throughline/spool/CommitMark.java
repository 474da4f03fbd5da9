package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * How far the spool is committed, written after each group and without a force of its own: recovery then knows damage of what
 * was acknowledged from a group that was never finished. If the machine stops, an older mark may be found; it is never ahead.
 */
final class CommitMark implements Closeable {
    private static final int STREAM_NUMBERS = 3;
    /** Where the sequences of the oldest records begin, and where the numbers of cursors do. */
    private static final int OLDEST_AT = 1 + STREAM_NUMBERS * Stream.count();

    private static final int CURSORS_AT = OLDEST_AT + Stream.count();

    private final SlotFile slots;
    private final long[] numbers = new long[CURSORS_AT + Stream.count()];
    private boolean found;
    private boolean closed;
    private int known;
    private Disk.@Nullable OpenFile file;

    private CommitMark(SlotFile slots) {
        this.slots = slots;
    }

    static CommitMark open(Disk disk, Path path) throws IOException {
        SlotFile slots = new SlotFile(disk, path);
        CommitMark mark = new CommitMark(slots);
        long[] read = slots.read();
        if (read != null) {
            System.arraycopy(read, 0, mark.numbers, 0, Math.min(read.length, mark.numbers.length));
            mark.found = true;
            mark.known = read.length;
        }
        return mark;
    }

    /** Whether there was one that is whole. */
    boolean isFound() {
        return found;
    }

    /** Whether there was one, and it is not certain that it is the newest that was written. */
    boolean isTorn() {
        return slots.isTorn();
    }

    /** Whether it tells what was committed last, as far as the page cache reached the disk. */
    boolean isCertain() {
        return found && !isTorn();
    }

    Path path() {
        return slots.path();
    }

    /** How many cursors the stream had when it was written, or 0 where it does not say. */
    long cursors(Stream stream) {
        return known < CURSORS_AT + Stream.count() ? 0 : numbers[CURSORS_AT + stream.ordinal()];
    }

    /** Sequence of the oldest record that was kept when it was written, or -1 where it does not say. */
    long oldestSequence(Stream stream) {
        return known < CURSORS_AT ? -1 : numbers[OLDEST_AT + stream.ordinal()];
    }

    /** The last group that is known to be durable, or 0. */
    long group() {
        return numbers[0];
    }

    /** Where the stream's committed bytes end if they end in that segment, or 0. */
    long endIn(Stream stream, long segmentBase) {
        int at = at(stream);
        return numbers[at] == segmentBase ? numbers[at + 1] : 0;
    }

    long nextSequence(Stream stream) {
        return numbers[at(stream) + 2];
    }

    private static int at(Stream stream) {
        return 1 + STREAM_NUMBERS * stream.ordinal();
    }

    /** Writes it; false where that failed, which costs no more than knowledge. */
    synchronized boolean write(long group, Collection<StreamLog> logs) {
        numbers[0] = group;
        for (StreamLog log : logs) {
            int at = at(log.stream);
            numbers[at] = log.activeBase();
            numbers[at + 1] = log.writtenEnd();
            numbers[at + 2] = log.writtenSequence();
            numbers[OLDEST_AT + log.stream.ordinal()] = log.oldestSequence();
            numbers[CURSORS_AT + log.stream.ordinal()] = log.cursors.size();
        }
        return write();
    }

    /** Writes it as it was, with the oldest records and the numbers of cursors as they are. From any thread. */
    synchronized void writeKept(Collection<StreamLog> logs) {
        for (StreamLog log : logs) {
            numbers[OLDEST_AT + log.stream.ordinal()] = log.oldestSequence();
            numbers[CURSORS_AT + log.stream.ordinal()] = log.cursors.size();
        }
        write();
    }

    private boolean write() {
        if (closed) {
            return false;
        }
        try {
            if (file == null) {
                file = slots.open();
            }
            slots.write(file, numbers);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Durable after this, as it was written last. */
    synchronized void force() throws IOException {
        if (file != null) {
            file.force();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (file != null) {
            file.force();
            file.close();
            file = null;
        }
    }
}
