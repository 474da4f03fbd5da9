package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which records of a stream are lost, by sequence, and which bytes of its segments are damaged: so that however many readers pass
 * over a place, and however often the spool is opened, it is counted once. Durable in a file that is replaced as a whole, and
 * made with the first damage. Callers serialise.
 */
final class DamageLedger {
    static final String FILE_NAME = "damage.ledger";
    private static final long FORMAT = 1;
    private static final int HEAD_NUMBERS = 6;
    /** Beyond, the lowest are only known as a sum; new damage below them is not counted. */
    static final int PLACES_MAX = 10_000;

    private final Disk disk;
    private final Path file;
    private final Intervals lost = new Intervals();
    private final NavigableMap<Long, Intervals> ranges = new TreeMap<>();
    private long settledRecords;
    private long settledBytes;
    /** All below this sequence is counted. */
    private long settledBelow;

    private boolean unwritten;

    DamageLedger(Disk disk, Path directory) {
        this.disk = disk;
        this.file = directory.resolve(FILE_NAME);
    }

    /** Reads what was written; false where there is a file that is not whole. */
    boolean load() throws IOException {
        if (!disk.exists(file)) {
            return true;
        }
        long[] numbers = SlotFile.readOnce(disk, file, HEAD_NUMBERS + 5 * PLACES_MAX);
        if (numbers == null || numbers.length < HEAD_NUMBERS || numbers[0] != FORMAT) {
            return false;
        }
        settledRecords = numbers[1];
        settledBytes = numbers[2];
        settledBelow = numbers[3];
        int at = HEAD_NUMBERS;
        for (long i = 0; i < numbers[4]; i++, at += 2) {
            lost.add(numbers[at], numbers[at + 1]);
        }
        for (long i = 0; i < numbers[5]; i++, at += 3) {
            rangesOf(numbers[at]).add(numbers[at + 1], numbers[at + 2]);
        }
        return true;
    }

    /** How many of these sequences were not known to be lost. */
    long lose(long from, long to) {
        long added = lost.add(Math.max(from, settledBelow), to);
        while (lost.count() > PLACES_MAX) {
            settleRecords(lost.firstEnd());
        }
        unwritten |= added > 0;
        return added;
    }

    boolean knows(long segment, long from, long to) {
        Intervals known = ranges.get(segment);
        return from >= to || (known != null && known.covers(from, to));
    }

    boolean knowsLost(long from, long to) {
        return lost.covers(Math.max(from, settledBelow), to);
    }

    /** How many of these bytes of a segment were not known to be damaged. */
    long damage(long segment, long from, long to) {
        long added = from < to ? rangesOf(segment).add(from, to) : 0;
        while (places() > PLACES_MAX) {
            settledBytes += ranges.pollFirstEntry().getValue().total();
        }
        unwritten |= added > 0;
        return added;
    }

    /** No cursor, and no segment, is before this sequence any more. */
    void settle(long below) {
        settleRecords(below);
        Map<Long, Intervals> gone = ranges.headMap(below);
        unwritten |= !gone.isEmpty();
        settledBytes += gone.values().stream().mapToLong(Intervals::total).sum();
        gone.clear();
    }

    private void settleRecords(long below) {
        long settled = lost.removeBelow(below);
        if (settled > 0) {
            settledRecords += settled;
            settledBelow = Math.max(settledBelow, below);
            unwritten = true;
        }
    }

    private Intervals rangesOf(long segment) {
        return ranges.computeIfAbsent(segment, base -> new Intervals());
    }

    private int places() {
        return ranges.values().stream().mapToInt(Intervals::count).sum();
    }

    /** Records lost, ever. */
    long records() {
        return settledRecords + lost.total();
    }

    /** Bytes damaged, ever. */
    long bytes() {
        return settledBytes
                + ranges.values().stream().mapToLong(Intervals::total).sum();
    }

    /** Makes it durable, where it changed; after an exception the next call tries again. */
    void write() throws IOException {
        if (!unwritten) {
            return;
        }
        long[] numbers = new long[HEAD_NUMBERS + 2 * lost.count() + 3 * places()];
        numbers[0] = FORMAT;
        numbers[1] = settledRecords;
        numbers[2] = settledBytes;
        numbers[3] = settledBelow;
        numbers[4] = lost.count();
        numbers[5] = places();
        int[] at = {HEAD_NUMBERS};
        lost.forEach((from, to) -> {
            numbers[at[0]++] = from;
            numbers[at[0]++] = to;
        });
        ranges.forEach((segment, intervals) -> intervals.forEach((from, to) -> {
            numbers[at[0]++] = segment;
            numbers[at[0]++] = from;
            numbers[at[0]++] = to;
        }));
        Path fresh = file.resolveSibling(FILE_NAME + ".new");
        try (Disk.OpenFile open = disk.open(fresh)) {
            open.truncate(0);
            open.writeAll(ByteBuffer.wrap(SlotFile.encode(1, numbers)), 0);
            open.force();
        }
        disk.move(fresh, file);
        unwritten = false;
    }
}
