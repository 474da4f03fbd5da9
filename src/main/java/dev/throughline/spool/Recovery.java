package dev.throughline.spool;

import dev.throughline.spool.RecoveryReport.Damage;
import dev.throughline.spool.RecoveryReport.Kind;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Opens all streams of a directory, and decides about the group that was last being written. */
final class Recovery {
    private static final String MARK = "commit.mark";

    private static final Logger LOG = Logger.getLogger(Recovery.class);

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
        boolean marked = disk.exists(directory.resolve(MARK));
        CommitMark mark = CommitMark.open(disk, directory.resolve(MARK));
        for (Stream stream : Stream.values()) {
            Path path = directory.resolve(stream.label());
            prepare(path);
            StreamLog log = new StreamLog(stream, path, disk, config.segmentBytes(stream), damaged);
            if (!log.damage.load(findings::damage)) {
                log.damage.setAside(
                        path.resolve(DamageLedger.FILE_NAME),
                        Kind.BOOKKEEPING,
                        "is not whole: damage of earlier starts is counted anew");
            }
            setForeignAside(log);
            long hinted = readCursors(log);
            StreamRecovery recovery = new StreamRecovery(
                    log, mark, findings, new BlockScan(stream, window), mark.isCertain() ? 0 : hinted);
            recovery.scan();
            streams.put(stream, recovery);
        }
        disk.forceDirectory(directory);
        Layout.Block last = lastBlock();
        if (last != null) {
            settle(last, mark);
        }
        checkMark(mark, marked);
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
                if (!isForeign(file)) {
                    OwnFiles.require(file);
                }
            }
        }
    }

    /** Whether it looks like a segment or a cursor and has a name that the spool gives to none. */
    private static boolean isForeign(Path file) {
        String name = String.valueOf(file.getFileName());
        return (isLikeSegment(name) && Layout.baseOf(name) < 0)
                || (name.toLowerCase(Locale.ROOT).endsWith(Layout.CURSOR_SUFFIX) && exporterOf(name) == null);
    }

    private static boolean isLikeSegment(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(Layout.SEGMENT_SUFFIX);
    }

    /** Links and directories too: they are moved, and not followed. */
    private static void setForeignAside(StreamLog log) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log.directory, Recovery::isForeign)) {
            for (Path file : files) {
                boolean segment = isLikeSegment(String.valueOf(file.getFileName()));
                log.damage.setAside(
                        file,
                        segment ? Kind.NOT_A_SEGMENT : Kind.CURSOR,
                        segment ? "has no segment's name" : "has no exporter's name");
            }
        }
    }

    /**
     * Without the mark, whether the last group was acknowledged is known only as far as it is whole; what is cut off is kept aside.
     * There is one from the first start on.
     */
    private void checkMark(CommitMark mark, boolean marked) throws IOException {
        boolean used = streams.values().stream().anyMatch(StreamRecovery::isUsed);
        if (mark.isCertain() || (!used && !mark.isTorn())) {
            return;
        }
        String what =
                "the end of each stream is taken from its segments and cursors; what is cut off there is kept aside";
        if (mark.isTorn()) {
            LOG.errorf("damaged: file=%s is not whole, and an older state of it is used; %s", MARK, what);
        } else if (marked) {
            LOG.errorf(
                    "set aside: file=%s is not whole; it is damaged/%s now; %s",
                    MARK, damaged.move(mark.path(), MARK), what);
        } else {
            LOG.errorf("missing: file=%s; %s", MARK, what);
        }
        findings.damage(new Damage(null, MARK, Kind.BOOKKEEPING, 0, 0, 0));
    }

    private void finish(StreamRecovery recovery, CommitMark mark) throws IOException {
        StreamLog log = recovery.log;
        recovery.finish();
        boolean uncertain = placeCursors(log);
        boolean gone = areSomeGone(log, mark);
        long oldest = mark.oldestSequence(log.stream);
        if ((log.cursors.isEmpty() || uncertain || gone) && oldest >= 0 && oldest < log.oldestSequence()) {
            log.damage.missing(log.segments.firstEntry().getValue(), oldest, log.oldestSequence());
        }
        recovery.examine();
        log.damage.recovered();
        if (!gone) {
            log.trim();
        }
    }

    /** Cursors that the mark knows and that are not there: their exporters are to find all records that are kept. */
    private static boolean areSomeGone(StreamLog log, CommitMark mark) {
        long gone = mark.cursors(log.stream) - log.cursors.size();
        if (gone > 0) {
            log.damage.found(
                    log.directory.resolve("*" + Layout.CURSOR_SUFFIX),
                    Kind.CURSOR,
                    gone
                            + " that were there are gone; whose they were begins at the oldest record that is kept, and delivers"
                            + " again");
        }
        return gone > 0;
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
            if (cursor == null) {
                log.damage.setAside(
                        Cursor.path(log, exporter),
                        Kind.CURSOR,
                        "is not this exporter's cursor, or not whole; the exporter begins at the oldest record that is kept,"
                                + " and delivers again");
                cursor = Cursor.lost(log, exporter);
            } else if (cursor.isTorn()) {
                log.damage.found(
                        Cursor.path(log, exporter),
                        Kind.CURSOR,
                        "is not whole, and its state before is used; what the exporter had since then it is given again");
            }
            found.add(cursor);
            furthest = Math.max(furthest, cursor.position().sequence());
        }
        cursors.put(log, found);
        return furthest;
    }

    /** Whether of one of them it is not known how far it was. */
    private boolean placeCursors(StreamLog log) throws IOException {
        boolean uncertain = false;
        for (Cursor cursor : cursors.getOrDefault(log, List.of())) {
            SpoolPosition from = cursor.position();
            SpoolPosition to = placeFor(log, from);
            boolean passedMore = cursor.hasPassedMore();
            long lost = passedMore ? 0 : Math.max(0, to.sequence() - from.sequence());
            if (lost > 0) {
                Segment next = Objects.requireNonNull(log.segments.get(to.segment()));
                log.damage.missing(next, from.sequence(), to.sequence());
                cursor.advance(to, 0, lost);
            } else if (!to.equals(from)) {
                cursor.jump(to);
            }
            if (!to.equals(from)) {
                findings.moved(log.stream, cursor.exporter, from, to);
            }
            if (passedMore) {
                cursor.force(); // In place of the file that was set aside, or of the slot that is not whole.
            }
            uncertain |= passedMore;
            log.cursors.put(cursor.exporter, cursor);
        }
        return uncertain;
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
                String exporter = exporterOf(String.valueOf(file.getFileName()));
                if (exporter != null) {
                    names.add(exporter);
                }
            }
        }
        return names;
    }

    /** Whose cursor has this file name, or null where it is none's. */
    private static @Nullable String exporterOf(String fileName) {
        if (!fileName.endsWith(Layout.CURSOR_SUFFIX)) {
            return null;
        }
        String exporter = fileName.substring(0, fileName.length() - Layout.CURSOR_SUFFIX.length());
        return Cursor.isName(exporter) ? exporter : null;
    }
}
