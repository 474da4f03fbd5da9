package dev.throughline.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How many records each day of a stream is known to hold, kept apart from the day's file: a file that comes back with fewer has
 * lost some, and one that is gone is missed. A file of {@value #BYTES} bytes a day, little-endian:
 *
 * <pre>
 *  0  u32  magic           4  u32  format, 1
 *  8  i64  epoch day
 * 16  i64  records that were committed
 * 24  i64  records that are known to be lost from the day's file
 * 32  i64  how many of them an operator knows of ({@code store repair})
 * 40  u32  flags: 1 what the file answers cannot be proved
 * 44  u32  CRC-32C of bytes 0 … 44
 * </pre>
 *
 * <p>It is written in place after each commit, without a flush: after a power loss it may know of fewer records than there are,
 * never of more. Read once; the process that has the store is the only one to write. Thread-safe.
 */
final class DayLedger implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DayLedger.class);
    private static final int MAGIC = 0x59444C54;
    private static final int FORMAT = 1;
    private static final int CHECKED_BYTES = 44;
    private static final int SUSPECT = 1;
    private static final int UNUSABLE_MAX = 16;
    static final int BYTES = 48;

    private final Path root;
    private final Path folder;
    private @Nullable NavigableMap<Long, Entry> entries;
    private @Nullable FileChannel channel;
    private long channelDay;
    private boolean failing;

    /** @param root of the store; {@code folder} is in it */
    DayLedger(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /**
     * What is known of a day.
     *
     * @param records that were committed to its file
     * @param lost of them, that are not there any more
     * @param accepted of these, that an operator knows of
     * @param suspect whether what the file answers cannot be proved
     * @param damaged whether the ledger itself could not be read: nothing else is known
     */
    record Entry(long epochDay, long records, long lost, long accepted, boolean suspect, boolean damaged) {
        static Entry of(long epochDay, long records, boolean suspect) {
            return new Entry(epochDay, records, 0, 0, suspect, false);
        }

        Entry records(long count) {
            return new Entry(epochDay, count, lost, accepted, suspect, damaged);
        }

        /** The day's file holds {@code count} records now, and had {@link #records}. */
        Entry shrunkTo(long count) {
            return new Entry(epochDay, count, lost + records - count, accepted, suspect, damaged);
        }

        Entry suspected() {
            return new Entry(epochDay, records, lost, accepted, true, damaged);
        }

        Entry repaired() {
            return new Entry(epochDay, records, lost, lost, false, false);
        }
    }

    private NavigableMap<Long, Entry> entries() {
        NavigableMap<Long, Entry> known = entries;
        if (known == null) {
            known = new TreeMap<>();
            for (Path file : files()) {
                try {
                    long day = LocalDate.parse(file.getFileName().toString()).toEpochDay();
                    known.put(day, read(file, day));
                } catch (DateTimeParseException ignored) {
                    // Not one of ours.
                }
            }
            entries = known;
        }
        return known;
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var listed = Files.list(folder)) {
            return listed.toList();
        } catch (IOException e) {
            throw SqliteFiles.unavailable(e, "store_io_error");
        }
    }

    /** The entry in a file; one that says so where it is damaged. */
    static Entry read(Path file, long epochDay) {
        Entry damaged = new Entry(epochDay, 0, 0, 0, true, true);
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES);
        } catch (IOException e) {
            SqliteFiles.requireDescriptors(e);
            return damaged;
        }
        if (bytes.length < BYTES) {
            return damaged;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean whole = buffer.getInt(0) == MAGIC
                && buffer.getInt(4) == FORMAT
                && buffer.getLong(8) == epochDay
                && buffer.getInt(CHECKED_BYTES) == check(bytes);
        return whole
                ? new Entry(
                        epochDay,
                        buffer.getLong(16),
                        buffer.getLong(24),
                        buffer.getLong(32),
                        (buffer.getInt(40) & SUSPECT) != 0,
                        false)
                : damaged;
    }

    private static int check(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }

    private static ByteBuffer bytes(Entry entry) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(FORMAT).putLong(entry.epochDay());
        buffer.putLong(entry.records()).putLong(entry.lost()).putLong(entry.accepted());
        buffer.putInt(entry.suspect() ? SUSPECT : 0);
        return buffer.putInt(check(buffer.array())).flip();
    }

    synchronized @Nullable Entry get(long epochDay) {
        return entries().get(epochDay);
    }

    /** The days that something is known of, ascending. */
    synchronized List<Entry> all() {
        return new ArrayList<>(entries().values());
    }

    /** After a commit: the file has so many records now. A failure here loses no record and is told in the log. */
    synchronized void committed(long epochDay, long records) {
        Entry known = entries().get(epochDay);
        Entry entry = known == null ? Entry.of(epochDay, records, false) : known.records(records);
        entries().put(epochDay, entry);
        try {
            write(entry);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                LOG.warnf(
                        "%s: the ledger of days cannot be written: %s",
                        folder, e.getClass().getName());
            }
        }
    }

    /** Writes an entry and waits until it is durable. */
    synchronized void put(Entry entry) {
        try {
            OwnerOnly.folder(root, folder);
            moveUnusable(file(entry.epochDay()));
            OwnerOnly.file(file(entry.epochDay()));
            write(entry).force(true);
            OwnerOnly.sync(folder);
            entries().put(entry.epochDay(), entry);
        } catch (IOException e) {
            closeChannel();
            throw SqliteFiles.unavailable(e, "store_unwritable");
        }
    }

    /** What stands in the place of an entry and can never be written. */
    private static void moveUnusable(Path file) throws IOException {
        if (!Files.exists(file) || (Files.isRegularFile(file) && Files.isReadable(file) && Files.isWritable(file))) {
            return;
        }
        for (int n = 1; n <= UNUSABLE_MAX; n++) {
            Path target = file.resolveSibling(file.getFileName() + ".unusable." + n);
            if (!Files.exists(target)) {
                Files.move(file, target);
                return;
            }
        }
    }

    private FileChannel write(Entry entry) throws IOException {
        FileChannel open = channel;
        if (open == null || channelDay != entry.epochDay()) {
            closeChannel();
            open = FileChannel.open(file(entry.epochDay()), StandardOpenOption.WRITE);
            channel = open;
            channelDay = entry.epochDay();
        }
        open.write(bytes(entry), 0);
        return open;
    }

    Path file(long epochDay) {
        return folder.resolve(LocalDate.ofEpochDay(epochDay).toString());
    }

    /** Moves a day's entry away, or deletes it. */
    synchronized void remove(long epochDay, @Nullable Path target) throws IOException {
        if (channelDay == epochDay) {
            closeChannel();
        }
        if (target != null && Files.exists(file(epochDay))) {
            Files.move(file(epochDay), target);
        } else {
            Files.deleteIfExists(file(epochDay));
        }
        entries().remove(epochDay);
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException ignored) {
                // It was only written in place; what it says is in memory and written again.
            }
        }
    }

    @Override
    public synchronized void close() {
        closeChannel();
        entries = null;
    }
}
