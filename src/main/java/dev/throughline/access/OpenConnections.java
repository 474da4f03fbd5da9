package dev.throughline.access;

import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The connections of one port, bounded in number: each costs memory and a descriptor. Where there are too many, one makes room for the
 * new one: the longest unused of those that never had the token, where they are more than a quarter; else one that has been idle for
 * long; else the one whose request has been coming for the longest, if that is a while; else the longest unused that has no request under way; else
 * the one whose request has been under way for the longest, if that is a while; else the new one.
 * Thread-safe.
 */
final class OpenConnections {
    /** Descriptors that are for files, libraries and what the program itself connects to; some 250 are open when it is ready. */
    private static final long DESCRIPTORS_KEPT = 350;
    /** Ports that are bounded each for itself: API, OTLP/HTTP, OTLP/gRPC, probes. */
    private static final int PORTS = 4;

    private static final int CONNECTIONS_MIN = 10;
    private static final int CLOSING_MIN = 16;
    private static final int CLOSING_MAX = 250;

    /** Of those that have not shown the token, which the others do with their first request. */
    private static final int STRANGERS_PART = 4;

    private static final long LONG_IDLE_NANOS = 10_000_000_000L;
    private static final long LONG_RECEIVED_NANOS = 250_000_000L;
    private static final long LONG_UNDER_WAY_NANOS = 2_000_000_000L;

    /** What a connection does. */
    enum Activity {
        IDLE,
        /** More of a request is to come. */
        RECEIVES,
        /** Its requests are there, and to be answered. */
        WAITS
    }

    private final int max;
    private final Function<Channel, Activity> activity;
    private final Runnable ended;
    private final LongSupplier nanoTime;
    /** The longest unused first. */
    private final Map<Channel, Use> open = new LinkedHashMap<>(16, 0.75f, true);

    private int strangers;

    /**
     * What is known of a connection.
     *
     * @param usedNanos when it was opened, or brought its last request
     * @param authenticated whether it ever had the token
     */
    private record Use(long usedNanos, boolean authenticated) {}

    /**
     * @param activity what a connection does now
     * @param ended told where a connection is closed because there are too many
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    OpenConnections(int max, Function<Channel, Activity> activity, Runnable ended, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.max = max;
        this.activity = activity;
        this.ended = ended;
    }

    /** What is wanted for a port, as far as the process may have so many descriptors. */
    static int within(int wanted, long descriptors) {
        return (int) Math.min(wanted, Math.max(CONNECTIONS_MIN, (descriptors - DESCRIPTORS_KEPT) / PORTS));
    }

    /** How many may be accepted, those that are being closed for new ones included. */
    static int acceptedMax(int max, long descriptors) {
        long spare = (descriptors - DESCRIPTORS_KEPT) / PORTS - max;
        return max + Math.clamp(spare, CLOSING_MIN, CLOSING_MAX);
    }

    /** Whether the new connection may stay. */
    @SuppressWarnings("ReferenceEquality") // this very connection
    boolean opened(Channel connection) {
        Channel surplus;
        synchronized (this) {
            surplus = open.size() < max ? null : leastNeeded(connection);
            if (surplus != null) {
                forget(surplus);
            }
            if (surplus != connection) {
                open.put(connection, new Use(nanoTime.getAsLong(), false));
                strangers++;
            }
        }
        connection.closeFuture().addListener(_ -> forget(connection));
        if (surplus != null) {
            ended.run();
            if (surplus != connection) {
                var _ = surplus.close();
            }
        }
        return surplus != connection;
    }

    private Channel leastNeeded(Channel otherwise) {
        boolean stranger = strangers * STRANGERS_PART > max;
        long now = nanoTime.getAsLong();
        Channel idle = null;
        Channel longReceived = null;
        Channel longUnderWay = null;
        for (Map.Entry<Channel, Use> connection : open.entrySet()) {
            Channel channel = connection.getKey();
            Activity does = activity.apply(channel);
            long used = now - connection.getValue().usedNanos;
            if (stranger ? !connection.getValue().authenticated : does == Activity.IDLE && used > LONG_IDLE_NANOS) {
                return channel;
            }
            idle = idle == null && does == Activity.IDLE ? channel : idle;
            if (longReceived == null && does == Activity.RECEIVES && used > LONG_RECEIVED_NANOS) {
                longReceived = channel;
            }
            if (longUnderWay == null && used > LONG_UNDER_WAY_NANOS) {
                longUnderWay = channel;
            }
        }
        Channel busy = longUnderWay == null ? otherwise : longUnderWay;
        Channel unused = idle == null ? busy : idle;
        return longReceived == null ? unused : longReceived;
    }

    /** A request came on it. */
    synchronized void used(Channel connection, boolean authenticated) {
        Use before = open.get(connection);
        if (before != null) {
            boolean stranger = !before.authenticated && !authenticated;
            strangers -= !before.authenticated && authenticated ? 1 : 0;
            open.put(connection, new Use(nanoTime.getAsLong(), !stranger));
        }
    }

    private synchronized void forget(Channel connection) {
        Use use = open.remove(connection);
        strangers -= use != null && !use.authenticated ? 1 : 0;
    }
}
