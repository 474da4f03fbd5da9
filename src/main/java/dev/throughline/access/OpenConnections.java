package dev.throughline.access;

import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The connections of one port, bounded in number: each costs memory and a descriptor. Where there are too many, the one that has
 * brought no request for the longest time is closed for a new one; where all are busy, the new one is. Thread-safe.
 */
final class OpenConnections {
    /** Descriptors that are for files, libraries and what the program itself connects to; some 250 are open when it is ready. */
    private static final long DESCRIPTORS_KEPT = 350;
    /** Ports that are bounded each for itself: API, OTLP/HTTP, OTLP/gRPC, probes. */
    private static final int PORTS = 4;

    private static final int CONNECTIONS_MIN = 10;

    private final int max;
    private final Predicate<Channel> busy;
    /** The longest unused first. */
    private final Map<Channel, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    /** @param busy whether a request of the connection is under way */
    OpenConnections(int max, Predicate<Channel> busy) {
        this.max = max;
        this.busy = busy;
    }

    /** What is wanted for a port, as far as the process may have so many descriptors. */
    static int within(int wanted, long descriptors) {
        return (int) Math.min(wanted, Math.max(CONNECTIONS_MIN, (descriptors - DESCRIPTORS_KEPT) / PORTS));
    }

    @SuppressWarnings("ReferenceEquality") // this very connection
    void opened(Channel connection) {
        Channel surplus;
        synchronized (this) {
            surplus = open.size() < max ? null : longestUnused(connection);
            if (surplus != null) {
                open.remove(surplus);
            }
            if (surplus != connection) {
                open.put(connection, true);
            }
        }
        connection.closeFuture().addListener(_ -> closed(connection));
        if (surplus != null) {
            var _ = surplus.close();
        }
    }

    private Channel longestUnused(Channel otherwise) {
        for (Channel connection : open.keySet()) {
            if (!busy.test(connection)) {
                return connection;
            }
        }
        return otherwise;
    }

    /** A request came on it. */
    synchronized void used(Channel connection) {
        open.get(connection);
    }

    private synchronized void closed(Channel connection) {
        open.remove(connection);
    }
}
