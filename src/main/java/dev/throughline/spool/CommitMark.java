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

    private final SlotFile slots;
    private final long[] numbers = new long[1 + (STREAM_NUMBERS + 1) * Stream.count()];
    private boolean found;
    private boolean knowsOldest;
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
            mark.knowsOldest = read.length >= mark.numbers.length;
        }
        return mark;
    }

    /** Whether there was one. */
    boolean isFound() {
        return found;
    }

    /** Sequence of the oldest record that was kept when it was written, or -1 where it does not say. */
    long oldestSequence(Stream stream) {
        return !knowsOldest ? -1 : numbers[1 + STREAM_NUMBERS * Stream.count() + stream.ordinal()];
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
    boolean write(long group, Collection<StreamLog> logs) {
        numbers[0] = group;
        for (StreamLog log : logs) {
            int at = at(log.stream);
            numbers[at] = log.activeBase();
            numbers[at + 1] = log.writtenEnd();
            numbers[at + 2] = log.writtenSequence();
            numbers[1 + STREAM_NUMBERS * Stream.count() + log.stream.ordinal()] = log.oldestSequence();
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
    void force() throws IOException {
        if (file != null) {
            file.force();
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.force();
            file.close();
            file = null;
        }
    }
}
