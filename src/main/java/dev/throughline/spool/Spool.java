package dev.throughline.spool;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The durable buffer between senders and exporters; see the package for what it promises. Thread-safe. An open spool holds its
 * directory against every other process.
 */
public final class Spool implements AutoCloseable {
    /** Where a cursor begins that did not exist. */
    public enum Start {
        /** At the oldest record that is kept. */
        OLDEST,
        /** Behind the newest. */
        END
    }

    private volatile SpoolConfig config;
    private final InstantSource clock;
    private final DirectoryLock directoryLock;
    private final Disk disk;
    private final DamagedFiles damaged;
    private final Map<Stream, StreamLog> logs;
    private final CommitMark mark;
    private final RecoveryReport recovery;
    private final Admission admission;
    private final GroupCommit groupCommit;
    private final Set<String> openReaders = ConcurrentHashMap.newKeySet();
    private boolean closed;

    private Spool(
            SpoolConfig config,
            InstantSource clock,
            DirectoryLock directoryLock,
            Disk disk,
            Recovery.Recovered recovered,
            Admission admission,
            GroupCommit groupCommit) {
        this.config = config;
        this.clock = clock;
        this.directoryLock = directoryLock;
        this.disk = disk;
        this.damaged = recovered.damaged();
        this.logs = recovered.logs();
        this.mark = recovered.mark();
        this.recovery = recovered.report();
        this.admission = admission;
        this.groupCommit = groupCommit;
        logs.values().forEach(log -> log.whenTrimmed(() -> mark.writeKept(logs.values())));
    }

    /**
     * Sets the quotas of streams and the reserve of audit, from the next append on; what is spooled already stays. The size at which
     * segments are closed is that of the start.
     */
    public void quotas(Map<Stream, Long> streamBytesMax, long auditReserveBytes) {
        SpoolConfig other = config.withQuotas(streamBytesMax, auditReserveBytes);
        admission.reconfigure(other);
        config = other;
    }

    /**
     * Opens, and where needed creates, the spool of a directory. Reads all block headers: about 10 ms a GB.
     *
     * @throws SpoolException where it is open elsewhere, or cannot be read or written
     */
    public static Spool open(Path directory, SpoolConfig config, InstantSource clock) {
        return open(directory, config, clock, new LocalDisk());
    }

    static Spool open(Path directory, SpoolConfig config, InstantSource clock, Disk disk) {
        DirectoryLock lock = null;
        try {
            Files.createDirectories(directory, OwnFiles.directory());
            OwnFiles.restrictDirectory(directory);
            lock = DirectoryLock.acquire(directory);
            Recovery.Recovered recovered = new Recovery(directory, disk, config).run();
            Admission admission = new Admission(config, recovered.logs(), directory, disk, clock);
            GroupCommit groupCommit = new GroupCommit(config, recovered, admission);
            groupCommit.start();
            return new Spool(config, clock, lock, disk, recovered, admission, groupCommit);
        } catch (IOException e) {
            release(lock, disk);
            throw new SpoolException(SpoolException.UNUSABLE, "cannot open " + directory, e);
        } catch (RuntimeException e) {
            release(lock, disk);
            throw e;
        }
    }

    private static void release(@Nullable DirectoryLock lock, Disk disk) {
        try {
            disk.close();
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new SpoolException(SpoolException.UNUSABLE, "cannot give the lock back", e);
        }
    }

    /** What was found at open. */
    public RecoveryReport recovery() {
        return recovery;
    }

    /**
     * Keeps all of the request or nothing. The records are borrowed, and must not be changed, until {@code then} is called: on
     * the commit thread when they are durable (or could not be made so), which must not be held up; on the calling thread, before
     * this returns, when the spool is full or draining or the request is empty.
     */
    public void append(Map<Stream, MaskedRecords> request, Consumer<AppendOutcome> then) {
        PendingAppend append = new PendingAppend(request, then);
        if (append.records() == 0) {
            then.accept(new AppendOutcome.Kept(0));
        } else {
            groupCommit.append(append);
        }
    }

    /** {@link #reader(String, Stream, Start)} from the oldest record. */
    public SpoolReader reader(String exporter, Stream stream) {
        return reader(exporter, stream, Start.OLDEST);
    }

    /**
     * An exporter's reader. Its cursor is durable from the first time on, and holds the segments that it has not passed until it
     * is {@linkplain #retire retired}.
     *
     * @param exporter 1 to 64 of {@code a-z 0-9 . _ -}, beginning with a letter or digit
     * @throws IllegalStateException while another reader of that name and stream is open
     */
    public SpoolReader reader(String exporter, Stream stream, Start start) {
        requireName(exporter);
        StreamLog log = log(stream);
        String key = key(exporter, stream);
        if (!openReaders.add(key)) {
            throw new IllegalStateException("a reader " + key + " is open");
        }
        try {
            Cursor cursor = log.cursors.get(exporter);
            if (cursor == null) {
                synchronized (log) { // Against a trim between looking for the oldest place and holding it.
                    cursor = Cursor.create(log, exporter, start == Start.END ? log.end() : log.start());
                    log.cursors.put(exporter, cursor);
                }
                mark.writeKept(logs.values());
            }
            return new SpoolReader(this, log, cursor, clock, config.cursorIntervalMs());
        } catch (IOException e) {
            openReaders.remove(key);
            throw new SpoolException(SpoolException.UNUSABLE, "cannot write the cursor " + key, e);
        }
    }

    /** Forgets an exporter's cursors, so that they hold nothing any more; its readers must not be used again. */
    public void retire(String exporter) {
        requireName(exporter);
        for (StreamLog log : logs.values()) {
            Cursor cursor = log.cursors.remove(exporter);
            if (cursor != null) {
                mark.writeKept(logs.values());
                try {
                    cursor.retire();
                } catch (IOException e) {
                    throw new SpoolException(SpoolException.UNUSABLE, "cannot remove the cursor " + exporter, e);
                }
                log.trim();
            }
        }
    }

    private static void requireName(String exporter) {
        if (!Cursor.isName(exporter)) {
            throw new IllegalArgumentException("not an exporter's name");
        }
    }

    private static String key(String exporter, Stream stream) {
        return exporter + "/" + stream.label();
    }

    void closed(SpoolReader reader) {
        openReaders.remove(key(reader.exporter(), reader.stream()));
    }

    private StreamLog log(Stream stream) {
        StreamLog log = logs.get(stream);
        if (log == null) {
            throw new IllegalStateException("no such stream");
        }
        return log;
    }

    /** The stream's numbers now; reads at most one block header a cursor. */
    public SpoolStats stats(Stream stream) {
        StreamLog log = log(stream);
        long appended = log.nextSequence();
        SpoolPosition oldest = log.start();
        List<SpoolStats.Cursor> cursors = new ArrayList<>();
        for (Cursor cursor : log.cursors.values()) {
            cursors.add(cursorStats(log, cursor));
        }
        SpoolStats.Cursor slowest = cursors.stream()
                .min((a, b) -> a.position().compareTo(b.position()))
                .orElse(null);
        return new SpoolStats(
                stream,
                appended,
                appended - log.openedAtSequence(),
                appended - oldest.sequence(),
                log.diskBytes(),
                config.quotaBytes(stream),
                groupCommit.pendingBytes(stream),
                slowest == null ? appended - oldest.sequence() : slowest.backlogRecords(),
                slowest == null ? log.bytesAfter(oldest) : slowest.backlogBytes(),
                slowest == null ? log.receivedMillisAt(oldest) : slowest.oldestReceivedMillis(),
                log.lastReceivedMillis(),
                log.damage.records(),
                log.damage.bytes(),
                uncounted(log),
                List.copyOf(cursors));
    }

    private static long uncounted(StreamLog log) {
        long skipped = 0;
        for (Cursor cursor : log.cursors.values()) {
            skipped = Math.max(skipped, cursor.skippedSinceOpen());
        }
        return Math.max(0, skipped - log.damage.records());
    }

    /**
     * How many damaged places of each stream nobody has seen to: files in {@code damaged}, which whoever has repaired them, or has
     * given them up, removes. Streams without are not there. Looks at the directory.
     */
    public Map<Stream, Integer> openDamage() {
        return damaged.open();
    }

    SpoolStats.Cursor cursorStats(StreamLog log, Cursor cursor) {
        Cursor.State state = cursor.state();
        SpoolPosition at = state.position();
        return new SpoolStats.Cursor(
                cursor.exporter,
                at,
                state.startedAt(),
                state.delivered(),
                state.skipped(),
                Math.max(0, log.nextSequence() - at.sequence()),
                log.bytesAfter(at),
                log.receivedMillisAt(at));
    }

    /** All streams, in the order of {@link Stream}. */
    public Map<Stream, SpoolStats> stats() {
        Map<Stream, SpoolStats> all = new EnumMap<>(Stream.class);
        for (Stream stream : logs.keySet()) {
            all.put(stream, stats(stream));
        }
        return all;
    }

    /**
     * Why none of these operational streams would keep an append now, were it as large as the one that was refused last; null where
     * one of them would. Looks at the disk, and waits for no other thread.
     */
    public AppendOutcome.@Nullable Reason refusing(Collection<Stream> streams) {
        AppendOutcome.Reason first = null;
        try {
            for (Stream stream : streams) {
                AppendOutcome.Reason reason = admission.standing(stream);
                if (reason == null) {
                    return null;
                }
                first = first == null ? reason : first;
            }
        } catch (IOException e) {
            return AppendOutcome.Reason.DISK_FAILED;
        }
        return first;
    }

    /** Whether the commit thread, without which nothing is acknowledged, runs. */
    public boolean isLive() {
        return groupCommit.isLive();
    }

    /** What the commit thread did. */
    public SpoolStats.Commits commits() {
        return groupCommit.commits();
    }

    /** Refuses appends from now on with {@link AppendOutcome.Draining}; returns when those before are answered. Readers go on. */
    public void drain() {
        groupCommit.drain();
    }

    /** Drains, lets waiting readers go, makes cursors durable and gives the directory back. Readers must have stopped reading. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        drain();
        for (StreamLog log : logs.values()) {
            log.cursors.values().forEach(Cursor::force);
            log.close();
        }
        try {
            groupCommit.markEnd();
            for (StreamLog log : logs.values()) {
                for (Cursor cursor : log.cursors.values()) {
                    cursor.close();
                }
            }
            mark.close();
        } catch (IOException e) {
            throw new SpoolException(SpoolException.UNUSABLE, "cannot close the spool", e);
        } finally {
            release(directoryLock, disk);
        }
    }
}
