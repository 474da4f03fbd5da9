package dev.throughline.ingest;

import io.vertx.core.http.HttpConnection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The connections of one port, bounded in number: each costs memory and a descriptor. Where there are too many, the one that has
 * brought no request for the longest time is closed for a new one; where all are busy, the new one is. Thread-safe.
 */
final class OpenConnections {
    private final int max;
    private final Predicate<HttpConnection> busy;
    /** The longest unused first. */
    private final Map<HttpConnection, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    /** @param busy whether a request of the connection is under way */
    OpenConnections(int max, Predicate<HttpConnection> busy) {
        this.max = max;
        this.busy = busy;
    }

    @SuppressWarnings("ReferenceEquality") // this very connection
    void opened(HttpConnection connection) {
        HttpConnection surplus;
        synchronized (this) {
            surplus = open.size() < max ? null : longestUnused(connection);
            if (surplus != null) {
                open.remove(surplus);
            }
            if (surplus != connection) {
                open.put(connection, true);
            }
        }
        connection.closeHandler(_ -> closed(connection));
        if (surplus != null) {
            surplus.close();
        }
    }

    private HttpConnection longestUnused(HttpConnection otherwise) {
        for (Iterator<HttpConnection> each = open.keySet().iterator(); each.hasNext(); ) {
            HttpConnection connection = each.next();
            if (!busy.test(connection)) {
                return connection;
            }
        }
        return otherwise;
    }

    /** A request came on it. */
    synchronized void used(HttpConnection connection) {
        open.get(connection);
    }

    private synchronized void closed(HttpConnection connection) {
        open.remove(connection);
    }

    synchronized int count() {
        return open.size();
    }
}
