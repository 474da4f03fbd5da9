package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.storage.StoreRepair.RepairedDay;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One file of a store is damaged at random, of days that are closed and of one that a killed program had open. What was written is
 * remembered apart from the store: each answer has all of it, or says that it may not. After a repair what is missing is counted.
 */
class StoreDamageTest {
    private static final StoreConfig SMALL = new StoreConfig(
            4, 256, 1 << 18, 512, 1 << 16, Duration.ofHours(6), 1 << 20, 1L << 30, Duration.ofSeconds(2));
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final List<String> DAYS = List.of("2026-11-21", "2026-11-22", "2026-11-23");
    private static final Set<Stream> RECORD_STREAMS = Set.of(Stream.OPERATIONAL_LOGS, Stream.AUDIT);
    private static final int JOURNEYS = 60;

    private final Map<String, Set<String>> written = new TreeMap<>();
    private final Map<String, Set<String>> quarantined = new TreeMap<>();
    private Path top;
    private Path data;
    private long ids;

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one == null ? LongStream.range(0, Long.getLong("seeds", 60)) : LongStream.of(one);
    }

    @BeforeEach
    void folder() throws IOException {
        Path memory = Path.of("/dev/shm");
        top = Files.isDirectory(memory) && Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "store-damage")
                : Files.createTempDirectory("store-damage");
        data = top.resolve("data");
    }

    @AfterEach
    void delete() throws IOException {
        try (var files = Files.walk(top)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anAnswerIsWholeOrMarkedAndARepairCountsWhatIsMissing(long seed) throws Exception {
        Random random = new Random(seed);
        fill(random);
        String damage = damage(random);
        try (SqliteRecordStore store = new SqliteRecordStore(data, SMALL, CLOCK)) {
            boolean marked = verify(store, damage);
            deliver(store, random, damage);
            marked |= verify(store, damage);
            if (marked && !damage.contains("newer")) {
                assertThat(store.damage()).as(damage).isNotEmpty();
            }
        }
        long lost = repair(damage);
        try (SqliteRecordStore store = new SqliteRecordStore(data, SMALL, CLOCK)) {
            verify(store, damage + ", repaired");
            assertThat(store.damage()).as(damage).isEmpty();
            boolean unknown = damage.contains("with what the ledger has") || damage.contains("with its ledger");
            assertThat(lost).as(damage).isBetween(unknown ? 1L : missing(store), missing(store));
            deliver(store, random, damage + ", repaired");
            verify(store, damage + ", repaired");
        }
    }

    /** Two days that were closed in order, and one as a killed program leaves it. */
    private void fill(Random random) throws IOException {
        Path live = top.resolve("live");
        try (SqliteRecordStore store = new SqliteRecordStore(live, SMALL, CLOCK)) {
            for (String day : DAYS.subList(0, 2)) {
                writeDay(store, random, day);
            }
        }
        try (SqliteRecordStore store = new SqliteRecordStore(live, SMALL, CLOCK)) {
            writeDay(store, random, DAYS.getLast());
            copy(live, data);
        }
    }

    private void writeDay(SqliteRecordStore store, Random random, String day) {
        for (int batch = 0; batch < 8; batch++) {
            for (Stream stream : RECORD_STREAMS) {
                write(store, stream, random, day, 1 + random.nextInt(250));
            }
            write(store, Stream.QUARANTINE, random, day, 1 + random.nextInt(20));
        }
    }

    private void write(SqliteRecordStore store, Stream stream, Random random, String day, int count) {
        FrameFixture frames = new FrameFixture();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = FrameFixture.correlation(1_700_000_000_000L, random.nextInt(JOURNEYS));
            Event event = Event.log(++ids, id, day + "T10:00:00Z")
                    .with(Field.TENANT_ID, "t" + random.nextInt(9))
                    .more(",\"message\":\""
                            + Long.toHexString(random.nextLong()).repeat(1 + random.nextInt(20)) + "\"");
            if (stream == Stream.QUARANTINE) {
                event.signal(Signal.QUARANTINE_ENTRY).more(",\"code\":\"missing\"");
            } else if (random.nextInt(5) == 0) {
                event.flags(1);
            }
            events.add(event);
            frames.add(event);
        }
        WriteResult result = store.write(frames.batch(stream));
        assertThat(result).isEqualTo(new WriteResult.Written(count, 0, List.of()));
        Map<String, Set<String>> remembered = stream == Stream.QUARANTINE ? quarantined : written;
        events.forEach(event -> remembered
                .computeIfAbsent(event.fields.get(Field.CORRELATION_ID), id -> new TreeSet<>())
                .add(event.fields.get(Field.ENTITY_ID)));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private String damage(Random random) throws IOException {
        List<Path> files;
        try (var walked = Files.walk(data)) {
            files = walked.filter(Files::isRegularFile).sorted().toList();
        }
        if (random.nextInt(4) == 0) {
            return displaced(random, files);
        }
        // The ledger is small and many files: databases and their logs come first.
        List<Path> databases = files.stream()
                .filter(file -> !file.toString().contains("ledger"))
                .toList();
        List<Path> among = random.nextInt(8) == 0 ? files : databases;
        Path file = among.get(random.nextInt(among.size()));
        long size = Files.size(file);
        String what = kind(random, file, size);
        return data.relativize(file) + " (" + size + " bytes): " + what;
    }

    /** What an operator's hand does: files in the place of others, and whole days or folders gone with all that knows of them. */
    private String displaced(Random random, List<Path> files) throws IOException {
        List<Path> days =
                files.stream().filter(file -> file.toString().endsWith(".db")).toList();
        Path day = days.get(random.nextInt(days.size()));
        Path other = days.get(random.nextInt(days.size()));
        Path ledger = data.resolve("store/ledger").resolve(day.getParent().getFileName());
        String name = day.getFileName().toString();
        String what = switch (random.nextInt(9)) {
            case 0 -> {
                Files.copy(other, day, StandardCopyOption.REPLACE_EXISTING);
                yield "a copy of " + data.relativize(other);
            }
            case 1 -> {
                Path between = top.resolve("between");
                Files.move(day, between);
                Files.move(day.equals(other) ? between : other, day);
                if (!day.equals(other)) {
                    Files.move(between, other);
                }
                yield "swapped with " + data.relativize(other);
            }
            case 2 -> {
                if (!day.equals(other)) {
                    Files.delete(day);
                    Files.createLink(day, other);
                }
                yield "a hard link to " + data.relativize(other);
            }
            case 3 -> {
                if (!day.equals(other)) {
                    Files.delete(day);
                    Files.createSymbolicLink(day, other);
                }
                yield "a symbolic link to " + data.relativize(other);
            }
            case 4 -> {
                for (String suffix : List.of("", "-wal", "-shm")) {
                    Files.deleteIfExists(day.resolveSibling(name + suffix));
                }
                Files.delete(ledger.resolve(name.replace(".db", "")));
                yield "deleted, with what the ledger has";
            }
            case 5 -> {
                deleteAll(ledger);
                yield "the stream's ledger deleted";
            }
            case 6 -> {
                deleteAll(ledger);
                deleteAll(day.getParent());
                yield "the stream deleted, with its ledger";
            }
            case 7 -> {
                Files.delete(data.resolve("store/days"));
                yield "the list of days deleted";
            }
            default -> {
                overwrite(data.resolve("store/days"), 5, new byte[] {'x'});
                yield "the list of days damaged";
            }
        };
        return data.relativize(day) + ": " + what;
    }

    private static void deleteAll(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String kind(Random random, Path file, long size) throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> {
                Files.delete(file);
                return "deleted";
            }
            case 1 -> {
                long length = size == 0 ? 0 : random.nextLong(size);
                try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                    raw.setLength(length);
                }
                return "truncated to " + length;
            }
            case 2 -> {
                long page = size < 8_192 ? 0 : random.nextLong(size / 8_192);
                overwrite(file, page * 8_192, new byte[(int) Math.min(8_192, size)]);
                return "page " + page + " zeroed";
            }
            case 3 -> {
                byte[] noise = new byte[(int) Math.min(size, 1 + random.nextInt(8_192))];
                random.nextBytes(noise);
                long at = random.nextLong(Math.max(1, size - noise.length));
                overwrite(file, at, noise);
                return noise.length + " bytes of noise at " + at;
            }
            case 4 -> {
                Files.delete(file);
                Files.createDirectory(file);
                return "a directory";
            }
            case 5 -> {
                byte[] noise = new byte[(int) Math.min(size, 100)];
                random.nextBytes(noise);
                overwrite(file, 0, noise);
                return "its header is noise";
            }
            default -> {
                return flips(random, file, size);
            }
        }
    }

    private static String flips(Random random, Path file, long size) throws IOException {
        int count = 1 + random.nextInt(20);
        if (size == 0) {
            return "nothing";
        }
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < count; i++) {
                // The version of a newer program is refused as such; it is no damage that can be told from one.
                long at = size > 100 ? 100 + random.nextLong(size - 100) : random.nextLong(size);
                raw.seek(at);
                int old = raw.read();
                raw.seek(at);
                raw.write(old ^ 1 << random.nextInt(8));
            }
        }
        return count + " bits flipped";
    }

    private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at);
            raw.write(bytes);
        }
    }

    /** Every journey, and the search: whole, or marked. Returns whether any was marked. */
    private boolean verify(SqliteRecordStore store, String damage) {
        boolean marked = false;
        for (int journey = 0; journey < JOURNEYS; journey++) {
            String id = FrameFixture.correlation(1_700_000_000_000L, journey);
            JourneyRecords found = store.journey(new JourneyQuery(id, 100_000, 64 << 20, null));
            Set<String> records = new TreeSet<>();
            found.records().forEach(stored -> records.add(stored.frame().text(Field.ENTITY_ID)));
            Set<String> entries = new TreeSet<>();
            found.quarantined().forEach(entry -> entries.add(entry.frame().text(Field.ENTITY_ID)));
            if (found.unreadable().isEmpty()) {
                assertThat(records).as(damage + ": " + id).isEqualTo(written.getOrDefault(id, Set.of()));
                assertThat(entries).as(damage + ": " + id).isEqualTo(quarantined.getOrDefault(id, Set.of()));
            } else {
                marked = true;
                assertThat(written.getOrDefault(id, Set.of())).as(damage).containsAll(records);
                assertThat(quarantined.getOrDefault(id, Set.of())).as(damage).containsAll(entries);
            }
        }
        Search search = search(store, Map.of());
        if (search.unreadable().isEmpty()) {
            assertThat(search.records()).as(damage).isEqualTo(all(written));
        }
        Search entries = quarantine(store);
        if (entries.unreadable().isEmpty()) {
            assertThat(entries.records()).as(damage).isEqualTo(all(quarantined));
        }
        return marked;
    }

    private static Set<String> all(Map<String, Set<String>> remembered) {
        Set<String> all = new TreeSet<>();
        remembered.values().forEach(all::addAll);
        return all;
    }

    private record Search(Set<String> records, Set<String> unreadable) {}

    private static Search search(SqliteRecordStore store, Map<Field, String> equal) {
        Search search = new Search(new TreeSet<>(), new TreeSet<>());
        String cursor = null;
        do {
            RecordPage page = store.records(
                    new RecordQuery(RECORD_STREAMS, equal, Long.MIN_VALUE, Long.MAX_VALUE, 1_000, cursor));
            page.records().forEach(stored -> search.records().add(stored.frame().text(Field.ENTITY_ID)));
            search.unreadable().addAll(page.unreadable());
            cursor = page.nextCursor();
        } while (cursor != null);
        return search;
    }

    private static Search quarantine(SqliteRecordStore store) {
        Search search = new Search(new TreeSet<>(), new TreeSet<>());
        String cursor = null;
        do {
            QuarantinePage page = store.quarantine(new QuarantineQuery(null, null, null, 500, cursor));
            page.entries().forEach(entry -> search.records().add(entry.frame().text(Field.ENTITY_ID)));
            search.unreadable().addAll(page.unreadable());
            cursor = page.nextCursor();
        } while (cursor != null);
        return search;
    }

    /** Whatever is damaged, what comes is taken. */
    private void deliver(SqliteRecordStore store, Random random, String damage) {
        for (String day : DAYS) {
            for (Stream stream : List.of(Stream.OPERATIONAL_LOGS, Stream.AUDIT, Stream.QUARANTINE)) {
                try {
                    write(store, stream, random, day, 300);
                } catch (AssertionError e) {
                    throw new AssertionError(damage + ": " + stream + "/" + day, e);
                }
            }
        }
    }

    private long repair(String damage) throws Exception {
        List<RepairedDay> repaired = new ArrayList<>();
        try (SqliteRecordStore store = new SqliteRecordStore(data, SMALL, CLOCK)) {
            new StoreRepair(store, data).run(repaired::add);
        }
        try (SqliteRecordStore store = new SqliteRecordStore(data, SMALL, CLOCK)) {
            assertThat(new StoreCheck(store).run().findings()).as(damage).isEmpty();
            long lost = 0;
            for (Stream stream : Stream.values()) {
                lost += store.lostRecords(stream);
            }
            assertThat(repaired.stream().mapToLong(RepairedDay::lost).sum())
                    .as(damage)
                    .isEqualTo(lost);
            return lost;
        }
    }

    private long missing(SqliteRecordStore store) {
        long there = all(written).size() + all(quarantined).size();
        return there
                - search(store, Map.of()).records().size()
                - quarantine(store).records().size();
    }
}
