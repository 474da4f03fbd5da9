package dev.throughline.ingest;

import dev.throughline.ingest.BodyBounds.PoolBounds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that request bodies may take at one time. A body holds a {@link Permit} from its first bytes until its request is
 * answered; before the first byte comes, it takes nothing.
 *
 * <p><b>Pools.</b> Small, medium and large bodies have a pool each, so that a few large ones never hold up the many small ones. A body
 * takes all that it will come to at once, so that none that has begun waits for another. One that did not say how long it is takes what
 * its pool allows, and moves up where it comes to more; if there is no room for that, it is refused. A part of a pool is kept for
 * connections that bring audit records. A body that is larger than its pool goes alone. One connection holds at most its share, and does
 * not hold up others while it waits for itself.
 *
 * <p><b>Order.</b> A permit that finds no room waits, its bytes in the socket. Connections whose last body came whole go before others,
 * which have every {@value #TURN_OF_OTHERS}th turn; each kind in order of arrival.
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

    private static final int TURN_OF_OTHERS = 4;

    /** Which part of the budget a permit takes from; from the smallest bodies to the largest. */
    enum Pool {
        SMALL,
        MEDIUM,
        LARGE
    }

    /** What became of the wish for bytes. */
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
     * @param bytes what each pool gave
     * @param permits requests whose body holds or waits for memory
     * @param waiting those of them that wait
     * @param oldestMillis how long the oldest of them has been there
     */
    record State(Map<Pool, Long> bytes, int permits, int waiting, long oldestMillis) {
        State {
            bytes = Map.copyOf(bytes);
        }

        long usedBytes() {
            return bytes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final BodyBounds bounds;
    private final LongSupplier nanoTime;
    private final LinkedHashSet<Permit> permits = new LinkedHashSet<>();
    /** In the order of the pools. */
    private final List<Holding> holdings = new ArrayList<>();

    private volatile boolean anyWaiting;

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    BodyBudget(BodyBounds bounds, LongSupplier nanoTime) {
        this.bounds = bounds;
        this.nanoTime = nanoTime;
        for (Pool pool : Pool.values()) {
            holdings.add(new Holding(pool, bounds.of(pool)));
        }
    }

    BodyBounds bounds() {
        return bounds;
    }

    /**
     * A permit that holds nothing yet.
     *
     * @param sender whose share it takes from
     * @param cut ends the body when it is too slow for those who wait; from any thread
     */
    synchronized Permit open(SenderConnection sender, Runnable cut) {
        Permit permit = new Permit(sender, cut, nanoTime.getAsLong());
        permits.add(permit);
        return permit;
    }

    synchronized State state() {
        Map<Pool, Long> bytes = new EnumMap<>(Pool.class);
        int waiting = 0;
        for (Holding holding : holdings) {
            bytes.put(holding.pool, holding.held);
            waiting += holding.proven.size() + holding.others.size();
        }
        Iterator<Permit> oldest = permits.iterator();
        long age = oldest.hasNext() ? nanoTime.getAsLong() - oldest.next().openedNanos : 0;
        return new State(bytes, permits.size(), waiting, age / NANOS_A_MILLI);
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
            holdings.forEach(holding -> addSlow(holding, cut));
        }
        cut.forEach(permit -> permit.cut.run());
        return cut.size();
    }

    private void addSlow(Holding holding, List<Permit> target) {
        long wanted = holding.wanted();
        if (wanted == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        List<Slow> slowestFirst = new ArrayList<>();
        for (Permit permit : permits) {
            if (permit.holding == holding && permit.isSlow(now)) {
                slowestFirst.add(new Slow(now - permit.lastNanos, permit));
            }
        }
        slowestFirst.sort(Comparator.comparingLong(Slow::idleNanos).reversed());
        long freed = 0;
        for (Slow slow : slowestFirst) {
            if (freed >= wanted) {
                break;
            }
            slow.permit.isCut = true;
            freed += slow.permit.held;
            target.add(slow.permit);
        }
    }

    /** How long it stood still is read once: bytes come while the list is sorted. */
    private record Slow(long idleNanos, Permit permit) {}

    /** Gives what there is room for, in order. The callbacks are to be run outside of the lock. */
    private List<Runnable> grantWaiting() {
        if (!anyWaiting) {
            return List.of();
        }
        List<Runnable> granted = new ArrayList<>();
        boolean any = false;
        for (Holding holding : holdings) {
            holding.grantWaiting(granted);
            any |= holding.isWaitedFor();
        }
        anyWaiting = any;
        return granted;
    }

    /** One pool: what of it is held, and who waits for it. With the lock of the budget. */
    private static final class Holding {
        private final Pool pool;
        private final PoolBounds bounds;
        private final ArrayDeque<Permit> proven = new ArrayDeque<>();
        private final ArrayDeque<Permit> others = new ArrayDeque<>();
        private long held;
        private long ordinaryHeld;
        private int turn;

        Holding(Pool pool, PoolBounds bounds) {
            this.pool = pool;
            this.bounds = bounds;
        }

        boolean isWaitedFor() {
            return !proven.isEmpty() || !others.isEmpty();
        }

        /** The bytes that are waited for, but by those that wait for bodies of their own connection. */
        long wanted() {
            long wanted = 0;
            for (ArrayDeque<Permit> line : List.of(proven, others)) {
                for (Permit permit : line) {
                    wanted += isOverShare(permit) ? 0 : permit.wanted;
                }
            }
            return wanted;
        }

        ArrayDeque<Permit> lineOf(Permit permit) {
            return permit.sender.isProven() ? proven : others;
        }

        /** Whether somebody waits who goes before this one. */
        boolean comesAfterOthers(Permit permit) {
            for (ArrayDeque<Permit> line : permit.sender.isProven() ? List.of(proven) : List.of(proven, others)) {
                for (Permit waiting : line) {
                    if (waiting.audit == permit.audit && !isOverShare(waiting)) {
                        return true;
                    }
                }
            }
            return false;
        }

        boolean isOverShare(Permit permit) {
            long share = permit.sender.held(pool);
            return share > 0 && share + permit.wanted > bounds.connectionBytesMax();
        }

        boolean fits(Permit permit) {
            boolean inPart =
                    permit.audit || ordinaryHeld + permit.wanted <= bounds.bytesMax() - bounds.auditReserveBytes();
            return held == 0 || (inPart && held + permit.wanted <= bounds.bytesMax());
        }

        void grantWaiting(List<Runnable> granted) {
            boolean more = isWaitedFor();
            while (more) {
                boolean othersFirst = turn % TURN_OF_OTHERS == TURN_OF_OTHERS - 1;
                more = grantOne(othersFirst ? List.of(others, proven) : List.of(proven, others), granted);
                turn += more ? 1 : 0;
            }
        }

        /** The first for whom there is room; nobody passes one of his kind who waits for room and not for himself. */
        private boolean grantOne(List<ArrayDeque<Permit>> lines, List<Runnable> granted) {
            boolean ordinaryBlocked = false;
            boolean auditBlocked = false;
            for (ArrayDeque<Permit> line : lines) {
                for (Iterator<Permit> waiting = line.iterator(); waiting.hasNext(); ) {
                    Permit permit = waiting.next();
                    if (isOverShare(permit) || (permit.audit ? auditBlocked : ordinaryBlocked)) {
                        continue;
                    }
                    if (fits(permit)) {
                        waiting.remove();
                        granted.add(permit.take(this));
                        return true;
                    }
                    auditBlocked |= permit.audit;
                    ordinaryBlocked |= !permit.audit;
                }
            }
            return false;
        }

        void add(Permit permit, long bytes) {
            held += bytes;
            ordinaryHeld += permit.audit ? 0 : bytes;
            permit.sender.hold(pool, bytes);
        }
    }

    /** What one request's body holds. The sender's side belongs to one thread at a time; {@link #close} to any. */
    final class Permit implements AutoCloseable {
        private final SenderConnection sender;
        private final boolean audit;
        private final Runnable cut;
        private final long openedNanos;
        /** From where it has what it holds. */
        private @Nullable Holding holding;

        private long held;
        /** Where it waits. */
        private @Nullable ArrayDeque<Permit> line;

        private Runnable granted = () -> {};
        private long wanted;
        /** Since when bytes could have come. */
        private long readingSinceNanos;

        /** When it last came on by {@link #PROGRESS_BYTES}. */
        private volatile long lastNanos;

        private long sinceProgress;
        private volatile long arrivedBytes;
        private boolean whole;
        private boolean isCut;
        private boolean closed;

        private Permit(SenderConnection sender, Runnable cut, long nowNanos) {
            this.sender = sender;
            this.audit = sender.bringsAudit();
            this.cut = cut;
            this.openedNanos = nowNanos;
            this.readingSinceNanos = nowNanos;
            this.lastNanos = nowNanos;
        }

        /**
         * Wants to hold {@code bytes} of a pool, instead of what it holds of a smaller one. The sender is not to be read while it waits.
         *
         * @param then called where the answer is {@link Grant#WAITING}, once it holds them; never after {@link #close}
         */
        Grant want(Pool pool, long bytes, Runnable then) {
            List<Runnable> ready;
            synchronized (BodyBudget.this) {
                if (closed || line != null) {
                    throw new IllegalStateException("a permit that is closed or waits");
                }
                Holding from = holdings.get(pool.ordinal());
                wanted = holding == from ? bytes - held : bytes;
                if (from.isOverShare(this) || !from.fits(this) || from.comesAfterOthers(this)) {
                    return await(from, then);
                }
                take(from);
                ready = grantWaiting(); // It may have left a smaller pool.
            }
            ready.forEach(Runnable::run);
            return Grant.HELD;
        }

        private Grant await(Holding from, Runnable then) {
            ArrayDeque<Permit> behind = from.lineOf(this);
            // One that holds of a pool would hold up others while it waits for more.
            if (holding != null || behind.size() >= bounds.waitingMax()) {
                return Grant.REFUSED;
            }
            line = behind;
            granted = then;
            behind.add(this);
            anyWaiting = true;
            return Grant.WAITING;
        }

        /** Takes what it wants; the result is who is to be told. */
        private Runnable take(Holding from) {
            if (holding != null && holding.pool != from.pool) {
                giveBack();
            }
            from.add(this, wanted);
            holding = from;
            held += wanted;
            wanted = 0;
            line = null;
            arrivedBytes = 0;
            lastNanos = nanoTime.getAsLong();
            readingSinceNanos = lastNanos;
            return granted;
        }

        private void giveBack() {
            if (holding != null) {
                holding.add(this, -held);
                holding = null;
                held = 0;
            }
        }

        /** What the request came to is there already, and held until it is answered: it may exceed the pool. */
        void holdAtLeast(long bytes) {
            synchronized (BodyBudget.this) {
                if (holding != null && bytes > held) {
                    holding.add(this, bytes - held);
                    held = bytes;
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
            synchronized (BodyBudget.this) {
                whole = true;
                sender.isProven(true);
            }
        }

        /** Whether it did not come on since it was cut; if it did, it is not cut. */
        boolean isSlowStill() {
            synchronized (BodyBudget.this) {
                isCut = false;
                return isSlow(nanoTime.getAsLong());
            }
        }

        boolean isHeld() {
            synchronized (BodyBudget.this) {
                return holding != null;
            }
        }

        private boolean isSlow(long nowNanos) {
            if (whole || isCut) {
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
                if (line != null) {
                    line.remove(this);
                    line = null;
                } else if (holding != null && !whole) {
                    sender.isProven(false);
                }
                giveBack();
                permits.remove(this);
                ready = grantWaiting();
            }
            ready.forEach(Runnable::run);
        }
    }
}
