package dev.throughline.storage;

import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.RecordId;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.CRC32C;

/**
 * Reads what can be read of a damaged file, from a copy of it. Where SQLite cannot open it its first page, which is the same in every
 * new file of a kind but for counts, is taken from a new one. A row that cannot be reached is passed over by its number; a
 * block whose sum is wrong still gives the frames whose own CRC holds. One use, one thread.
 */
final class Salvage implements AutoCloseable {
    private static final int PAGE_BYTES = 8_192;
    private static final int PAGES_MIN = 8;
    private static final int SQLITE_CORRUPT = 11;
    /** Numbers in a row that lead nowhere before the end of a file whose length is not known. */
    private static final int MISSES_MAX = 10_000;

    private final Connection connection;
    private final boolean checked;
    private final long expected;
    private long highest;
    private long saved;
    private boolean proved;

    /** Where to put what was saved. */
    interface Target {
        void frame(byte[] bytes, int at, int length) throws SQLException;

        void entry(QuarantineRow row) throws SQLException;
    }

    /**
     * Opens a copy.
     *
     * @param stream of the file that is missed, and {@code entry} what is known of it
     * @param database the damaged file
     * @param copy where the copy is to be; in a folder of its own
     * @param template an empty file of the same kind
     */
    static Salvage open(Stream stream, DayLedger.Entry entry, Path database, Path copy, Path template)
            throws IOException, SQLException, NothingException {
        Path wal = Path.of(database + "-wal");
        OwnerOnly.file(copy);
        if (Files.isRegularFile(database)) {
            append(database, copy);
        }
        if (Files.isRegularFile(wal)) {
            Path copied = Path.of(copy + "-wal");
            OwnerOnly.file(copied);
            append(wal, copied);
        }
        try {
            if (Files.size(copy) >= PAGE_BYTES) {
                return new Salvage(copy, entry.records()).of(stream, entry);
            }
        } catch (SQLException ignored) {
            // Its first page is replaced.
        }
        Files.deleteIfExists(Path.of(copy + "-shm"));
        firstPage(copy, template);
        try {
            return new Salvage(copy, entry.records()).of(stream, entry);
        } catch (SQLException e) {
            if (SqliteFiles.unavailable(e).isDamage()) {
                throw new NothingException();
            }
            throw e;
        }
    }

    /** A file of another day or stream that was in this one's place has nothing of what is missed. */
    private Salvage of(Stream stream, DayLedger.Entry entry) throws SQLException, NothingException {
        try {
            FileIdentity found = FileIdentity.of(connection);
            boolean other = found != null
                    && (!found.isOf(stream, entry.epochDay()) || (entry.fileId() != 0 && entry.fileId() != found.id()));
            if (other) {
                close();
                throw new NothingException();
            }
            proved = found != null && entry.fileId() != 0;
        } catch (SQLException | StoreUnavailableException e) {
            proved = false; // That is damaged too.
        }
        return this;
    }

    /** Whether the file says that it is the one that is missed; else it is only not known to be another. */
    boolean isProved() {
        return proved;
    }

    /** The file cannot be opened even with another first page, or is another one. */
    static final class NothingException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static void append(Path from, Path to) throws IOException {
        try (var in = Files.newInputStream(from);
                var out = Files.newOutputStream(to)) {
            in.transferTo(out);
        }
    }

    /** The header says how many pages there are, and that this is so (database file format, 1.3). */
    private static void firstPage(Path copy, Path template) throws IOException {
        byte[] page;
        try (var in = Files.newInputStream(template)) {
            page = in.readNBytes(PAGE_BYTES);
        }
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(page);
            // The tables' first pages must be within the file.
            int pages = (int) Math.max(PAGES_MIN, channel.size() / PAGE_BYTES);
            if (channel.size() < (long) pages * PAGE_BYTES) {
                channel.write(ByteBuffer.allocate(1), (long) pages * PAGE_BYTES - 1);
            }
            bytes.putInt(24, 1).putInt(28, pages).putInt(92, 1);
            // Pages that are free are not known any more; none is written to.
            bytes.putInt(32, 0).putInt(36, 0);
            channel.write(bytes, 0);
        }
    }

    private Salvage(Path copy, long expected) throws SQLException {
        this.expected = expected;
        connection = SqliteFiles.connect(copy, StoreConfig.DEFAULT);
        try (Statement statement = connection.createStatement()) {
            boolean sums = false;
            int tables = 0;
            try (ResultSet rows = statement.executeQuery("SELECT sql FROM sqlite_master WHERE type = 'table'")) {
                while (rows.next()) {
                    String sql = String.valueOf(rows.getString(1));
                    boolean ours = sql.contains("TABLE blocks(") || sql.contains("TABLE entries(");
                    tables += ours ? 1 : 0;
                    sums |= ours && sql.contains("sum INTEGER");
                }
            }
            if (tables == 0) {
                throw new SQLException("no tables", "", SQLITE_CORRUPT);
            }
            checked = sums;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Records that were saved. */
    long saved() {
        return saved;
    }

    /** Records that the file had, as the ledger and its rows say. */
    long expected() {
        return Math.max(expected, highest);
    }

    void records(Target target) throws SQLException {
        long position = 1;
        int misses = 0;
        String sql = BlockRow.select(checked) + "WHERE first >= ? ORDER BY first LIMIT 1";
        while (position <= Integer.MAX_VALUE && (expected == 0 ? misses < MISSES_MAX : position <= expected())) {
            misses++;
            long next = position + 1;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, position);
                try (ResultSet rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        return;
                    }
                    next = Math.max(next, rows.getLong(1) + 1);
                    BlockRow row = BlockRow.of(rows);
                    misses = 0;
                    next = Math.max(next, block(row, target));
                }
            } catch (SQLException | StoreUnavailableException e) {
                requireDamage(e);
            }
            position = next;
        }
    }

    private static void requireDamage(Exception e) throws SQLException {
        if (e instanceof TargetException failed) {
            throw failed.failure();
        }
        if (e instanceof SQLException sql && SqliteFiles.unavailable(sql).code().equals(SqliteFiles.NO_DESCRIPTORS)) {
            throw sql;
        }
    }

    /** A failure to write what was saved, which is no damage. */
    private static final class TargetException extends SQLException {
        private static final long serialVersionUID = 1L;

        private final SQLException failure;

        TargetException(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        SQLException failure() {
            return failure;
        }
    }

    /** Saves a block's frames; returns the number behind it, as far as that can be believed. */
    private long block(BlockRow row, Target target) throws SQLException {
        boolean whole = row.sum() == null || row.sum() == RowSums.block(row);
        if (whole && row.records() > 0) {
            highest = Math.max(highest, row.end() - 1L);
        }
        byte[] frames = row.frames();
        CRC32C crc = new CRC32C();
        int at = 0;
        while (at <= frames.length - RecordFrame.BYTES_MIN) {
            int length = RecordFrame.lengthIfValid(frames, at, frames.length, crc);
            if (length < 0) {
                at++;
                continue;
            }
            try {
                target.frame(frames, at, length);
            } catch (SQLException e) {
                throw new TargetException(e);
            }
            saved++;
            at += length;
        }
        return whole ? row.end() : 0;
    }

    void entries(Target target) throws SQLException {
        int misses = 0;
        String sql = QuarantineRow.select(checked) + "WHERE entry = ?";
        for (long entry = 1; expected == 0 ? misses < MISSES_MAX : entry <= expected; entry++) {
            misses++;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, entry);
                try (ResultSet rows = statement.executeQuery()) {
                    if (rows.next()) {
                        entry(QuarantineRow.of(rows), target);
                        highest = Math.max(highest, entry);
                        misses = 0;
                    }
                }
            } catch (SQLException | StoreUnavailableException e) {
                requireDamage(e);
            }
        }
    }

    /** What is beside a whole frame can be made of it, but for how often it came. */
    private void entry(QuarantineRow row, Target target) throws SQLException {
        QuarantineRow whole;
        try {
            whole = row.check();
        } catch (StoreUnavailableException e) {
            RecordFrame frame = Frames.copy(Stream.QUARANTINE, row.frame(), 0).frame();
            whole = QuarantineRow.ofFrame(
                    row.entry(), RecordId.toString(frame.idHigh(), frame.idLow()), frame, row.frame());
        }
        try {
            target.entry(whole);
        } catch (SQLException e) {
            throw new TargetException(e);
        }
        saved++;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
