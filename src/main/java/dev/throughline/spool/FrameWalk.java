package dev.throughline.spool;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks over a stream's frames from a place on. What damage has made unreadable is passed over to the next whole frame: within
 * a block, and, where a block's header is damaged, up to the next block. All of it is taken down as the stream's damage before
 * anything behind it is given out. One thread.
 *
 * <p>Within a block the sequence counts the frames that are whole; those that are lost are known at its end, and are then the last
 * of its sequences. So the sequences that two walks miss in a block, from wherever they start, lie within each other.
 */
final class FrameWalk {
    /** An idle walk keeps no more than this. */
    private static final int IDLE_BYTES_MAX = 64 << 10;

    private static final int BATCH_BYTES = 256 << 10;
    /** Places held until they are taken down. */
    private static final int PASSED_MAX = 1_000;

    private final StreamLog log;
    private final Window window = new Window(0);
    private @Nullable BlockScan scan;
    private final CRC32C crc = new CRC32C();
    private @Nullable Segment segment;
    private Disk.@Nullable OpenFile file;
    private long at;
    private long sequence;
    private long blockStart;
    private long blockEnd;
    /** What the sequence is at the block's end, or 0 where its header is damaged and nothing follows. */
    private long blockEndSequence;

    private long skipped;
    private final PassedPlaces passed = new PassedPlaces();
    private boolean oneSegment;

    FrameWalk(StreamLog log) {
        this.log = log;
    }

    /** Goes to a place. */
    void reset(SpoolPosition position) throws IOException {
        close();
        skipped = 0;
        passed.clear();
        sequence = position.sequence();
        segment = null;
        Segment found = log.segmentFor(position);
        if (found == null) {
            throw new IOException("the position is behind the last segment");
        }
        enter(found);
        if (found.base == position.segment() && file != null) {
            at = position.offset();
            blockStart = position.block();
            passed.blockAt(blockStart);
            blockEnd = at;
            if (at > blockStart) {
                resumeWithinBlock(found);
            }
        }
    }

    private void resumeWithinBlock(Segment found) throws IOException {
        long limit = found.committed;
        Layout.Block block = scan().blockAt(file(), blockStart, limit);
        if (block == null) {
            block = scan().nextBlock(file(), at, limit);
            blockEnd = block == null ? limit : block.offset();
            blockEndSequence = block == null ? 0 : block.baseSequence();
        } else {
            blockEnd = Math.min(block.end(), limit);
            blockEndSequence = block.endSequence();
        }
        leaveBlockAtItsEnd();
    }

    SpoolPosition position() {
        return new SpoolPosition(current().base, blockStart, at, sequence);
    }

    /** The file and the offset where it is, for people. */
    String place() {
        Segment now = segment;
        return now == null ? "its beginning" : now.fileName() + ":" + at;
    }

    /** Records passed over since this was last asked. */
    long takeSkipped() {
        long taken = skipped;
        skipped = 0;
        return taken;
    }

    /** The next frames, or null where there are none; at most what {@code bytesMax} holds, but one frame however large. */
    @Nullable
    RecordBatch next(int bytesMax, int recordsMax) throws IOException {
        int wanted = bytesMax;
        while (hasBytes()) {
            long limit = current().committed;
            int count = (int) Math.min(wanted, limit - at);
            window.fill(file(), at, count);
            RecordBatch batch = new RecordBatch(log.stream, window.bytes);
            int needed = collect(batch, recordsMax, limit);
            if (!batch.isEmpty()) {
                tell();
                return batch;
            }
            if (needed > 0 && window.length() < count) {
                passOverTo(limit);
            }
            wanted = Math.max(bytesMax, needed);
        }
        reachEnd();
        tell();
        idle();
        return null;
    }

    /** Walks to the end of the segment in which it is, for what is passed over on the way, and closes. */
    void finishSegment() throws IOException {
        oneSegment = true;
        RecordBatch batch = next(BATCH_BYTES, Integer.MAX_VALUE);
        while (batch != null) {
            batch = next(BATCH_BYTES, Integer.MAX_VALUE);
        }
        Segment next = log.after(current());
        reach(next == null ? log.nextSequence() : next.base);
        oneSegment = false;
        tell();
        close();
    }

    /** Behind the last block of all there is nothing that would tell how many records were before. */
    private void reachEnd() {
        SpoolPosition end = log.end();
        if (!oneSegment && end.segment() == current().base && end.offset() == at) {
            reach(end.sequence());
        }
    }

    /** The file ends before it should. */
    private void passOverTo(long limit) throws IOException {
        passed.missing(current(), at, limit);
        at = limit;
        blockEnd = Math.min(blockEnd, limit);
        leaveBlockAtItsEnd();
    }

    private void passOver(long to) {
        passed.over(at);
        at = to;
    }

    /** Has what was passed over taken down. */
    private void tell() throws IOException {
        if (oneSegment && at < blockEnd) {
            return; // At its end it is known what is lost by which.
        }
        passed.end(current(), at);
        if (passed.count() > 0) {
            log.damage.passedOver(passed.places());
            passed.told();
        }
    }

    private void idle() {
        if (window.bytes.length > IDLE_BYTES_MAX) {
            window.bytes = new byte[0];
            window.clear();
        }
        scan = null;
    }

    /** Whether there is something to read; goes on to later segments for it. */
    private boolean hasBytes() throws IOException {
        if (current().removed) {
            Segment found = Objects.requireNonNull(log.segmentFor(position()));
            boolean replaced = found.base == current().base;
            long offset = at;
            enter(found);
            at = replaced ? offset : at;
            blockStart = at;
            blockEnd = at;
        }
        while (at >= current().committed) {
            Segment next = oneSegment ? null : log.after(current());
            // It may have grown just before it was followed by another.
            if (next == null || at < current().committed) {
                return at < current().committed;
            }
            enter(next);
        }
        return true;
    }

    private void enter(Segment next) throws IOException {
        close();
        if (segment != null) {
            reach(next.base); // What is missing is told as the segment's before.
        }
        passed.blockAt(Layout.FILE_HEADER_BYTES);
        segment = next;
        window.clear();
        scan = null;
        at = Layout.FILE_HEADER_BYTES;
        blockStart = at;
        blockEnd = at;
        reach(next.base);
        try {
            file = log.disk.openForReading(next.path);
        } catch (NoSuchFileException e) {
            if (next.removed) {
                throw e;
            }
            passed.missing(next, at, next.committed);
            at = next.committed;
            blockStart = at;
            blockEnd = at;
        }
    }

    private int collect(RecordBatch batch, int recordsMax, long limit) throws IOException {
        while (batch.count() < recordsMax && at < limit) {
            if (at < blockEnd) {
                int needed = collectFrame(batch);
                if (needed > 0) {
                    return needed;
                }
            } else if (limit - at < Layout.BLOCK_HEADER_BYTES) {
                passOver(limit);
                passed.end(current(), at);
                blockStart = at;
            } else if (!window.holds(at, Layout.BLOCK_HEADER_BYTES)) {
                return Layout.BLOCK_HEADER_BYTES;
            } else {
                enterBlock(limit);
            }
        }
        return 0;
    }

    private void enterBlock(long limit) throws IOException {
        blockStart = at;
        int here = window.at(at);
        if (Layout.isBlock(window.bytes, here, log.stream, at)) {
            Layout.Block block = Layout.block(window.bytes, here);
            reach(block.baseSequence());
            passed.blockAt(at);
            at += Layout.BLOCK_HEADER_BYTES;
            blockEnd = Math.min(block.end(), limit);
            blockEndSequence = block.endSequence();
        } else {
            passed.blockAt(at);
            Layout.Block next = scan().nextBlock(file(), at + 1, limit);
            blockEnd = next == null ? limit : next.offset();
            blockEndSequence = next == null ? 0 : next.baseSequence();
        }
        leaveBlockAtItsEnd();
    }

    /** Takes one frame, or passes over one byte; how many bytes it needs from here where they are not in memory, else 0. */
    private int collectFrame(RecordBatch batch) throws IOException {
        long left = blockEnd - at;
        if (left < RecordFrame.BYTES_MIN) {
            passOver(blockEnd);
        } else if (!window.holds(at, RecordFrame.BYTES_MIN)) {
            return RecordFrame.BYTES_MIN;
        } else {
            int here = window.at(at);
            int length = Layout.plausibleFrame(window.bytes, here, left);
            if (length > 0 && !window.holds(at, length)) {
                return length;
            }
            if (length > 0 && RecordFrame.lengthIfValid(window.bytes, here, here + length, crc) == length) {
                passed.end(current(), at);
                batch.add(here);
                at += length;
                sequence++;
            } else {
                passOver(at + 1);
            }
        }
        leaveBlockAtItsEnd();
        return 0;
    }

    private void leaveBlockAtItsEnd() throws IOException {
        if (at >= blockEnd) {
            passed.end(current(), at);
            reach(blockEndSequence);
            blockStart = at;
            if (passed.count() >= PASSED_MAX) {
                tell();
            }
        }
    }

    /** Records up to this sequence that were not met are lost. */
    private void reach(long expected) {
        if (expected > sequence) {
            skipped += expected - sequence;
            passed.lost(current(), at, sequence, expected);
            sequence = expected;
        }
    }

    private BlockScan scan() {
        BlockScan found = scan;
        if (found == null) {
            found = new BlockScan(log.stream, new Window(BlockScan.WINDOW_BYTES));
            scan = found;
        }
        return found;
    }

    private Segment current() {
        return Objects.requireNonNull(segment);
    }

    private Disk.OpenFile file() {
        return Objects.requireNonNull(file);
    }

    void close() throws IOException {
        Disk.OpenFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
