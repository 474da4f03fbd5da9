package dev.throughline.access;

import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The connections of one port, bounded in number: each costs memory and a descriptor. Where there are too many, the one that has
 * brought no request for the longest time is closed for a new one; where all are busy, the longest unused of those that never had a
 * token; where all have one, the new one. Thread-safe.
 */
final class OpenConnections {
    /** Descriptors that are for files, libraries and what the program itself connects to; some 250 are open when it is ready. */
    private static final long DESCRIPTORS_KEPT = 350;
    /** Ports that are bounded each for itself: API, OTLP/HTTP, OTLP/gRPC, probes. */
    private static final int PORTS = 4;

    private static final int CONNECTIONS_MIN = 10;

    private final int max;
    private final Predicate<Channel> busy;
    private final Runnable ended;
    /** The longest unused first; whether one ever had the token. */
    private final Map<Channel, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param busy whether a request of the connection is under way
     * @param ended told where a connection is closed because there are too many
     */
    OpenConnections(int max, Predicate<Channel> busy, Runnable ended) {
        this.max = max;
        this.busy = busy;
        this.ended = ended;
    }

    /** What is wanted for a port, as far as the process may have so many descriptors. */
    static int within(int wanted, long descriptors) {
        return (int) Math.min(wanted, Math.max(CONNECTIONS_MIN, (descriptors - DESCRIPTORS_KEPT) / PORTS));
    }

    /** Whether the new connection may stay. */
    @SuppressWarnings("ReferenceEquality") // this very connection
    boolean opened(Channel connection) {
        Channel surplus;
        synchronized (this) {
            surplus = open.size() < max ? null : leastNeeded(connection);
            if (surplus != null) {
                open.remove(surplus);
            }
            if (surplus != connection) {
                open.put(connection, false);
            }
        }
        connection.closeFuture().addListener(_ -> closed(connection));
        if (surplus != null) {
            ended.run();
            if (surplus != connection) {
                var _ = surplus.close();
            }
        }
        return surplus != connection;
    }

    private Channel leastNeeded(Channel otherwise) {
        Channel unauthenticated = otherwise;
        for (Map.Entry<Channel, Boolean> connection : open.entrySet()) {
            if (!busy.test(connection.getKey())) {
                return connection.getKey();
            }
            if (unauthenticated.equals(otherwise) && !connection.getValue()) {
                unauthenticated = connection.getKey();
            }
        }
        return unauthenticated;
    }

    /** A request came on it. */
    synchronized void used(Channel connection, boolean authenticated) {
        open.computeIfPresent(connection, (_, before) -> before || authenticated);
    }

    private synchronized void closed(Channel connection) {
        open.remove(connection);
    }
}
