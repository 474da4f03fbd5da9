package dev.throughline.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one file that read. Each reading has one to itself, because what a connection sees is fixed as long as any of its
 * statements is open. Thread-safe.
 */
final class Readers implements AutoCloseable {
    private static final int IDLE_MAX = 2;

    private final Path file;
    private final StoreConfig config;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    Readers(Path file, StoreConfig config) {
        this.file = file;
        this.config = config;
    }

    /** One reading: all its statements see the same state, the one at its first read. */
    static final class Reader implements AutoCloseable {
        private final Readers owner;
        private final Connection connection;

        Reader(Readers owner, Connection connection) {
            this.owner = owner;
            this.connection = connection;
        }

        Connection connection() {
            return connection;
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            owner.giveBack(connection);
        }
    }

    Reader borrow() throws SQLException {
        Connection connection = takeIdle();
        if (connection == null) {
            connection = SqliteFiles.connect(file, config);
            connection.setAutoCommit(false);
        }
        return new Reader(this, connection);
    }

    private synchronized @Nullable Connection takeIdle() {
        return idle.poll();
    }

    private void giveBack(Connection connection) throws SQLException {
        synchronized (this) {
            if (!closed && idle.size() < IDLE_MAX) {
                idle.push(connection);
                return;
            }
        }
        connection.close();
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        while (!idle.isEmpty()) {
            idle.pop().close();
        }
    }
}
