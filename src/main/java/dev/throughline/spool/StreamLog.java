package dev.throughline.spool;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One stream's segment files and cursors. {@link #write}, {@link #force}, {@link #publish} and {@link #rollback} are the commit
 * thread's; the rest is for any thread.
 */
final class StreamLog {
    private static final Logger LOG = Logger.getLogger(StreamLog.class);
    /** How far a segment is made longer ahead of its blocks; what recovery may have to look through for nothing. */
    private static final long EXTEND_BYTES = 8L << 20;

    final Stream stream;
    final Path directory;
    final Disk disk;
    final StreamDamage damage;
    final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    final Map<String, Cursor> cursors = new ConcurrentHashMap<>();
    private final AtomicLong diskBytes = new AtomicLong();
    private final long segmentBytesMax;
    private final Arrivals arrivals = new Arrivals();
    /** Held while where the stream ends, in bytes and in records, moves on together. */
    private final Object endLock = new Object();

    private volatile Runnable trimmed = () -> {};
    private volatile long nextSequence;
    private volatile long lastReceivedMillis;
    private long openedAtSequence;

    // The commit thread's.
    private final byte[] scratch = new byte[Layout.BLOCK_HEADER_BYTES];
    /** Where in the buffer the content starts that is being gathered. */
    private int contentFrom;

    private Disk.@Nullable OpenFile file;
    private Segment active;
    private boolean suspect;
    private long extendedTo;
    private long writtenEnd;
    private long writtenSequence;
    private long writtenReceivedMillis;

    StreamLog(Stream stream, Path directory, Disk disk, long segmentBytesMax, DamagedFiles damaged) {
        this.stream = stream;
        this.directory = directory;
        this.disk = disk;
        this.damage = new StreamDamage(stream, directory, disk, damaged);
        this.segmentBytesMax = segmentBytesMax;
        this.active = new Segment(0, Layout.segmentPath(directory, 0), Layout.FILE_HEADER_BYTES);
    }

    /** Takes over what recovery found; segments are in place. */
    void recovered(long sequence, long receivedMillis, boolean rollFirst) throws IOException {
        nextSequence = sequence;
        openedAtSequence = sequence;
        lastReceivedMillis = receivedMillis;
        diskBytes.set(segments.values().stream().mapToLong(s -> s.committed).sum());
        Map.Entry<Long, Segment> last = segments.lastEntry();
        if (last == null) {
            roll();
        } else {
            active = last.getValue();
            if (rollFirst && !active.isEmpty()) {
                roll();
            } else {
                file = disk.openForAppending(active.path);
            }
        }
        writtenEnd = active.committed;
        writtenSequence = nextSequence;
    }

    long nextSequence() {
        return nextSequence;
    }

    long openedAtSequence() {
        return openedAtSequence;
    }

    long lastReceivedMillis() {
        return lastReceivedMillis;
    }

    long diskBytes() {
        return diskBytes.get();
    }

    SpoolPosition start() {
        return SpoolPosition.startOf(segments.firstEntry().getValue());
    }

    /** Behind the last record: nothing is committed between its numbers. */
    SpoolPosition end() {
        synchronized (endLock) {
            Segment last = segments.lastEntry().getValue();
            long offset = last.committed;
            return new SpoolPosition(last.base, offset, offset, nextSequence);
        }
    }

    /** The place of the cursor that is furthest behind, or null where there is none. */
    @Nullable
    SpoolPosition slowest() {
        return cursors.values().stream()
                .map(Cursor::position)
                .min(SpoolPosition::compareTo)
                .orElse(null);
    }

    long oldestSequence() {
        Map.Entry<Long, Segment> first = segments.firstEntry();
        return first == null ? nextSequence : first.getKey();
    }

    /** Writes one block behind what is committed; it counts only after {@link #publish}. */
    void write(long group, int streams, List<MaskedRecords> parts, ByteBuffer buffer) throws IOException {
        long length = 0;
        int records = 0;
        for (MaskedRecords part : parts) {
            length += part.length();
            records += part.count();
        }
        long bytes = Layout.BLOCK_HEADER_BYTES + length;
        if (suspect || file == null) {
            roll();
        } else if (!active.isEmpty() && active.committed + bytes > segmentBytesMax) {
            rollIfFilesCanBeOpened();
        }
        long offset = active.committed;
        writtenEnd = offset + bytes;
        writtenSequence = nextSequence + records;
        writtenReceivedMillis = receivedMillis(parts.getFirst());
        extend();
        Layout.Block block = new Layout.Block(
                group, nextSequence, writtenReceivedMillis, streams, Math.toIntExact(length), records, stream, offset);
        clear(buffer, offset);
        Layout.putBlock(buffer, scratch, block);
        for (MaskedRecords part : parts) {
            offset = write(part, buffer, offset);
        }
        flush(buffer, offset);
    }

    /** Spares the force a change of the file's length. Where it fails, the write itself will say why. */
    private void extend() throws IOException {
        if (writtenEnd <= extendedTo) {
            return;
        }
        extendedTo = writtenEnd + EXTEND_BYTES;
        try {
            open().extend(extendedTo);
        } catch (Disk.FullException e) {
            extendedTo = 0;
        }
    }

    private static long receivedMillis(MaskedRecords part) {
        int first = 0;
        while (part.chunkLength(first) == 0) {
            first++;
        }
        return new RecordFrame().wrap(part.chunk(first), 0).receivedMillis();
    }

    private long write(MaskedRecords part, ByteBuffer buffer, long offset) throws IOException {
        long at = offset;
        for (int chunk = 0; chunk < part.chunks(); chunk++) {
            int from = 0;
            while (from < part.chunkLength(chunk)) {
                if (!buffer.hasRemaining()) {
                    at = flush(buffer, at);
                }
                int count = Math.min(buffer.remaining(), part.chunkLength(chunk) - from);
                buffer.put(part.chunk(chunk), from, count);
                from += count;
            }
        }
        return at;
    }

    private long flush(ByteBuffer buffer, long offset) throws IOException {
        buffer.limit(buffer.position()).position(contentFrom);
        long end = offset + buffer.remaining();
        open().writeAll(buffer, offset);
        clear(buffer, end);
        return end;
    }

    private void clear(ByteBuffer buffer, long offset) throws IOException {
        open().clear(buffer, offset);
        contentFrom = buffer.position();
    }

    private Disk.OpenFile open() throws IOException {
        if (file == null) {
            throw new IOException("no segment is open");
        }
        return file;
    }

    void force() throws IOException {
        try {
            open().force();
            if (!open().isInPlace()) {
                throw new IOException("the segment is no longer at its path");
            }
        } catch (IOException e) {
            suspect = true;
            throw e;
        }
    }

    /** What {@link #write} wrote is durable: readers may have it. */
    void publish() {
        diskBytes.addAndGet(writtenEnd - active.committed);
        if (active.isEmpty()) {
            active.firstReceivedMillis = writtenReceivedMillis;
        }
        lastReceivedMillis = writtenReceivedMillis;
        synchronized (endLock) {
            nextSequence = writtenSequence;
            active.committed = writtenEnd;
        }
        arrivals.wake();
    }

    /** Takes back what {@link #write} wrote, as durably as the disk lets us; else the segment gets no more blocks. */
    void rollback() {
        writtenEnd = active.committed;
        writtenSequence = nextSequence;
        if (file == null) {
            return;
        }
        extendedTo = 0;
        try {
            file.truncate(active.committed);
            file.force();
        } catch (IOException e) {
            suspect = true;
        }
    }

    /** Where the segment will end once what is written is published. */
    long writtenEnd() {
        return writtenEnd;
    }

    long writtenSequence() {
        return writtenSequence;
    }

    long activeBase() {
        return active.base;
    }

    /** A segment may become longer than its bound while there is no descriptor for the next. */
    private void rollIfFilesCanBeOpened() throws IOException {
        try {
            roll();
        } catch (Disk.TooManyOpenFilesException e) {
            if (suspect || file == null) {
                throw e;
            }
        }
    }

    /**
     * Starts the next segment and closes the one before, which stays as it is where that fails. One that is empty is replaced, since
     * the next would have its name.
     */
    private void roll() throws IOException {
        Segment next = new Segment(nextSequence, Layout.segmentPath(directory, nextSequence), Layout.FILE_HEADER_BYTES);
        boolean replaces = segments.containsKey(next.base);
        if (replaces) {
            disk.delete(next.path);
        }
        Disk.OpenFile created = disk.openForAppending(next.path);
        try {
            created.truncate(0);
            writeFileHeader(created, stream, next.base);
            disk.forceDirectory(directory);
        } catch (IOException e) {
            created.close();
            discard(next.path, replaces);
            throw e;
        }
        closeFile();
        Segment replaced = segments.put(next.base, next);
        if (replaced != null) {
            replaced.removed = true;
        } else {
            diskBytes.addAndGet(Layout.FILE_HEADER_BYTES);
        }
        active = next;
        extendedTo = 0;
        file = created;
        suspect = false;
        trim();
    }

    static void writeFileHeader(Disk.OpenFile target, Stream stream, long base) throws IOException {
        target.writeAll(ByteBuffer.wrap(Layout.fileHeader(stream, base)), 0);
    }

    private void discard(Path path, boolean replaces) {
        try {
            if (!replaces) {
                disk.delete(path);
            }
        } catch (IOException e) {
            // The next roll truncates it; recovery takes an empty segment as it is.
            suspect = true;
        }
    }

    private void closeFile() {
        try {
            if (file != null) {
                file.truncate(active.committed);
                file.close();
            }
        } catch (IOException e) {
            suspect = true; // Everything committed was forced before; recovery takes zeros behind it for what they are.
        } finally {
            file = null;
        }
    }

    /** The segment in which reading goes on from {@code position}, or null where there is none at or behind it. */
    @Nullable
    Segment segmentFor(SpoolPosition position) {
        Map.Entry<Long, Segment> entry = segments.ceilingEntry(position.segment());
        return entry == null ? null : entry.getValue();
    }

    @Nullable
    Segment after(Segment segment) {
        Map.Entry<Long, Segment> entry = segments.higherEntry(segment.base);
        return entry == null ? null : entry.getValue();
    }

    boolean hasMoreThan(SpoolPosition position) {
        for (Segment segment : segments.tailMap(position.segment(), true).values()) {
            long from = segment.base == position.segment() ? position.offset() : Layout.FILE_HEADER_BYTES;
            if (segment.committed > from) {
                return true;
            }
        }
        return false;
    }

    long bytesAfter(SpoolPosition position) {
        long bytes = 0;
        for (Segment segment : segments.tailMap(position.segment(), true).values()) {
            long from = segment.base == position.segment() ? position.offset() : Layout.FILE_HEADER_BYTES;
            bytes += Math.max(0, segment.committed - from);
        }
        return bytes;
    }

    /** When the next record behind {@code position} was received (its group's first), or 0 where there is none. */
    long receivedMillisAt(SpoolPosition position) {
        for (Segment segment : segments.tailMap(position.segment(), true).values()) {
            long block = segment.base == position.segment() ? position.block() : Layout.FILE_HEADER_BYTES;
            long offset = segment.base == position.segment() ? position.offset() : Layout.FILE_HEADER_BYTES;
            if (segment.committed > offset) {
                return block == Layout.FILE_HEADER_BYTES ? segment.firstReceivedMillis : receivedMillis(segment, block);
            }
        }
        return 0;
    }

    private long receivedMillis(Segment segment, long block) {
        try (Disk.OpenFile reading = disk.openForReading(segment.path)) {
            byte[] header = new byte[Layout.BLOCK_HEADER_BYTES];
            ByteBuffer target = ByteBuffer.wrap(header);
            while (target.hasRemaining() && reading.read(target, block + target.position()) > 0) {
                // Until the header is read or the file ends.
            }
            boolean whole = Layout.isBlock(header, 0, stream, block);
            return whole ? Layout.block(header, 0).receivedMillis() : segment.firstReceivedMillis;
        } catch (IOException e) {
            return segment.firstReceivedMillis;
        }
    }

    /** Waits until there is something behind the position, the time is over or the spool closes. */
    boolean await(SpoolPosition position, long nanos) throws InterruptedException {
        return arrivals.await(() -> hasMoreThan(position), nanos);
    }

    /** Deletes segments that every cursor has left behind. The last one stays, and without a cursor all stay. */
    synchronized void trim() {
        Collection<Cursor> holders = cursors.values();
        Map.Entry<Long, Segment> last = segments.lastEntry();
        if (holders.isEmpty()
                || last == null
                || !isBehindAll(segments.firstEntry().getValue(), last.getValue())) {
            return;
        }
        for (Cursor cursor : holders) {
            if (!cursor.force()) {
                return;
            }
        }
        for (Segment segment : segments.values()) {
            if (!isBehindAll(segment, last.getValue())) {
                break;
            }
            remove(segment);
            damage.settle(oldestSequence());
        }
        trimmed.run();
    }

    /** What is done once segments are deleted. */
    void whenTrimmed(Runnable task) {
        trimmed = task;
    }

    private boolean isBehindAll(Segment segment, Segment last) {
        if (segment.base >= last.base) {
            return false;
        }
        for (Cursor cursor : cursors.values()) {
            SpoolPosition at = cursor.position();
            if (at.segment() < segment.base || (at.segment() == segment.base && at.offset() < segment.committed)) {
                return false;
            }
        }
        return true;
    }

    private void remove(Segment segment) {
        segment.removed = true;
        segments.remove(segment.base);
        diskBytes.addAndGet(-segment.committed);
        try {
            disk.delete(segment.path);
        } catch (IOException e) {
            // It is found again, and deleted again, at the next start; until then it is not counted.
            LOG.warnf("segment not deleted: stream=%s file=%s", stream.label(), segment.fileName());
        }
    }

    /** Lets readers go that wait. */
    void stop() {
        arrivals.end();
    }

    void close() {
        stop();
        closeFile();
    }
}
