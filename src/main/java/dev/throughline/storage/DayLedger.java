package dev.throughline.storage;

import dev.throughline.FailureCode;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How many records each day of a stream is known to hold, kept apart from the day's file: a file that comes back with fewer has
 * lost some, and one that is gone is missed. A file of {@value #BYTES} bytes a day, little-endian; one of format 1 has no id, and is {@value
 * #BYTES_1} bytes:
 *
 * <pre>
 *  0  u32  magic           4  u32  format, 2
 *  8  i64  epoch day
 * 16  i64  records that were committed
 * 24  i64  records that are known to be lost from the day's file
 * 32  i64  how many of them an operator knows of ({@code store repair})
 * 40  i64  id of the day's file ({@link FileIdentity}); 0: not known
 * 48  u32  flags: 1 what the file answers cannot be proved
 * 52  u32  CRC-32C of bytes 0 … 52
 * </pre>
 *
 * <p>It is written in place after each commit, without a flush: after a power loss it may know of fewer records than there are,
 * never of more. A day that {@link KnownDays} has and that has no entry has one that is damaged. Read once; the process that has the store is the only one to write. Thread-safe.
 */
final class DayLedger implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DayLedger.class);
    private static final int MAGIC = 0x59444C54;
    private static final int FORMAT = 2;
    private static final int SUSPECT = 1;
    private static final int UNUSABLE_MAX = 16;
    static final int BYTES = 56;
    private static final int BYTES_1 = 48;
    private static final int ID_AT = 40;

    private final Path root;
    private final Path folder;
    private final @Nullable KnownDays days;
    private @Nullable NavigableMap<Long, Entry> entries;
    private @Nullable FileChannel channel;
    private long channelDay;
    private boolean failing;

    /**
     * The ledger of one stream.
     *
     * @param root of the store; {@code folder} is in it, and has the stream's name
     * @param days null where the entry is of a file that was set aside
     */
    DayLedger(Path root, Path folder, @Nullable KnownDays days) {
        this.root = root;
        this.folder = folder;
        this.days = days;
    }

    /**
     * What is known of a day.
     *
     * @param records that were committed to its file
     * @param lost of them, that are not there any more
     * @param accepted of these, that an operator knows of
     * @param fileId of the day's file; 0 where it is not known
     * @param suspect whether what the file answers cannot be proved
     * @param damaged whether the ledger itself could not be read: nothing else is known
     */
    record Entry(long epochDay, long records, long lost, long accepted, long fileId, boolean suspect, boolean damaged) {
        static Entry of(long epochDay, long records, boolean suspect) {
            return new Entry(epochDay, records, 0, 0, 0, suspect, false);
        }

        Entry records(long count) {
            return new Entry(epochDay, count, lost, accepted, fileId, suspect, damaged);
        }

        /** The day's file holds {@code count} records now, and had {@link #records}. */
        Entry shrunkTo(long count) {
            return new Entry(epochDay, count, lost + records - count, accepted, fileId, suspect, damaged);
        }

        Entry suspected() {
            return new Entry(epochDay, records, lost, accepted, fileId, true, damaged);
        }

        Entry file(long id) {
            return new Entry(epochDay, records, lost, accepted, id, suspect, damaged);
        }

        Entry repaired() {
            return new Entry(epochDay, records, lost, lost, fileId, false, false);
        }
    }

    private NavigableMap<Long, Entry> entries() {
        NavigableMap<Long, Entry> known = entries;
        if (known == null) {
            known = new TreeMap<>();
            List<Path> files;
            try {
                files = SqliteFiles.list(folder);
            } catch (IOException e) {
                SqliteFiles.requireDescriptors(e);
                agree(known);
                return known; // Perhaps it can be read the next time.
            }
            for (Path file : files) {
                try {
                    long day = LocalDate.parse(file.getFileName().toString()).toEpochDay();
                    known.put(day, read(file, day));
                } catch (DateTimeParseException ignored) {
                    // Not one of ours.
                }
            }
            agree(known);
            entries = known;
        }
        return known;
    }

    /** With the list of days: what only it has is missed, what only is here was before there was a list, or it was lost. */
    private void agree(NavigableMap<Long, Entry> known) {
        if (days == null) {
            return;
        }
        for (long day : days.of(stream())) {
            known.putIfAbsent(day, damaged(day));
        }
        try {
            days.add(stream(), known.keySet());
        } catch (IOException e) {
            LOG.warnf("the list of the store's days cannot be written: %s", FailureCode.of(e));
        }
    }

    private String stream() {
        return folder.getFileName().toString();
    }

    private static Entry damaged(long epochDay) {
        return new Entry(epochDay, 0, 0, 0, 0, true, true);
    }

    /** The entry in a file; one that says so where it is damaged. */
    static Entry read(Path file, long epochDay) {
        Entry damaged = damaged(epochDay);
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES);
        } catch (IOException e) {
            SqliteFiles.requireDescriptors(e);
            return damaged;
        }
        if (bytes.length < BYTES_1) {
            return damaged;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean hasId = buffer.getInt(4) == FORMAT && bytes.length == BYTES;
        int flags = hasId ? ID_AT + Long.BYTES : ID_AT;
        int sum = flags + Integer.BYTES;
        boolean whole = buffer.getInt(0) == MAGIC
                && (hasId || buffer.getInt(4) == 1)
                && buffer.getLong(8) == epochDay
                && buffer.getInt(sum) == check(bytes, sum);
        return whole
                ? new Entry(
                        epochDay,
                        buffer.getLong(16),
                        buffer.getLong(24),
                        buffer.getLong(32),
                        hasId ? buffer.getLong(ID_AT) : 0,
                        (buffer.getInt(flags) & SUSPECT) != 0,
                        false)
                : damaged;
    }

    private static int check(byte[] bytes, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, to);
        return (int) crc.getValue();
    }

    private static ByteBuffer bytes(Entry entry) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(FORMAT).putLong(entry.epochDay());
        buffer.putLong(entry.records()).putLong(entry.lost()).putLong(entry.accepted());
        buffer.putLong(entry.fileId()).putInt(entry.suspect() ? SUSPECT : 0);
        return buffer.putInt(check(buffer.array(), buffer.position())).flip();
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
                LOG.warnf("%s: the ledger of days cannot be written: %s", folder, FailureCode.of(e));
            }
        }
    }

    /** Writes an entry and waits until it is durable. */
    synchronized void put(Entry entry) {
        try {
            OwnerOnly.folder(root, folder);
            if (days != null) {
                days.add(stream(), Set.of(entry.epochDay()));
            }
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
        if (days != null) {
            days.remove(stream(), epochDay);
        }
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
