package dev.throughline.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteDataSource;

/** Opens day files and says what SQLite's errors mean for a caller. */
final class SqliteFiles {
    /** Version of both kinds of file. */
    static final int SCHEMA_VERSION = 1;

    private static final int PAGE_BYTES = 8_192;
    private static final int BUSY_TIMEOUT_MS = 5_000;

    private SqliteFiles() {}

    /** A connection in autocommit mode. The driver is named, not found: native executables have no service loading. */
    static Connection connect(Path file, StoreConfig config) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MS);
            statement.execute("PRAGMA page_size = " + PAGE_BYTES);
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA mmap_size = 0");
            statement.execute("PRAGMA temp_store = MEMORY");
            statement.execute("PRAGMA cache_size = -" + config.pageCacheKib());
            statement.execute("PRAGMA wal_autocheckpoint = " + Math.max(1, config.walBytesMax() / PAGE_BYTES));
            statement.execute("PRAGMA journal_size_limit = " + config.walBytesMax());
            statement.execute("PRAGMA max_page_count = " + Math.min(0xFFFF_FFFEL, config.fileBytesMax() / PAGE_BYTES));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Creates the tables of a new file; refuses one of a newer program. */
    static void schema(Connection connection, String... tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
                version = rows.getInt(1);
            }
            if (version > SCHEMA_VERSION) {
                throw new StoreUnavailableException("store_schema_newer");
            }
            if (version == 0) {
                connection.setAutoCommit(false);
                for (String table : tables) {
                    statement.execute(table);
                }
                statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
                connection.commit();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Creates the folder and makes its name durable. */
    static void createFolder(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                for (Path parent = folder.getParent(); parent != null; parent = parent.getParent()) {
                    try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                        channel.force(true);
                    }
                    if (parent.endsWith("store")) {
                        break;
                    }
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailableException("store_unwritable", e);
        }
    }

    /** The stable code of a failure. Primary result codes: sqlite.org/rescode.html. */
    static StoreUnavailableException unavailable(SQLException e) {
        String code = switch (e.getErrorCode() & 0xFF) {
            case 13 -> "store_disk_full";
            case 11, 26 -> "store_corrupt";
            case 3, 8, 14, 23 -> "store_unwritable";
            case 5, 6 -> "store_busy";
            default -> "store_io_error";
        };
        return new StoreUnavailableException(code, e);
    }
}
