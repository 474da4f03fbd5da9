package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens all streams of a directory, and decides about the group that was last being written. */
final class Recovery {
    private static final String MARK = "commit.mark";

    private final Path directory;
    private final Disk disk;
    private final SpoolConfig config;
    private final RecoveryFindings findings = new RecoveryFindings();
    private final Map<Stream, StreamRecovery> streams = new EnumMap<>(Stream.class);

    private final Map<StreamLog, List<Cursor>> cursors = new HashMap<>();
    private final DamagedFiles damaged;

    Recovery(Path directory, Disk disk, SpoolConfig config) {
        this.damaged = new DamagedFiles(disk, directory);
        this.directory = directory;
        this.disk = disk;
        this.config = config;
    }

    /**
     * What is found.
     *
     * @param lastGroup highest number that any group had
     */
    record Recovered(
            Map<Stream, StreamLog> logs,
            CommitMark mark,
            DamagedFiles damaged,
            long lastGroup,
            RecoveryReport report) {}

    Recovered run() throws IOException {
        Window window = new Window(BlockScan.WINDOW_BYTES);
        OwnFiles.require(directory.resolve(MARK));
        OwnFiles.requireDirectory(directory.resolve(DamagedFiles.DIRECTORY));
        CommitMark mark = CommitMark.open(disk, directory.resolve(MARK));
        for (Stream stream : Stream.values()) {
            Path path = directory.resolve(stream.label());
            prepare(path);
            StreamLog log = new StreamLog(stream, path, disk, config.segmentBytes(stream), damaged);
            if (!log.damage.load(findings::damage)) {
                findings.bookkeeping(stream, DamageLedger.FILE_NAME);
            }
            long hinted = readCursors(log);
            StreamRecovery recovery =
                    new StreamRecovery(log, mark, findings, new BlockScan(stream, window), mark.isFound() ? 0 : hinted);
            recovery.scan();
            streams.put(stream, recovery);
        }
        disk.forceDirectory(directory);
        Layout.Block last = lastBlock();
        if (last != null) {
            settle(last, mark);
            if (!mark.isFound()) {
                findings.bookkeeping(last.stream(), MARK);
            }
        }
        Map<Stream, StreamLog> logs = new EnumMap<>(Stream.class);
        for (StreamRecovery recovery : streams.values()) {
            finish(recovery, mark);
            logs.put(recovery.log.stream, recovery.log);
        }
        long lastGroup = Math.max(mark.group(), last == null ? 0 : last.group());
        if (mark.write(lastGroup, logs.values())) {
            mark.force();
            disk.forceDirectory(directory);
        }
        return new Recovered(logs, mark, damaged, lastGroup, findings.report(logs.values()));
    }

    private void prepare(Path path) throws IOException {
        OwnFiles.requireDirectory(path);
        disk.createDirectory(path);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.{seg,cursor,ledger,new}")) {
            for (Path file : files) {
                OwnFiles.require(file);
            }
        }
    }

    private void finish(StreamRecovery recovery, CommitMark mark) throws IOException {
        StreamLog log = recovery.log;
        recovery.finish();
        placeCursors(log);
        long oldest = mark.oldestSequence(log.stream);
        if (log.cursors.isEmpty() && oldest >= 0 && oldest < log.oldestSequence()) {
            log.damage.missing(log.segments.firstEntry().getValue(), oldest, log.oldestSequence());
        }
        recovery.examine();
        log.damage.recovered();
        log.trim();
    }

    private Layout.@Nullable Block lastBlock() {
        Layout.Block last = null;
        for (StreamRecovery recovery : streams.values()) {
            Layout.Block block = recovery.lastBlock();
            if (block != null && (last == null || block.group() > last.group())) {
                last = block;
            }
        }
        return last;
    }

    /**
     * A group begins only when the one before it is durable. So all but the last are committed, and the last is if the mark
     * says so or if it is whole in all of its streams.
     */
    private void settle(Layout.Block last, CommitMark mark) throws IOException {
        boolean committed = last.group() <= mark.group();
        for (StreamRecovery recovery : streams.values()) {
            committed |= recovery.isKnownAt(last.group());
        }
        if (!committed) {
            committed = true;
            for (StreamRecovery recovery : streams.values()) {
                committed &= !last.hasPartIn(recovery.log.stream) || recovery.isWholeAt(last.group());
            }
        }
        for (StreamRecovery recovery : streams.values()) {
            if (!committed && recovery.endsWith(last.group())) {
                recovery.dropLastBlock(recovery.isWholeAt(last.group()));
            } else {
                recovery.checkLastBlock();
            }
        }
    }

    /** How far any of them is. */
    private long readCursors(StreamLog log) throws IOException {
        List<Cursor> found = new ArrayList<>();
        long furthest = 0;
        for (String exporter : cursorNames(log.directory)) {
            Cursor cursor = Cursor.load(log, exporter);
            found.add(cursor);
            furthest = Math.max(furthest, cursor.position().sequence());
        }
        cursors.put(log, found);
        return furthest;
    }

    private void placeCursors(StreamLog log) throws IOException {
        for (Cursor cursor : cursors.getOrDefault(log, List.of())) {
            SpoolPosition from = cursor.position();
            SpoolPosition to = placeFor(log, from);
            if (!to.equals(from)) {
                // Records that are gone were skipped; without a place to start from nothing can be said.
                long lost = from.segment() < 0 ? 0 : Math.max(0, to.sequence() - from.sequence());
                if (lost > 0) {
                    Segment next = Objects.requireNonNull(log.segments.get(to.segment()));
                    log.damage.missing(next, from.sequence(), to.sequence());
                    cursor.advance(to, 0, lost);
                } else {
                    cursor.jump(to);
                }
                findings.moved(log.stream, cursor.exporter, from, to);
            }
            log.cursors.put(cursor.exporter, cursor);
        }
    }

    private static SpoolPosition placeFor(StreamLog log, SpoolPosition wanted) {
        SpoolPosition end = log.end();
        if (wanted.compareTo(end) > 0) {
            return end;
        }
        Segment segment = log.segmentFor(wanted);
        if (segment == null) {
            return end;
        }
        if (segment.base != wanted.segment()) {
            return SpoolPosition.startOf(segment);
        }
        if (wanted.offset() > segment.committed) {
            Segment next = log.after(segment);
            return next == null ? end : SpoolPosition.startOf(next);
        }
        return wanted;
    }

    private static List<String> cursorNames(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + Layout.CURSOR_SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                names.add(name.substring(0, name.length() - Layout.CURSOR_SUFFIX.length()));
            }
        }
        return names;
    }
}
