package dev.throughline.storage;

import dev.throughline.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Which days each stream has: {@code store/days}, apart from the days' files and their ledger, whose names all say the day. One pattern
 * that deletes both leaves this, and the day is missed. Lines of text, {@code <stream> <epoch day>}, ascending, and behind them {@code crc32c} and the sum
 * of all before it in hexadecimal digits. Written anew, whole and durable, when a day begins and when retention deletes one. A file that is gone or damaged is
 * made again from the ledgers. Thread-safe.
 */
final class KnownDays {
    private static final Logger LOG = Logger.getLogger(KnownDays.class);
    private static final String SUM = "crc32c ";

    private final Path root;
    private final Path file;
    private @Nullable SortedSet<String> lines;

    /** @param root of the store */
    KnownDays(Path root) {
        this.root = root;
        this.file = root.resolve("days");
    }

    private static String line(String stream, long epochDay) {
        return stream + " " + epochDay;
    }

    private SortedSet<String> lines() {
        SortedSet<String> known = lines;
        if (known == null) {
            known = read();
            lines = known;
        }
        return known;
    }

    private SortedSet<String> read() {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            int sum = text.lastIndexOf(SUM);
            if (sum >= 0 && text.substring(sum).equals(sum(text.substring(0, sum)))) {
                return new TreeSet<>(text.substring(0, sum).lines().toList());
            }
            LOG.errorf("the store is damaged: %s: it is made again from the ledgers of days", file);
        } catch (NoSuchFileException e) {
            // The first day begins, or it was deleted.
        } catch (IOException e) {
            SqliteFiles.requireDescriptors(e);
            LOG.errorf("the store is damaged: %s cannot be read: it is made again from the ledgers of days", file);
        }
        return new TreeSet<>();
    }

    private static String sum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return SUM + Long.toHexString(crc.getValue()) + "\n";
    }

    synchronized Set<Long> of(String stream) {
        Set<Long> days = new TreeSet<>();
        for (String line : lines()) {
            if (line.startsWith(stream + " ")) {
                days.add(Long.valueOf(line.substring(stream.length() + 1)));
            }
        }
        return days;
    }

    /** They are known when this returns, after a power loss too. */
    synchronized void add(String stream, Set<Long> days) throws IOException {
        SortedSet<String> more = new TreeSet<>(lines());
        boolean changed = false;
        for (long day : days) {
            changed |= more.add(line(stream, day));
        }
        if (changed) {
            write(more);
        }
    }

    synchronized void remove(String stream, long epochDay) throws IOException {
        SortedSet<String> less = new TreeSet<>(lines());
        if (less.remove(line(stream, epochDay))) {
            write(less);
        }
    }

    private void write(SortedSet<String> all) throws IOException {
        StringBuilder text = new StringBuilder();
        all.forEach(line -> text.append(line).append('\n'));
        OwnerOnly.folder(root, root);
        PrivateFiles.replace(file, (text + sum(text.toString())).getBytes(StandardCharsets.US_ASCII));
        lines = all;
    }
}
