package dev.throughline.spool;

import dev.throughline.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The segment files of a stream's directory. What has a segment's name and is another, by its own header or by its blocks, is set
 * aside before it can say anything about the stream.
 */
final class SegmentFiles {
    private final StreamLog log;
    private final BlockScan scan;
    private long unfinished = -1;

    SegmentFiles(StreamLog log, BlockScan scan) {
        this.log = log;
        this.scan = scan;
    }

    /** What a file with a segment's name is. */
    private enum Content {
        SEGMENT,
        /** Another segment, or none. */
        FOREIGN,
        /** Neither a header nor a block is whole. */
        NOTHING
    }

    /** Base sequences of the segments, rising. */
    List<Long> bases() throws IOException {
        List<Long> kept = new ArrayList<>();
        long next = Long.MAX_VALUE;
        for (long base : named().reversed()) {
            Path path = Layout.segmentPath(log.directory, base);
            Content content = read(path, base, next);
            if (content == Content.SEGMENT) {
                kept.add(base);
                next = base;
            } else if (content == Content.NOTHING && kept.isEmpty() && unfinished < 0) {
                unfinished = base;
            } else {
                setAside(base);
            }
        }
        return kept.reversed();
    }

    /** The newest, where there is nothing whole in it, or -1: it was being made, or its content is gone. */
    long unfinished() {
        return unfinished;
    }

    void setAside(long base) throws IOException {
        log.damage.setAside(
                Layout.segmentPath(log.directory, base),
                RecoveryReport.Kind.NOT_A_SEGMENT,
                "is not the segment that its name says");
    }

    private List<Long> named() throws IOException {
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

    private Content read(Path path, long base, long next) throws IOException {
        try (Disk.OpenFile file = log.disk.open(path)) {
            scan.reset();
            if (scan.hasFileHeader(file, base)) {
                return Content.SEGMENT;
            }
            if (scan.hasFileHeaderOfAnother(file)) {
                return Content.FOREIGN;
            }
            Layout.Block first = scan.nextBlock(file, 0, file.length());
            if (first == null) {
                return Content.NOTHING;
            }
            boolean fits = first.baseSequence() >= base && first.baseSequence() < next;
            return fits ? Content.SEGMENT : Content.FOREIGN;
        } catch (Disk.RefusedException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static SpoolException unreadable(Path path, IOException e) {
        return new SpoolException(
                SpoolException.UNREADABLE,
                path + " cannot be read" + PrivateFiles.reason(e)
                        + "; see to the disk and the file's permissions, or move it out of the spool to go on without its records",
                e);
    }
}
