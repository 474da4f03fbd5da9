package dev.throughline.spool;

import dev.throughline.spool.RecoveryReport.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream's block headers (and the frames of its last segment), cuts off what was never committed, and finds the last
 * group. Memory does not depend on the backlog.
 */
final class StreamRecovery {
    final StreamLog log;
    private final CommitMark mark;
    private final RecoveryFindings findings;
    private final BlockScan scan;
    private long sequence;
    private Layout.@Nullable Block lastBlock;
    private @Nullable Segment lastBlockSegment;
    private boolean cut;
    /** Segments that are to be read whole, since something in or behind them is not as it should be. */
    private final NavigableSet<Long> suspects = new TreeSet<>();
    /** How far cursors say that there were records; only where the mark does not say it. */
    private final long hinted;

    StreamRecovery(StreamLog log, CommitMark mark, RecoveryFindings findings, BlockScan scan, long hinted) {
        this.log = log;
        this.mark = mark;
        this.findings = findings;
        this.scan = scan;
        this.hinted = hinted;
    }

    Layout.@Nullable Block lastBlock() {
        return lastBlock;
    }

    /** Whether there is anything that was written after the spool was made. */
    boolean isUsed() {
        return lastBlock != null || sequence > 0;
    }

    void scan() throws IOException {
        SegmentFiles files = new SegmentFiles(log, scan);
        List<Long> bases = files.bases();
        sequence = bases.isEmpty() ? 0 : bases.getFirst();
        for (int i = 0; i < bases.size(); i++) {
            long base = bases.get(i);
            boolean last = i == bases.size() - 1;
            Path path = Layout.segmentPath(log.directory, base);
            try (Disk.OpenFile file = log.disk.open(path)) {
                scan(file, new Segment(base, path, 0), last, last ? Long.MAX_VALUE : bases.get(i + 1));
            } catch (Disk.RefusedException e) {
                throw e;
            } catch (IOException e) {
                throw SegmentFiles.unreadable(path, e);
            }
        }
        if (known() > sequence) {
            suspectLast();
            sequence = known();
        }
        settle(files, files.unfinished());
    }

    /** How many records there are at least. */
    private long known() {
        return Math.max(mark.nextSequence(log.stream), hinted);
    }

    private void suspectLast() {
        if (!log.segments.isEmpty()) {
            suspects.add(log.segments.lastKey());
        }
    }

    /** What was being made when the process ended is made again; any other file without content is none of ours. */
    private void settle(SegmentFiles files, long unfinished) throws IOException {
        if (unfinished == sequence) {
            Path path = Layout.segmentPath(log.directory, unfinished);
            findings.torn(log.stream, String.valueOf(path.getFileName()), 0, Files.size(path));
            log.disk.delete(path);
        } else if (unfinished >= 0) {
            files.setAside(unfinished);
        }
    }

    private void scan(Disk.OpenFile file, Segment segment, boolean last, long nextBase) throws IOException {
        long length = file.length();
        scan.reset();
        long marked = mark.endIn(log.stream, segment.base);
        if (segment.base > sequence) {
            suspectLast();
            sequence = segment.base;
        }
        if (!scan.hasFileHeader(file, segment.base)) {
            header(segment, last && marked <= Layout.FILE_HEADER_BYTES, file);
        }
        long end = scanBlocks(file, segment, length, last, nextBase);
        segment.committed = Math.max(Layout.FILE_HEADER_BYTES, Math.min(end, length));
        if (last) {
            endOfLast(file, segment, end, length, marked);
        } else {
            endOfClosed(file, segment, end, length, nextBase);
        }
        log.segments.put(segment.base, segment);
    }

    private void header(Segment segment, boolean wasBeingMade, Disk.OpenFile file) throws IOException {
        if (!wasBeingMade) {
            log.damage.passedOver(
                    List.of(new PassedOver(segment, Kind.SEGMENT_HEADER, 0, Layout.FILE_HEADER_BYTES, 0, 0)));
        }
        StreamLog.writeFileHeader(file, log.stream, segment.base);
        file.force();
    }

    /** Where the last block ends that the headers tell of: before, at or behind the file's end. */
    private long scanBlocks(Disk.OpenFile file, Segment segment, long length, boolean last, long nextBase)
            throws IOException {
        long offset = Layout.FILE_HEADER_BYTES;
        Layout.Block unchecked = null;
        while (offset < length) {
            Layout.Block block = scan.blockAt(file, offset, length);
            if (block == null && scan.endOfContent(file, offset, length) == offset) {
                break; // Made longer ahead of its blocks.
            }
            if (block == null) {
                block = scan.nextBlock(file, offset + 1, length);
            }
            if (block == null || block.baseSequence() >= nextBase) {
                break;
            }
            if (unchecked != null) {
                checkFrames(file, segment, unchecked, length);
            }
            if (block.offset() > offset || block.baseSequence() != sequence) {
                suspects.add(segment.base);
            }
            unchecked = last ? block : null;
            if (segment.firstReceivedMillis == 0) {
                segment.firstReceivedMillis = block.receivedMillis();
            }
            lastBlock = block;
            lastBlockSegment = segment;
            sequence = Math.max(sequence, block.endSequence());
            offset = block.end();
        }
        return offset;
    }

    private void checkFrames(Disk.OpenFile file, Segment segment, Layout.Block block, long length) throws IOException {
        if (scan.firstDamage(file, block, length) != block.end() || scan.framesSeen() != block.records()) {
            suspects.add(segment.base);
        }
    }

    private void endOfLast(Disk.OpenFile file, Segment segment, long end, long length, long marked) throws IOException {
        if (end > length || marked > length || known() > sequence) {
            suspects.add(segment.base);
        }
        if (end >= length) {
            cut |= suspects.contains(segment.base); // No block goes where there was one.
            return;
        }
        long keep = Math.max(segment.committed, Math.min(marked, length));
        if (known() > sequence) { // What stands there was acknowledged.
            keep = Math.max(keep, scan.endOfContent(file, end, length));
        }
        if (keep > end) {
            segment.committed = keep;
        }
        if (length > keep) {
            cutTail(file, segment, keep, length);
        }
    }

    private void endOfClosed(Disk.OpenFile file, Segment segment, long end, long length, long nextBase)
            throws IOException {
        if (nextBase > sequence || end > length) {
            suspects.add(segment.base);
            segment.committed = end < length ? scan.endOfContent(file, end, length) : segment.committed;
        } else if (end < length) {
            cutTail(file, segment, end, length);
        }
    }

    /** Cuts off what stands behind the last block; if it is zeros, the segment was only made longer ahead of its blocks. */
    private void cutTail(Disk.OpenFile file, Segment segment, long keep, long length) throws IOException {
        long end = scan.endOfContent(file, keep, length);
        if (end > keep && !keptAside(segment, keep, end)) {
            findings.torn(log.stream, segment.fileName(), keep, end - keep);
        }
        cutAt(file, segment, keep);
    }

    /** Where the mark does not tell that these bytes were never acknowledged, they are not thrown away. */
    private boolean keptAside(Segment segment, long from, long to) throws IOException {
        if (mark.isCertain()) {
            return false;
        }
        log.damage.passedOver(List.of(new PassedOver(segment, Kind.TORN_TAIL, from, to, 0, 0)));
        findings.cut(to - from);
        return true;
    }

    private void cutAt(Disk.OpenFile file, Segment segment, long length) throws IOException {
        file.truncate(length);
        file.force();
        segment.committed = length;
        cut = true;
    }

    /** Whether the mark, or a cursor, knows of records of the last block. */
    boolean isKnownAt(long group) {
        return lastBlock != null && lastBlock.group() == group && lastBlock.baseSequence() < known();
    }

    boolean endsWith(long group) {
        return lastBlock != null && lastBlock.group() == group;
    }

    boolean isWholeAt(long group) throws IOException {
        if (lastBlock == null || lastBlockSegment == null || lastBlock.group() != group) {
            return false;
        }
        try (Disk.OpenFile file = log.disk.openForReading(lastBlockSegment.path)) {
            scan.reset();
            return scan.firstDamage(file, lastBlock, file.length()) == lastBlock.end()
                    && scan.framesSeen() == lastBlock.records();
        }
    }

    /** Cuts the last block off: its group was never acknowledged. */
    void dropLastBlock(boolean whole) throws IOException {
        if (lastBlock == null || lastBlockSegment == null) {
            return;
        }
        long from = lastBlock.offset();
        try (Disk.OpenFile file = log.disk.open(lastBlockSegment.path)) {
            scan.reset();
            long bytes = scan.endOfContent(file, from, file.length()) - from;
            boolean kept = keptAside(lastBlockSegment, from, from + bytes);
            if (!kept && whole) {
                findings.incomplete(log.stream, lastBlockSegment.fileName(), from, bytes);
            } else if (!kept) {
                findings.torn(log.stream, lastBlockSegment.fileName(), from, bytes);
            }
            cutAt(file, lastBlockSegment, from);
        }
        long last = log.segments.isEmpty() ? 0 : log.segments.lastKey();
        sequence = Math.max(lastBlock.baseSequence(), last);
    }

    /** Says what is wrong with a last block that stays. */
    void checkLastBlock() throws IOException {
        if (lastBlock != null && lastBlockSegment != null) {
            try (Disk.OpenFile file = log.disk.openForReading(lastBlockSegment.path)) {
                scan.reset();
                checkFrames(file, lastBlockSegment, lastBlock, file.length());
            }
        }
    }

    /** Hands the stream over, ready to be written. A segment that was cut gets no more blocks: no place is used twice. */
    void finish() throws IOException {
        boolean behind =
                log.segments.isEmpty() || log.segments.lastEntry().getValue().isEmpty();
        log.recovered(sequence, lastBlock == null ? 0 : lastBlock.receivedMillis(), cut && !behind);
        log.force();
        log.disk.forceDirectory(log.directory); // Held from here on: the next segment needs no other descriptor.
    }

    /** Reads on from the slowest cursor what is damaged, so that it is known now what is lost and not only when it is read. */
    void examine() throws IOException {
        SpoolPosition slowest = log.slowest();
        for (long base : suspects) {
            Segment segment = log.segments.get(base);
            if (segment == null) {
                continue;
            }
            long known = findings.count();
            if (slowest == null || slowest.segment() <= base) {
                FrameWalk walk = new FrameWalk(log);
                walk.reset(slowest != null && slowest.segment() == base ? slowest : SpoolPosition.startOf(segment));
                walk.finishSegment();
            }
            if (findings.count() == known) {
                findings.delivered(log.stream, segment.fileName());
            }
        }
    }
}
