package dev.throughline.spool;

import dev.throughline.spool.RecoveryReport.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    StreamRecovery(StreamLog log, CommitMark mark, RecoveryFindings findings, BlockScan scan) {
        this.log = log;
        this.mark = mark;
        this.findings = findings;
        this.scan = scan;
    }

    Layout.@Nullable Block lastBlock() {
        return lastBlock;
    }

    void scan() throws IOException {
        List<Long> bases = bases();
        sequence = bases.isEmpty() ? 0 : bases.getFirst();
        for (int i = 0; i < bases.size(); i++) {
            long base = bases.get(i);
            boolean last = i == bases.size() - 1;
            Path path = Layout.segmentPath(log.directory, base);
            try (Disk.OpenFile file = log.disk.open(path)) {
                scan(file, new Segment(base, path, 0), last, last ? Long.MAX_VALUE : bases.get(i + 1));
            }
        }
        long marked = mark.nextSequence(log.stream);
        if (marked > sequence) {
            findings.damage(log.stream, "", Kind.MISSING, 0, 0, marked - sequence);
            sequence = marked;
        }
    }

    private List<Long> bases() throws IOException {
        List<Long> bases = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log.directory)) {
            for (Path path : files) {
                long base = Layout.baseOf(String.valueOf(path.getFileName()));
                if (base >= 0) {
                    bases.add(base);
                }
            }
        }
        bases.sort(null);
        return bases;
    }

    private void scan(Disk.OpenFile file, Segment segment, boolean last, long nextBase) throws IOException {
        long length = file.length();
        scan.reset();
        boolean headed = scan.hasFileHeader(file, segment.base);
        long marked = mark.endIn(log.stream, segment.base);
        if (!headed && last && marked <= Layout.FILE_HEADER_BYTES && scan.nextBlock(file, 0, length) == null) {
            findings.torn(log.stream, segment.fileName(), 0, length);
            log.disk.delete(segment.path); // It was being made.
            return;
        }
        if (segment.base > sequence) {
            findings.damage(log.stream, segment.fileName(), Kind.MISSING, 0, 0, segment.base - sequence);
            sequence = segment.base;
        }
        if (!headed && last && marked <= Layout.FILE_HEADER_BYTES) {
            StreamLog.writeFileHeader(file, log.stream, segment.base); // Its first group was not yet durable.
        } else if (!headed) {
            findings.damage(log.stream, segment.fileName(), Kind.SEGMENT_HEADER, 0, Layout.FILE_HEADER_BYTES, 0);
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
            if (block.offset() > offset) {
                long lost = Math.max(0, block.baseSequence() - sequence);
                findings.damage(
                        log.stream, segment.fileName(), Kind.BLOCK_HEADER, offset, block.offset() - offset, lost);
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
        long damaged = scan.firstDamage(file, block, length);
        if (damaged != block.end() || scan.framesSeen() != block.records()) {
            long lost = Math.max(0, block.records() - scan.framesSeen());
            findings.damage(log.stream, segment.fileName(), Kind.FRAME, damaged, block.end() - damaged, lost);
        }
    }

    private void endOfLast(Disk.OpenFile file, Segment segment, long end, long length, long marked) throws IOException {
        long nextSequence = Math.max(sequence, marked > 0 ? mark.nextSequence(log.stream) : 0);
        if (marked > length) {
            findings.damage(
                    log.stream, segment.fileName(), Kind.MISSING, length, marked - length, nextSequence - sequence);
            sequence = nextSequence;
        }
        if (end >= length) {
            return;
        }
        long keep = Math.max(segment.committed, Math.min(marked, length));
        if (keep > end) {
            findings.damage(
                    log.stream, segment.fileName(), Kind.BLOCK_HEADER, end, keep - end, nextSequence - sequence);
            sequence = nextSequence;
            segment.committed = keep;
        }
        if (length > keep) {
            cutTail(file, segment, keep, length);
        }
    }

    private void endOfClosed(Disk.OpenFile file, Segment segment, long end, long length, long nextBase)
            throws IOException {
        if (end > length || length < Layout.FILE_HEADER_BYTES) {
            findings.damage(log.stream, segment.fileName(), Kind.MISSING, length, Math.max(0, end - length), -1);
        } else if (end < length) {
            long lost = nextBase - sequence;
            if (lost > 0) {
                findings.damage(log.stream, segment.fileName(), Kind.BLOCK_HEADER, end, length - end, lost);
                segment.committed = length;
                sequence = nextBase;
            } else {
                cutTail(file, segment, end, length);
            }
        }
    }

    /** Cuts off what stands behind the last block; if it is zeros, the segment was only made longer ahead of its blocks. */
    private void cutTail(Disk.OpenFile file, Segment segment, long keep, long length) throws IOException {
        long end = scan.endOfContent(file, keep, length);
        if (end > keep) {
            findings.torn(log.stream, segment.fileName(), keep, end - keep);
        }
        cutAt(file, segment, keep);
    }

    private void cutAt(Disk.OpenFile file, Segment segment, long length) throws IOException {
        file.truncate(length);
        file.force();
        segment.committed = length;
        cut = true;
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
            if (whole) {
                findings.incomplete(log.stream, lastBlockSegment.fileName(), from, bytes);
            } else {
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
    }
}
