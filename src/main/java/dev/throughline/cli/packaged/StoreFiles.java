package dev.throughline.cli.packaged;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.lz4.Lz4JavaDecompressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The embedded store's files, read from outside while no process has them open, and without the store's own code, so that a
 * mistake there is not made twice: one database a stream and day, whose table {@code blocks} holds {@link RecordFrame}s ({@code
 * frames}, an LZ4 block unless it is {@code raw_bytes} long). Quarantine is left out.
 */
public final class StoreFiles {
    private static final String QUARANTINE = "quarantine";
    private static final int BLOCK_BYTES_MAX = 256 << 20;

    private final List<Path> databases;

    private StoreFiles(List<Path> databases) {
        this.databases = databases;
    }

    /**
     * The files below a data directory.
     *
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

    /** Records, as the blocks say. */
    public long count() throws IOException {
        long[] count = new long[1];
        query("SELECT coalesce(sum(records), 0) FROM blocks", rows -> count[0] += rows.getLong(1));
        return count[0];
    }

    /**
     * The correlation id of every record; empty where it has none.
     *
     * @throws IOException where a block or a frame is damaged
     */
    public void correlationIds(Consumer<String> visitor) throws IOException {
        CRC32C crc = new CRC32C();
        RecordFrame frame = new RecordFrame();
        query("SELECT records, raw_bytes, frames FROM blocks ORDER BY first", rows -> {
            byte[] frames = unpacked(rows.getBytes(3), rows.getInt(2));
            int at = 0;
            for (int left = rows.getInt(1); left > 0; left--) {
                int length = RecordFrame.lengthIfValid(frames, at, frames.length, crc);
                if (length < 0) {
                    throw new IOException("a frame in the store's files is damaged");
                }
                visitor.accept(frame.wrap(frames, at).text(Field.CORRELATION_ID));
                at += length;
            }
        });
    }

    private static byte[] unpacked(byte[] packed, int length) throws IOException {
        if (length < 0 || length > BLOCK_BYTES_MAX) {
            throw new IOException("a block in the store's files is damaged");
        }
        if (packed.length == length) {
            return packed;
        }
        byte[] frames = new byte[length];
        try {
            if (new Lz4JavaDecompressor().decompress(packed, 0, packed.length, frames, 0, length) == length) {
                return frames;
            }
        } catch (MalformedInputException e) {
            throw new IOException("a block in the store's files cannot be unpacked", e);
        }
        throw new IOException("a block in the store's files is too short");
    }

    private interface RowVisitor {
        void row(ResultSet rows) throws SQLException, IOException;
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

    private static String stream(Path database) {
        Path directory = database.getParent();
        return directory == null ? "" : directory.getFileName().toString();
    }

    @Override
    public String toString() {
        return "StoreFiles[" + databases.size() + " files]";
    }
}
