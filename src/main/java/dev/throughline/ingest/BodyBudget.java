package dev.throughline.ingest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that request bodies may take at one time. A body holds a {@link Permit} from its first byte until its request is
 * answered, and the permit grows with it: what a sender only declares takes nothing.
 *
 * <p><b>Pools.</b> Bodies up to {@link BodyBounds#smallBodyBytesMax} and larger ones have a pool each, so that a few large bodies never
 * hold up the many small ones. A part of the small pool is kept for connections that bring audit records. A body that is larger than
 * its pool goes alone.
 *
 * <p><b>Order.</b> A permit that finds no room waits in line: bodies that have begun go before new ones, each kind in order of
 * arrival. The oldest unfinished small body may exceed its pool by its own size, so that bodies that all have begun can never
 * wait for each other. One connection holds at most its share, and does not hold up others while it waits for itself.
 *
 * <p><b>Slow bodies.</b> While others wait, {@link #cutSlow} ends the slowest bodies of the pool that is waited for.
 *
 * <p>Thread-safe. A permit is given back exactly once, however often it is {@linkplain Permit#close closed}. Callbacks run on the
 * thread that made room, outside of the lock.
 */
final class BodyBudget {
    private static final long NANOS_A_SECOND = 1_000_000_000L;
    private static final long NANOS_A_MILLI = 1_000_000L;
    /** Fewer bytes than this say nothing against being slow: a body that trickles stands still. */
    private static final int PROGRESS_BYTES = 16 << 10;

    /** Which part of the budget a permit takes from. */
    enum Pool {
        SMALL,
        LARGE
    }

    /** What became of the wish for more bytes. */
    enum Grant {
        /** The permit holds them. */
        HELD,
        /** They come later: the callback says when. */
        WAITING,
        /** The line is full: nothing was taken. */
        REFUSED
    }

    /**
     * The budget now.
     *
     * @param permits requests whose body holds or waits for memory
     * @param waiting those of them that wait
     * @param oldestMillis how long the oldest of them has been there
     */
    record State(long smallBytes, long largeBytes, int permits, int waiting, long oldestMillis) {}

    private final BodyBounds bounds;
    private final LongSupplier nanoTime;
    private final LinkedHashSet<Permit> permits = new LinkedHashSet<>();
    private final Map<Object, Share> shares = new HashMap<>();
    private final ArrayDeque<Permit> growing = new ArrayDeque<>();
    private final ArrayDeque<Permit> entering = new ArrayDeque<>();
    private long smallHeld;
    private long ordinaryHeld;
    private long largeHeld;
    private volatile boolean anyWaiting;

    /** What one connection holds in the small pool; there while it has a permit. */
    private static final class Share {
        private int permits;
        private long held;
    }

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    BodyBudget(BodyBounds bounds, LongSupplier nanoTime) {
        this.bounds = bounds;
        this.nanoTime = nanoTime;
    }

    BodyBounds bounds() {
        return bounds;
    }

    /**
     * A permit that holds nothing yet.
     *
     * @param connection whose share it takes from
     * @param audit whether it may take from the reserve for audit
     * @param cut ends the body when it is too slow for those who wait; from any thread
     */
    synchronized Permit open(Object connection, boolean audit, Runnable cut) {
        Share share = shares.computeIfAbsent(connection, _ -> new Share());
        share.permits++;
        Permit permit = new Permit(connection, share, audit, cut, nanoTime.getAsLong());
        permits.add(permit);
        return permit;
    }

    /** Whether there is so much room that a small body may take all that it declares at once. */
    synchronized boolean isAmple() {
        return !anyWaiting && ordinaryHeld <= (bounds.smallBytesMax() - bounds.auditReserveBytes()) / 2;
    }

    synchronized State state() {
        Iterator<Permit> oldest = permits.iterator();
        long now = nanoTime.getAsLong();
        return new State(
                smallHeld,
                largeHeld,
                permits.size(),
                growing.size() + entering.size(),
                oldest.hasNext() ? (now - oldest.next().openedNanos) / NANOS_A_MILLI : 0);
    }

    /**
     * Ends the slowest bodies of a pool for which others wait, as many as are needed for all of them; how many they were. To be
     * called several times a second, by a thread that would be as late as the bodies if the machine stood still.
     */
    int cutSlow() {
        if (!anyWaiting) {
            return 0;
        }
        List<Permit> cut = new ArrayList<>();
        synchronized (this) {
            for (Pool pool : Pool.values()) {
                long wanted = wantedOf(pool);
                if (wanted > 0) {
                    addSlow(pool, wanted, cut);
                }
            }
        }
        cut.forEach(permit -> permit.cut.run());
        return cut.size();
    }

    /** The bytes of a pool that are waited for. */
    private long wantedOf(Pool pool) {
        long wanted = 0;
        for (Queue<Permit> line : List.of(growing, entering)) {
            for (Permit permit : line) {
                wanted += permit.wantedPool == pool ? permit.wanted : 0;
            }
        }
        return wanted;
    }

    private void addSlow(Pool pool, long wanted, List<Permit> target) {
        long now = nanoTime.getAsLong();
        // Its key is read once: bytes come while the list is sorted.
        TreeMap<Long, Permit> slowestFirst = new TreeMap<>();
        for (Permit permit : permits) {
            if (permit.pool == pool && permit.isSlow(now)) {
                slowestFirst.putIfAbsent(permit.lastNanos - now, permit);
            }
        }
        long freed = 0;
        for (Permit permit : slowestFirst.values()) {
            if (freed >= wanted) {
                break;
            }
            permit.isCut = true;
            freed += permit.held;
            target.add(permit);
        }
    }

    /** Gives what there is room for, in order. The callbacks are to be run outside of the lock. */
    private List<Runnable> grantWaiting() {
        if (!anyWaiting) {
            return List.of();
        }
        List<Runnable> granted = new ArrayList<>();
        boolean[] blocked = new boolean[Pool.values().length];
        boolean auditBlocked = false;
        for (ArrayDeque<Permit> line : List.of(growing, entering)) {
            for (Iterator<Permit> waiting = line.iterator(); waiting.hasNext(); ) {
                Permit permit = waiting.next();
                int pool = permit.wantedPool.ordinal();
                if (permit.mayTake(permit.usesReserve() ? auditBlocked : blocked[pool])) {
                    waiting.remove();
                    granted.add(permit.take());
                } else if (!permit.isOverShare()) {
                    auditBlocked |= permit.usesReserve();
                    blocked[pool] = true;
                }
            }
        }
        anyWaiting = !growing.isEmpty() || !entering.isEmpty();
        return granted;
    }

    /** What one request's body holds. The sender's side belongs to one thread at a time; {@link #close} to any. */
    final class Permit implements AutoCloseable {
        private final Object connection;
        private final Share share;
        private final boolean audit;
        private final Runnable cut;
        private final long openedNanos;
        private Pool pool = Pool.SMALL;
        private long held;
        private Pool wantedPool = Pool.SMALL;
        /** More than it holds; in another pool, in all. */
        private long wanted;

        private @Nullable Runnable granted;
        /** Since when bytes could have come. */
        private long readingSinceNanos;

        /** When it last came on by {@link #PROGRESS_BYTES}. */
        private volatile long lastNanos;

        private long sinceProgress;
        private volatile long arrivedBytes;
        private boolean whole;
        private boolean isCut;
        private boolean closed;

        private Permit(Object connection, Share share, boolean audit, Runnable cut, long nowNanos) {
            this.connection = connection;
            this.share = share;
            this.audit = audit;
            this.cut = cut;
            this.openedNanos = nowNanos;
            this.readingSinceNanos = nowNanos;
            this.lastNanos = nowNanos;
        }

        /**
         * Wants to hold {@code bytes} in all, more than it holds. The sender is not to be read while it waits.
         *
         * @param then called where the answer is {@link Grant#WAITING}, once it holds them; never after {@link #close}
         */
        Grant want(Pool from, long bytes, Runnable then) {
            synchronized (BodyBudget.this) {
                if (closed || granted != null) {
                    throw new IllegalStateException("a permit that is closed or waits already");
                }
                wantedPool = from;
                wanted = from == pool ? bytes - held : bytes;
                if (mayTake(comesAfterOthers())) {
                    take();
                    return Grant.HELD;
                }
                // One that changes its pool would hold what is for small bodies while it waits for large ones.
                if (hasBegun() ? from != pool : entering.size() >= bounds.waitingMax()) {
                    return Grant.REFUSED;
                }
                granted = then;
                (hasBegun() ? growing : entering).add(this);
                anyWaiting = true;
                return Grant.WAITING;
            }
        }

        private boolean hasBegun() {
            return held > 0;
        }

        private boolean usesReserve() {
            return audit && wantedPool == Pool.SMALL;
        }

        /** Whether somebody waits who goes before this one. */
        private boolean comesAfterOthers() {
            for (Queue<Permit> line : hasBegun() ? List.of(growing) : List.of(growing, entering)) {
                for (Permit waiting : line) {
                    if (waiting.wantedPool == wantedPool
                            && waiting.usesReserve() == usesReserve()
                            && !waiting.isOverShare()) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean mayTake(boolean othersFirst) {
            return isOldestUnfinished() || (!othersFirst && !isOverShare() && fits());
        }

        /** It may exceed its pool, by the rest of a small body: somebody has to come to an end. */
        private boolean isOldestUnfinished() {
            if (!hasBegun() || wantedPool != Pool.SMALL) {
                return false;
            }
            for (Permit permit : permits) {
                if (permit.pool == Pool.SMALL && permit.hasBegun() && !permit.whole) {
                    return permit == this;
                }
            }
            return false;
        }

        private boolean isOverShare() {
            return wantedPool == Pool.SMALL && share.held > 0 && share.held + wanted > bounds.connectionBytesMax();
        }

        private boolean fits() {
            if (wantedPool == Pool.LARGE) {
                return largeHeld == 0 || largeHeld + wanted <= bounds.largeBytesMax();
            }
            boolean inPart = audit || ordinaryHeld + wanted <= bounds.smallBytesMax() - bounds.auditReserveBytes();
            return smallHeld == 0 || (inPart && smallHeld + wanted <= bounds.smallBytesMax());
        }

        /** Takes what it wants; the result is who is to be told. */
        private Runnable take() {
            if (wantedPool != pool) {
                add(-held);
                pool = wantedPool;
            }
            add(wanted);
            wanted = 0;
            arrivedBytes = 0;
            lastNanos = nanoTime.getAsLong();
            readingSinceNanos = lastNanos;
            Runnable then = granted;
            granted = null;
            return then == null ? () -> {} : then;
        }

        private void add(long bytes) {
            held += bytes;
            if (pool == Pool.LARGE) {
                largeHeld += bytes;
                return;
            }
            smallHeld += bytes;
            share.held += bytes;
            ordinaryHeld += audit ? 0 : bytes;
        }

        /** What the request came to is there already, and held until it is answered: it may exceed the pool. */
        void holdAtLeast(long bytes) {
            synchronized (BodyBudget.this) {
                if (!closed && bytes > held) {
                    add(bytes - held);
                }
            }
        }

        /** Bytes came from the sender. */
        @SuppressWarnings("NonAtomicVolatileUpdate") // the sender's side has one thread
        void arrived(int bytes) {
            arrivedBytes += bytes;
            sinceProgress += bytes;
            if (sinceProgress >= PROGRESS_BYTES) {
                sinceProgress = 0;
                lastNanos = nanoTime.getAsLong();
            }
        }

        /** The body is whole: what is still to come comes from us. */
        void whole() {
            List<Runnable> ready;
            synchronized (BodyBudget.this) {
                whole = true;
                ready = grantWaiting(); // Another one is the oldest that is unfinished.
            }
            ready.forEach(Runnable::run);
        }

        private boolean isSlow(long nowNanos) {
            if (whole || isCut || closed || granted != null || !hasBegun()) {
                return false;
            }
            long idle = nowNanos - lastNanos;
            long reading = nowNanos - readingSinceNanos;
            return idle > bounds.slowIdleMillis() * NANOS_A_MILLI
                    || (reading > NANOS_A_SECOND
                            && arrivedBytes < bounds.slowBytesPerSecond() * (double) reading / NANOS_A_SECOND);
        }

        /** Gives everything back, and leaves the line; the first call counts. From any thread. */
        @Override
        public void close() {
            List<Runnable> ready;
            synchronized (BodyBudget.this) {
                if (closed) {
                    return;
                }
                closed = true;
                if (granted != null) {
                    growing.remove(this);
                    entering.remove(this);
                    granted = null;
                }
                add(-held);
                permits.remove(this);
                share.permits--;
                if (share.permits == 0) {
                    shares.remove(connection);
                }
                ready = grantWaiting();
            }
            ready.forEach(Runnable::run);
        }
    }
}
