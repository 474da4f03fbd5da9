package dev.throughline.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of one stream that were set aside because they could not be used: {@code store/damaged/<stream>/<day>.<n>/}, each
 * folder with the day's files and its ledger entry as they were. {@code store repair} adds {@code .repaired} to its name when what
 * can be read of it is in the day's file again; the ledger entry then says how many records could not. Thread-safe.
 */
final class DamagedFiles {
    private static final Pattern NAME = Pattern.compile("(\\d{4,}-\\d\\d-\\d\\d)\\.(\\d{1,4})(\\.repaired)?");
    private static final String REPAIRED = ".repaired";
    static final String LEDGER = "ledger";
    /** Folders of one day; a disk that damages each file anew is not to fill itself. */
    private static final int FOLDERS_MAX = 16;

    private final Path root;
    private final Path folder;
    private @Nullable List<Aside> known;

    /** @param root of the store; {@code folder} is in it */
    DamagedFiles(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /**
     * A folder.
     *
     * @param entry what was known of the file; as of a damaged ledger where there is nothing
     */
    record Aside(long epochDay, int number, Path folder, boolean repaired, DayLedger.Entry entry) {
        Path database() {
            return folder.resolve(LocalDate.ofEpochDay(epochDay) + OpenFiles.SUFFIX);
        }

        /** Whether records of the day are missing because of it. */
        boolean misses() {
            return !repaired || entry.lost() > 0;
        }
    }

    synchronized List<Aside> all() {
        List<Aside> list = known;
        if (list == null) {
            list = new ArrayList<>();
            for (Path path : folders()) {
                Matcher name = NAME.matcher(path.getFileName().toString());
                if (name.matches() && Files.isDirectory(path)) {
                    list.add(aside(path, name));
                }
            }
            list.sort(Comparator.comparingLong(Aside::epochDay).thenComparingInt(Aside::number));
            known = list;
        }
        return List.copyOf(list);
    }

    private static Aside aside(Path path, Matcher name) {
        long day = LocalDate.parse(name.group(1)).toEpochDay();
        return new Aside(
                day,
                Integer.parseInt(name.group(2)),
                path,
                name.group(3) != null,
                DayLedger.read(path.resolve(LEDGER), day));
    }

    private List<Path> folders() {
        try {
            return SqliteFiles.list(folder);
        } catch (IOException e) {
            throw SqliteFiles.unavailable(e, "store_io_error");
        }
    }

    List<Aside> of(long epochDay) {
        return all().stream().filter(aside -> aside.epochDay() == epochDay).toList();
    }

    /** Moves a day's file, its log files and its ledger entry into a folder of their own, whichever of them there are. */
    synchronized Path setAside(long epochDay, Path files, DayLedger ledger) {
        List<Aside> before = of(epochDay);
        if (before.size() >= FOLDERS_MAX) {
            throw StoreUnavailableException.corrupt(FOLDERS_MAX + " files of the day are set aside already");
        }
        int number = before.stream().mapToInt(Aside::number).max().orElse(0) + 1;
        Path target = folder.resolve(LocalDate.ofEpochDay(epochDay) + "." + number);
        try {
            OwnerOnly.folder(root, target);
            try {
                for (String suffix : List.of("", "-wal", "-shm")) {
                    String name = LocalDate.ofEpochDay(epochDay) + OpenFiles.SUFFIX + suffix;
                    if (SqliteFiles.isThere(files.resolve(name))) {
                        Files.move(files.resolve(name), target.resolve(name));
                    }
                }
            } catch (IOException e) {
                deleteIfEmpty(target); // The database itself could not be moved.
                throw e;
            }
            ledger.remove(epochDay, target.resolve(LEDGER));
            OwnerOnly.sync(target);
            if (Files.isDirectory(files)) {
                OwnerOnly.sync(files);
            }
            return target;
        } catch (IOException e) {
            throw SqliteFiles.unavailable(e, "store_unwritable");
        } finally {
            known = null;
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        if (SqliteFiles.list(folder).isEmpty()) {
            Files.delete(folder);
        }
    }

    /** Says that what can be read of it is in the day's file. */
    synchronized void repaired(Aside aside, long lost) {
        known = null;
        DayLedger.Entry entry =
                new DayLedger.Entry(aside.epochDay(), aside.entry().records(), lost, lost, 0, false, false);
        try (DayLedger inFolder = new DayLedger(root, aside.folder(), null)) {
            inFolder.put(entry);
            Files.move(
                    inFolder.file(aside.epochDay()),
                    aside.folder().resolve(LEDGER),
                    StandardCopyOption.REPLACE_EXISTING);
            Path name = aside.folder().resolveSibling(aside.folder().getFileName() + REPAIRED);
            Files.move(aside.folder(), name);
            OwnerOnly.sync(folder);
        } catch (IOException e) {
            throw SqliteFiles.unavailable(e, "store_unwritable");
        }
    }

    /** Deletes what is kept of a day. */
    synchronized void delete(long epochDay) throws IOException {
        List<Aside> folders = of(epochDay);
        known = null;
        for (Aside aside : folders) {
            try (var files = Files.walk(aside.folder())) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
