package dev.throughline.policy.reload;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Has the reloader look when a directory may have changed. Two daemon threads until {@link #close()}. */
public final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DirectoryWatch.class);
    private static final Duration POLL = Duration.ofMillis(250);
    /** Even where nothing seems to have changed, the contents are compared so often. */
    private static final Duration FULL_LOOK = Duration.ofSeconds(10);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    /** A directory has to stand still for so many looks; Kubernetes swaps all of it in one move, others write file by file, line by line. */
    private static final long SETTLE_MS = 60;

    private static final int STILL_SWAPPED = 1;
    private static final int STILL_WRITTEN = 7;
    private static final int SETTLE_ROUNDS_MAX = 150;

    private final Path directory;
    private final Semaphore look = new Semaphore(0);
    private final Thread decides;
    private final Thread waits;
    private volatile @Nullable PolicyReloader reloader;
    private volatile boolean closed;

    public DirectoryWatch(Path directory) {
        this.directory = directory;
        decides = Thread.ofPlatform().name("policy-reload").daemon().unstarted(this::decide);
        waits = Thread.ofPlatform().name("policy-watch").daemon().unstarted(this::await);
    }

    /** Looks soon; from any thread. */
    public void wakeUp() {
        look.release();
    }

    public void start(PolicyReloader of) {
        reloader = of;
        decides.start();
        waits.start();
    }

    /** The two that have to run until {@link #close()}; none before the start. */
    public List<Thread> threads() {
        return reloader == null ? List.of() : List.of(decides, waits);
    }

    private void decide() {
        String seen = "";
        long fullLookNanos = System.nanoTime();
        while (!closed) {
            try {
                boolean told = look.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
                look.drainPermits();
                PolicyReloader decider = reloader;
                if (decider == null) {
                    continue;
                }
                decider.watchCanary();
                String now = fingerprint(decider);
                boolean due = System.nanoTime() - fullLookNanos > 0;
                if (now.equals(seen) && !told && !due) {
                    continue;
                }
                seen = now.equals(seen) ? now : settled(decider, now);
                decider.reload();
                fullLookNanos = System.nanoTime() + FULL_LOOK.toNanos();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                // The policy in force stays; the next look may fare better.
                LOG.errorf("a look at the policy failed: %s", e.getClass().getName());
                failed();
            }
        }
    }

    /** Whatever it was, it would be the same a moment later. */
    private void failed() {
        PolicyReloader decider = reloader;
        if (decider != null) {
            decider.failed();
        }
        pause(AFTER_FAILURE);
    }

    /** Waits until the directory stands still; what it looks like then. */
    private String settled(PolicyReloader decider, String first) throws InterruptedException {
        String before = first;
        int still = 0;
        int wanted = Files.isSymbolicLink(directory.resolve("..data")) ? STILL_SWAPPED : STILL_WRITTEN;
        for (int round = 0; round < SETTLE_ROUNDS_MAX && still < wanted; round++) {
            Thread.sleep(SETTLE_MS);
            String now = fingerprint(decider);
            still = now.equals(before) ? still + 1 : 0;
            before = now;
        }
        return before;
    }

    /** Names, sizes, times and identities of all that is in the directory, and of the key. */
    private String fingerprint(PolicyReloader decider) {
        StringBuilder all = new StringBuilder();
        // A pipe in the directory's place would be waited for.
        try (var entries = Files.isDirectory(directory) ? Files.list(directory) : Stream.<Path>empty()) {
            for (Path entry : entries.sorted().toList()) {
                describe(entry, all);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            all.append(e.getClass().getSimpleName());
        }
        Path key = decider.status().policy().keyFile();
        if (key != null) {
            describe(key, all);
        }
        return all.toString();
    }

    private static void describe(Path entry, StringBuilder out) {
        out.append(entry.getFileName()).append(' ');
        try {
            BasicFileAttributes file = Files.readAttributes(entry, BasicFileAttributes.class);
            out.append(file.size())
                    .append(' ')
                    .append(file.lastModifiedTime().to(TimeUnit.NANOSECONDS))
                    .append(' ')
                    .append(file.fileKey());
        } catch (IOException e) {
            out.append(e.getClass().getSimpleName());
        }
        out.append('\n');
    }

    /** The kernel tells sooner than the next look; where it cannot, looking is enough. */
    private void await() {
        while (!closed) {
            try (WatchService service = directory.getFileSystem().newWatchService()) {
                directory.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                forward(service);
            } catch (InterruptedException _) {
                return;
            } catch (IOException | ClosedWatchServiceException | UnsupportedOperationException _) {
                pause(FULL_LOOK);
            }
        }
    }

    private void forward(WatchService service) throws InterruptedException {
        while (!closed) {
            WatchKey key = service.take();
            key.pollEvents();
            look.release();
            if (!key.reset()) {
                return; // The directory is gone; it may come back.
            }
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        decides.interrupt();
        waits.interrupt();
        try {
            decides.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
