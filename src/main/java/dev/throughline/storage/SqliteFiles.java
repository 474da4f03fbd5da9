package dev.throughline.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteException;

/** Opens day files and says what SQLite's errors mean for a caller. */
final class SqliteFiles {
    /** Version of both kinds of file. */
    static final int SCHEMA_VERSION = 2;

    /** The process or the system has no file descriptor left. */
    static final String NO_DESCRIPTORS = "store_no_descriptors";

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

    /**
     * Makes the file, empty and its owner's alone, where there is none. Where the ledger knows of records that were in it, an
     * empty one is damaged and a missing one is not made.
     *
     * @return whether the file may be one without tables yet
     */
    static boolean create(Path file, long epochDay, DayLedger ledger) {
        try {
            boolean empty = !Files.exists(file) || (Files.isRegularFile(file) && Files.size(file) == 0);
            DayLedger.Entry known = ledger.get(epochDay);
            if (empty && known != null && (known.records() > 0 || known.damaged())) {
                throw StoreUnavailableException.corrupt("the file is " + (Files.exists(file) ? "empty" : "gone"));
            }
            if (empty && known == null) {
                ledger.put(DayLedger.Entry.of(epochDay, 0, false));
            }
            OwnerOnly.file(file);
            return known == null || known.records() == 0;
        } catch (IOException e) {
            throw unavailable(e, "store_unwritable");
        }
    }

    /** Creates the tables of a new file; refuses one of a newer program. Returns the version that the file has. */
    static int schema(Connection connection, boolean isNew, String... tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version;
            try (ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
                version = rows.getInt(1);
            }
            if (version > SCHEMA_VERSION) {
                throw new StoreUnavailableException("store_schema_newer");
            }
            if (version > 0) {
                return version;
            }
            if (!isNew) {
                throw StoreUnavailableException.corrupt("the file has no tables");
            }
            connection.setAutoCommit(false);
            for (String table : tables) {
                statement.execute(table);
            }
            statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
            connection.commit();
            connection.setAutoCommit(true);
            return SCHEMA_VERSION;
        }
    }

    /** Creates the folder, its owner's alone, and makes its name durable. */
    static void createFolder(Path root, Path folder) {
        try {
            OwnerOnly.folder(root, folder);
        } catch (IOException e) {
            throw unavailable(e, "store_unwritable");
        }
    }

    /** What is in a folder; nothing where there is no such folder. */
    static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Whether there is something of this name, whatever it is.
     *
     * @throws IOException where that cannot be known
     */
    static boolean isThere(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The stable code of a failure. Primary result codes: sqlite.org/rescode.html. */
    static StoreUnavailableException unavailable(SQLException e) {
        String code = switch (e.getErrorCode() & 0xFF) {
            case 13 -> "store_disk_full";
            // Statements and tables are ours: one that does not fit them, or breaks their rules, is a file that is not
            // as it was.
            case 1, 11, 18, 19, 20, 26 -> "store_corrupt";
            case 3, 8, 14, 23 -> "store_unwritable";
            case 5, 6 -> "store_busy";
            default -> isTooShort(e) ? "store_corrupt" : "store_io_error";
        };
        boolean mayBeDescriptors = code.equals("store_unwritable") || code.equals("store_io_error");
        return new StoreUnavailableException(mayBeDescriptors && noDescriptors() ? NO_DESCRIPTORS : code, e);
    }

    /** A file that ends before its pages do, or whose file system says that it is damaged. */
    private static boolean isTooShort(SQLException e) {
        return e instanceof SQLiteException sqlite
                && switch (sqlite.getResultCode()) {
                    case SQLITE_IOERR_SHORT_READ, SQLITE_IOERR_CORRUPTFS, SQLITE_IOERR_DATA -> true;
                    default -> false;
                };
    }

    /** The stable code of a failure outside SQLite: that the process has no descriptor left, or what the caller says. */
    static StoreUnavailableException unavailable(IOException e, String code) {
        return new StoreUnavailableException(noDescriptors() ? NO_DESCRIPTORS : code, e);
    }

    /** Tells a file that cannot be opened now from one that never can. */
    static void requireDescriptors(IOException e) {
        if (noDescriptors()) {
            throw new StoreUnavailableException(NO_DESCRIPTORS, e);
        }
    }

    /** SQLite does not say why it cannot open a file; another one that is surely there is opened no better without descriptors. */
    private static boolean noDescriptors() {
        try (FileChannel channel = FileChannel.open(Path.of("/"), StandardOpenOption.READ)) {
            return !channel.isOpen();
        } catch (AccessDeniedException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
