package dev.throughline.cli.packaged;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The embedded store's files, read from outside while no process has them open: one database a stream and day, table {@code
 * records}. Quarantine is left out.
 */
public final class StoreFiles {
    private static final String QUARANTINE = "quarantine";
    private static final byte[] CORRELATION_MEMBER = "corr_".getBytes(StandardCharsets.US_ASCII);
    private static final int CORRELATION_ID_LENGTH = 31;

    private final List<Path> databases;

    private StoreFiles(List<Path> databases) {
        this.databases = databases;
    }

    /**
     * @param data the data directory that the program ran on
     */
    public static StoreFiles of(Path data) throws IOException {
        Path store = data.resolve("store");
        if (!Files.isDirectory(store)) {
            return new StoreFiles(List.of());
        }
        try (Stream<Path> files = Files.walk(store, 2)) {
            return new StoreFiles(files.filter(file -> file.toString().endsWith(".db"))
                    .filter(file -> !stream(file).equals(QUARANTINE))
                    .sorted()
                    .toList());
        }
    }

    public long count() throws IOException {
        long[] count = new long[1];
        query("SELECT count(*) FROM records", rows -> count[0] += rows.getLong(1));
        return count[0];
    }

    /** The correlation id of every record, as its payload has it; empty where it has none. */
    public void correlationIds(Consumer<String> visitor) throws IOException {
        query("SELECT payload FROM records", rows -> visitor.accept(correlationId(rows.getBytes(1))));
    }

    private interface RowVisitor {
        void row(ResultSet rows) throws SQLException;
    }

    private void query(String sql, RowVisitor visitor) throws IOException {
        for (Path database : databases) {
            SQLiteConfig config = new SQLiteConfig();
            config.setBusyTimeout(5_000);
            SQLiteDataSource source = new SQLiteDataSource(config);
            source.setUrl("jdbc:sqlite:" + database);
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    visitor.row(rows);
                }
            } catch (SQLException e) {
                throw new IOException("the store's file " + database.getFileName() + " of " + stream(database)
                        + " cannot be read: code " + e.getErrorCode());
            }
        }
    }

    static String correlationId(byte[] payload) {
        for (int at = 0; at + CORRELATION_ID_LENGTH <= payload.length; at++) {
            if (payload[at] == 'c' && startsWith(payload, at)) {
                return new String(payload, at, CORRELATION_ID_LENGTH, StandardCharsets.US_ASCII);
            }
        }
        return "";
    }

    private static boolean startsWith(byte[] payload, int at) {
        for (int i = 0; i < CORRELATION_MEMBER.length; i++) {
            if (payload[at + i] != CORRELATION_MEMBER[i]) {
                return false;
            }
        }
        return true;
    }

    private static String stream(Path database) {
        Path directory = database.getParent();
        return directory == null ? "" : directory.getFileName().toString();
    }

    @Override
    public String toString() {
        return "StoreFiles[" + databases.size() + " files]";
    }
}
