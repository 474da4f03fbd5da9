package dev.throughline.spool;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes appends from any thread and makes them durable, many with one fsync, on a thread of its own. */
final class GroupCommit {
    static final String WRITE_FAILED = "spool_write_failed";
    static final String FSYNC_FAILED = "spool_fsync_failed";
    static final String INTERNAL = "spool_internal";
    static final String TOO_MANY_OPEN_FILES = "spool_too_many_open_files";
    static final String READ_ONLY = "spool_read_only";
    private static final int LINES_MAX = 20;

    private static final Logger LOG = Logger.getLogger(GroupCommit.class);
    /** Stays in the processor's second-level cache on its way from the heap to the kernel. */
    private static final int WRITE_BUFFER_BYTES = 508 << 10;

    private final SpoolConfig config;
    private final Map<Stream, StreamLog> logs;
    private final CommitMark mark;
    private final Admission admission;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<PendingAppend> queue = new ArrayDeque<>();
    private final Thread thread;
    private boolean draining;

    // The commit thread's.
    private final ByteBuffer buffer = DirectFile.allocate(WRITE_BUFFER_BYTES);
    private final List<PendingAppend> group = new ArrayList<>();
    private final List<StreamLog> touched = new ArrayList<>();
    private final List<MaskedRecords> parts = new ArrayList<>();
    private final LineLimit lines = new LineLimit(LINES_MAX);
    private AppendOutcome.Reason refusedFor = AppendOutcome.Reason.DISK_FAILED;
    private long number;
    private volatile SpoolStats.Commits commits = new SpoolStats.Commits(0, 0, 0, 0, 0, 0, 0);

    GroupCommit(SpoolConfig config, Recovery.Recovered recovered, Admission admission) {
        this.config = config;
        this.logs = recovered.logs();
        this.mark = recovered.mark();
        this.number = recovered.lastGroup();
        this.admission = admission;
        this.thread = Thread.ofPlatform().name("spool-commit").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isLive() {
        return thread.isAlive();
    }

    SpoolStats.Commits commits() {
        return commits;
    }

    long pendingBytes(Stream stream) {
        lock.lock();
        try {
            return admission.pendingBytes(stream);
        } finally {
            lock.unlock();
        }
    }

    void append(PendingAppend append) {
        AppendOutcome refusal;
        lock.lock();
        try {
            refusal = draining ? new AppendOutcome.Draining() : admission.admit(append);
            if (refusal == null) {
                queue.add(append);
                work.signal();
            }
        } finally {
            lock.unlock();
        }
        if (refusal != null) {
            append.tell(refusal);
        }
    }

    /** Refuses what comes from now on, and returns when what came before is answered. */
    void drain() {
        lock.lock();
        try {
            draining = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // The commit under way is not given up for it.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (take()) {
            AppendOutcome failure = commit();
            release(failure);
            answer(failure);
            group.clear();
        }
    }

    private boolean take() {
        lock.lock();
        try {
            while (queue.isEmpty()) {
                if (draining) {
                    return false;
                }
                work.awaitUninterruptibly();
            }
            linger();
            long bytes = 0;
            while (!queue.isEmpty()
                    && (group.isEmpty() || bytes + queue.getFirst().bytes() <= config.groupBytesMax())) {
                PendingAppend append = queue.removeFirst();
                bytes += append.bytes();
                group.add(append);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void linger() {
        long left = TimeUnit.MICROSECONDS.toNanos(config.commitLingerUs());
        while (left > 0 && !draining) {
            try {
                left = work.awaitNanos(left);
            } catch (InterruptedException e) {
                return; // Nobody interrupts this thread; if somebody did, it would only commit sooner.
            }
        }
    }

    /** Null where the group is durable. */
    private @Nullable AppendOutcome commit() {
        number++;
        touched.clear();
        AppendOutcome failure;
        try {
            write();
            failure = force();
        } catch (Disk.FullException e) {
            failure = new AppendOutcome.Full(
                    touched.getLast().stream, AppendOutcome.Reason.DISK, Duration.ofMillis(config.retryAfterMs()));
        } catch (IOException e) {
            failure = failed("group not written", WRITE_FAILED, e);
        } catch (RuntimeException | Error e) {
            failure = failed("group not written", INTERNAL, e);
        }
        if (failure == null) {
            mark.write(number, touched);
            touched.forEach(StreamLog::publish);
        } else {
            touched.forEach(StreamLog::rollback);
        }
        return failure;
    }

    private AppendOutcome failed(String what, String otherwise, Throwable e) {
        refusedFor = e instanceof Disk.RefusedException refused ? refused.reason() : AppendOutcome.Reason.DISK_FAILED;
        String code = switch (refusedFor) {
            case TOO_MANY_OPEN_FILES -> TOO_MANY_OPEN_FILES;
            case DISK_READ_ONLY -> READ_ONLY;
            case PENDING, QUOTA, AUDIT_RESERVE, DISK, DISK_FAILED -> otherwise;
        };
        String suffix = lines.suffix();
        if (suffix != null) {
            LOG.errorf("%s: code=%s exception=%s%s", what, code, e.getClass().getName(), suffix);
        }
        return new AppendOutcome.Failed(code);
    }

    /** Writes the mark once more, when nothing is committed any more. */
    void markEnd() {
        if (!thread.isAlive()) {
            mark.write(number, logs.values());
        }
    }

    private void write() throws IOException {
        int streams = 0;
        for (PendingAppend append : group) {
            streams |= append.streams();
        }
        for (StreamLog log : logs.values()) {
            if ((streams & (1 << log.stream.ordinal())) != 0) {
                parts.clear();
                for (PendingAppend append : group) {
                    MaskedRecords part = append.part(log.stream);
                    if (part != null) {
                        parts.add(part);
                    }
                }
                touched.add(log);
                log.write(number, streams, parts, buffer);
            }
        }
        parts.clear();
    }

    private @Nullable AppendOutcome force() {
        long started = System.nanoTime();
        try {
            for (StreamLog log : touched) {
                log.force();
            }
        } catch (IOException e) {
            return failed("group not durable", FSYNC_FAILED, e);
        }
        SpoolStats.Commits c = commits;
        commits = new SpoolStats.Commits(
                c.groups(),
                c.requests(),
                c.records(),
                c.bytes(),
                c.fsyncNanos() + System.nanoTime() - started,
                c.failedGroups(),
                c.callbackFailures());
        return null;
    }

    private void release(@Nullable AppendOutcome failure) {
        long bytes = 0;
        long records = 0;
        lock.lock();
        try {
            for (PendingAppend append : group) {
                admission.release(append);
                bytes += append.bytes();
                records += append.records();
            }
            if (failure instanceof AppendOutcome.Full) {
                admission.diskWasFull();
            } else if (failure != null) {
                admission.diskFailed(refusedFor);
            } else {
                admission.diskTakes();
            }
        } finally {
            lock.unlock();
        }
        boolean kept = failure == null;
        SpoolStats.Commits c = commits;
        commits = new SpoolStats.Commits(
                c.groups() + 1,
                c.requests() + (kept ? group.size() : 0),
                c.records() + (kept ? records : 0),
                c.bytes() + (kept ? bytes : 0),
                c.fsyncNanos(),
                c.failedGroups() + (kept ? 0 : 1),
                c.callbackFailures());
    }

    private void answer(@Nullable AppendOutcome failure) {
        for (PendingAppend append : group) {
            try {
                append.tell(failure == null ? new AppendOutcome.Kept(append.records()) : failure);
            } catch (RuntimeException | Error e) {
                LOG.errorf("callback failed: exception=%s", e.getClass().getName());
                SpoolStats.Commits c = commits;
                commits = new SpoolStats.Commits(
                        c.groups(),
                        c.requests(),
                        c.records(),
                        c.bytes(),
                        c.fsyncNanos(),
                        c.failedGroups(),
                        c.callbackFailures() + 1);
            }
        }
    }
}
