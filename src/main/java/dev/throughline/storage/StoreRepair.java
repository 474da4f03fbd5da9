package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the damaged days of a store that no program has open whole again: everything that can be read of a day's files, damaged or
 * set aside, goes into a new file with a new index. The originals are kept beside it, in {@code store/damaged}. Can be stopped and
 * run again at any time: an original is called repaired only after the new file is in its place.
 */
public final class StoreRepair {
    private static InstantSource endOfTime() {
        return InstantSource.fixed(Instant.parse("9000-01-01T00:00:00Z"));
    }

    private static final int BATCH_BYTES = 4 << 20;
    private static final long NOTHING = -1;

    private final SqliteRecordStore store;
    private final Path root;
    private final Path work;

    /** @param data the data folder that the store is in */
    public StoreRepair(SqliteRecordStore store, Path data) {
        this.store = store;
        this.root = data.toAbsolutePath().resolve("store");
        this.work = root.resolve("repair");
    }

    /**
     * What became of a day.
     *
     * @param saved records in its file now
     * @param lost records that it had and that cannot be read; 1 where it is not known how many there were
     * @param originals folders with the damaged files
     */
    public record RepairedDay(Stream stream, LocalDate day, long saved, long lost, List<Path> originals) {}

    /** Repairs what needs it, and tells each day when it is done. */
    public void run(Consumer<RepairedDay> listener) throws IOException, SQLException, InterruptedException {
        deleteTree(work);
        StoreVerification verification = new StoreVerification(store, Pace.NONE);
        List<Damaged> damaged = new ArrayList<>();
        for (Stream stream : Stream.values()) {
            for (long day : store.open(stream).knownDays()) {
                if (isToBeRebuilt(stream, day, verification.day(stream, day).isEmpty(), listener)) {
                    damaged.add(new Damaged(stream, day));
                }
            }
        }
        // All are set aside by now: what is in the wrong place is found for its own.
        for (Damaged day : damaged) {
            listener.accept(rebuild(day.stream(), day.day(), store.open(day.stream())));
        }
        deleteTree(work);
    }

    private record Damaged(Stream stream, long day) {}

    /** Sets aside what is damaged; accepts what is not, though something is known to be lost. */
    private boolean isToBeRebuilt(Stream stream, long day, boolean whole, Consumer<RepairedDay> listener) {
        OpenFiles<?> files = store.open(stream);
        DayLedger.Entry entry = files.ledger().get(day);
        boolean present = files.days().contains(day);
        boolean gone = !present && entry != null && (entry.records() > 0 || entry.damaged());
        boolean aside = files.damaged().of(day).stream().anyMatch(folder -> !folder.repaired());
        if (whole && !gone && !aside) {
            if (entry != null && (entry.suspect() || entry.lost() > entry.accepted())) {
                files.ledger().put(entry.repaired());
                listener.accept(new RepairedDay(
                        stream,
                        LocalDate.ofEpochDay(day),
                        entry.records(),
                        entry.lost() - entry.accepted(),
                        List.of()));
            }
            return false;
        }
        if (present || gone) {
            files.setAside(day);
        }
        return true;
    }

    private RepairedDay rebuild(Stream stream, long day, OpenFiles<?> files) throws IOException, SQLException {
        List<DamagedFiles.Aside> asides = files.damaged().of(day).stream()
                .filter(folder -> !folder.repaired())
                .toList();
        Path folder = work.resolve(stream.label() + "." + LocalDate.ofEpochDay(day));
        OwnerOnly.folder(root, folder);
        List<Long> lost = new ArrayList<>();
        try (SqliteRecordStore fresh = new SqliteRecordStore(folder, StoreConfig.DEFAULT, endOfTime())) {
            Path template = template(fresh, stream, day, folder);
            for (DamagedFiles.Aside aside : asides) {
                lost.add(salvage(aside, stream, fresh, folder, template));
            }
        }
        long saved = moveIn(stream, day, files, folder);
        for (int i = 0; i < asides.size(); i++) {
            files.damaged().repaired(asides.get(i), lost.get(i));
        }
        List<Path> originals =
                files.damaged().of(day).stream().map(DamagedFiles.Aside::folder).toList();
        return new RepairedDay(
                stream,
                LocalDate.ofEpochDay(day),
                saved,
                lost.stream().mapToLong(Long::longValue).sum(),
                originals);
    }

    /** An empty file of the kind, whose first page can stand in for a damaged one; the new file begins as it too. */
    private static Path template(SqliteRecordStore fresh, Stream stream, long day, Path folder)
            throws IOException, SQLException {
        if (stream == Stream.QUARANTINE) {
            fresh.quarantineFiles().lease(day).close();
        } else {
            fresh.files(stream).lease(day).close();
        }
        // All of it is to be in the file itself.
        fresh.open(stream).closeUnused();
        Path template = folder.resolve("template");
        Files.copy(fresh.open(stream).path(day), template);
        return template;
    }

    /** Returns how many records are lost. */
    private long salvage(DamagedFiles.Aside aside, Stream stream, SqliteRecordStore fresh, Path folder, Path template)
            throws IOException, SQLException {
        if (aside.entry().damaged() && !Files.exists(aside.database())) {
            return 1; // All that is known is that there was such a day.
        }
        Writer writer = new Writer(fresh, stream, aside.epochDay());
        Path copy = folder.resolve("copy");
        long missing = salvage(stream, aside.entry(), aside.database(), copy, template, writer, false);
        if (missing == NOTHING) {
            missing = salvageStray(stream, aside, copy, template, writer);
        }
        if (missing == NOTHING) {
            missing = aside.entry().damaged() ? 1 : aside.entry().records();
        }
        return aside.entry().lost() + missing;
    }

    /** The file of this day may have been in the place of another, and was set aside there. */
    private long salvageStray(Stream stream, DamagedFiles.Aside missed, Path copy, Path template, Writer writer)
            throws IOException, SQLException {
        for (Stream other : Stream.values()) {
            for (DamagedFiles.Aside aside : store.open(other).damaged().all()) {
                if (Files.isRegularFile(aside.database())) {
                    long missing = salvage(stream, missed.entry(), aside.database(), copy, template, writer, true);
                    if (missing != NOTHING) {
                        return missing;
                    }
                }
            }
        }
        return NOTHING;
    }

    /**
     * Writes what can be read of a file.
     *
     * @param onlyProved not where it is only not known to be another day's
     * @return how many records it misses, or {@link #NOTHING} where it cannot be used
     */
    private static long salvage(
            Stream stream,
            DayLedger.Entry entry,
            Path database,
            Path copy,
            Path template,
            Writer writer,
            boolean onlyProved)
            throws IOException, SQLException {
        try (Salvage salvage = Salvage.open(stream, entry, database, copy, template)) {
            if (onlyProved && !salvage.isProved()) {
                return NOTHING;
            }
            if (stream == Stream.QUARANTINE) {
                salvage.entries(writer);
            } else {
                salvage.records(writer);
            }
            writer.flush();
            return Math.max(0, salvage.expected() - salvage.saved());
        } catch (Salvage.NothingException e) {
            return NOTHING;
        } finally {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(Path.of(copy + suffix));
            }
        }
    }

    /** Writes what was saved, in batches. */
    private static final class Writer implements Salvage.Target {
        private final SqliteRecordStore fresh;
        private final Stream stream;
        private final long day;
        private byte[] bytes = new byte[BATCH_BYTES];
        private List<Integer> offsets = new ArrayList<>();
        private int length;

        Writer(SqliteRecordStore fresh, Stream stream, long day) {
            this.fresh = fresh;
            this.stream = stream;
            this.day = day;
        }

        @Override
        public void frame(byte[] source, int at, int count) throws SQLException {
            if (length + count > BATCH_BYTES) {
                flush();
            }
            if (bytes.length < count) {
                bytes = new byte[count];
            }
            System.arraycopy(source, at, bytes, length, count);
            offsets.add(length);
            length += count;
        }

        @Override
        public void entry(QuarantineRow row) throws SQLException {
            try (Lease<QuarantineDay> lease = fresh.quarantineFiles().lease(day)) {
                lease.file().restore(row);
            }
        }

        void flush() throws SQLException {
            if (offsets.isEmpty()) {
                return;
            }
            RecordBatch batch = new RecordBatch(stream, bytes);
            offsets.forEach(batch::add);
            switch (fresh.write(batch)) {
                case WriteResult.Written written when written.refused().isEmpty() -> {}
                case WriteResult.Written _ -> throw new SQLException("a record that was saved is refused");
                case WriteResult.Unavailable away -> throw new SQLException("cannot be written: " + away.code());
            }
            offsets = new ArrayList<>();
            length = 0;
        }
    }

    /** The ledger comes last: until then the files that are set aside are known to be in need of repair. */
    private static long moveIn(Stream stream, long day, OpenFiles<?> files, Path folder) throws IOException {
        try (SqliteRecordStore fresh = new SqliteRecordStore(folder, StoreConfig.DEFAULT, endOfTime())) {
            DayLedger.Entry entry = fresh.open(stream).ledger().get(day);
            long saved = entry == null ? 0 : entry.records();
            if (entry != null && saved > 0) {
                OwnerOnly.folder(files.root(), files.folder());
                Files.move(fresh.open(stream).path(day), files.path(day), StandardCopyOption.ATOMIC_MOVE);
                OwnerOnly.sync(files.folder());
                files.ledger().put(DayLedger.Entry.of(day, saved, false).file(entry.fileId()));
            }
            return saved;
        } finally {
            deleteTree(folder);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
