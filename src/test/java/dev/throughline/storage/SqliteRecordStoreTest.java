package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The contract with bounds so small that merging, evicting and paging by budget happen, and what only files can suffer. */
class SqliteRecordStoreTest extends RecordStoreContract {
    private static final StoreConfig SMALL =
            new StoreConfig(2, 256, 1 << 20, 64, 1 << 16, Duration.ofHours(6), 8, 1L << 30, Duration.ofSeconds(2));

    @Override
    RecordStore open(Path folder, InstantSource clock) {
        return new SqliteRecordStore(folder, SMALL, clock);
    }

    private Path file(Stream stream, String day) {
        return data.resolve("store").resolve(stream.label()).resolve(day + ".db");
    }

    @Test
    void aStreamAndDayIsAFile() {
        write(Stream.OPERATIONAL_LOGS, Event.log(1, A, "2026-11-22T10:00:00Z"), log(2, A));
        write(Stream.AUDIT, log(3, A));
        assertThat(file(Stream.OPERATIONAL_LOGS, "2026-11-22")).exists();
        assertThat(file(Stream.OPERATIONAL_LOGS, "2026-11-23")).exists();
        assertThat(file(Stream.AUDIT, "2026-11-23")).exists();
    }

    @Test
    void aFileOfANewerProgramIsRefusedByWritesAndNamedByReads() throws SQLException {
        write(Stream.AUDIT, log(1, A), Event.log(2, A, "2026-11-22T10:00:00Z"));
        store.close();
        try (Connection connection = SqliteFiles.connect(file(Stream.AUDIT, "2026-11-23"), SMALL)) {
            connection.createStatement().execute("PRAGMA user_version = 99");
        }
        openStore();
        assertUnavailable(write(Stream.AUDIT, log(3, A)), "store_schema_newer");
        assertThat(journey(A).unreadable()).containsExactly("audit/2026-11-23");
        assertThat(entities(journey(A).records())).containsExactly("SO-2");
    }

    private static void assertUnavailable(WriteResult result, String code) {
        assertThat(result).isInstanceOfSatisfying(WriteResult.Unavailable.class, later -> {
            assertThat(later.code()).isEqualTo(code);
            assertThat(later.retryAfter()).isPositive();
        });
    }

    @Test
    void aCorruptFileStopsNeitherOtherDaysNorStreams() throws IOException {
        write(Stream.OPERATIONAL_LOGS, log(1, A), Event.log(2, A, "2026-11-22T10:00:00Z"));
        store.close();
        Files.writeString(file(Stream.OPERATIONAL_LOGS, "2026-11-23"), "this is not a database file".repeat(1_000));
        openStore();
        assertThat(journey(A).unreadable()).containsExactly("operational.logs/2026-11-23");
        assertThat(entities(journey(A).records())).containsExactly("SO-2");
        assertThat(write(Stream.AUDIT, log(4, A))).isEqualTo(written(1, 0));
        assertThat(write(Stream.OPERATIONAL_LOGS, log(3, A))).isEqualTo(written(1, 0));
        assertThat(entities(journey(A).records())).containsExactly("SO-2", "SO-3", "SO-4");
        RecordPage page = store.records(query(Map.of(), 10, null));
        assertThat(entities(page.records())).containsExactly("SO-3", "SO-4", "SO-2");
        assertThat(page.unreadable()).containsExactly("operational.logs/2026-11-23");
    }

    @Test
    void aStoreThatIsDeletedUnderAnOpenFileIsMadeAnew() throws IOException {
        write(Stream.AUDIT, log(1, A));
        Path folder = file(Stream.AUDIT, "2026-11-23").getParent();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
        assertThat(write(Stream.AUDIT, log(2, A))).isEqualTo(written(1, 0));
        assertThat(file(Stream.AUDIT, "2026-11-23")).exists();
        store.close();
        openStore();
        assertThat(entities(journey(A).records())).containsExactly("SO-2");
    }

    @Test
    void filesThatAreDeletedToMakeRoomAreNotHeldOpenOnceAWriteFails() throws IOException {
        write(Stream.OPERATIONAL_LOGS, log(1, A), Event.log(2, A, "2026-11-22T10:00:00Z"));
        write(Stream.AUDIT, log(3, A), Event.log(4, A, "2026-11-22T10:00:00Z"));
        journey(A);
        for (Stream stream : List.of(Stream.OPERATIONAL_LOGS, Stream.AUDIT)) {
            try (var files = Files.list(data.resolve("store").resolve(stream.label()))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        assertThat(deletedAndOpen()).isNotEmpty();
        Path blocked = file(Stream.AUDIT, "2026-11-23").getParent();
        Files.delete(blocked);
        Files.writeString(blocked, "a file where a folder should be");
        assertUnavailable(write(Stream.AUDIT, log(5, A)), "store_unwritable");
        assertThat(deletedAndOpen()).isEmpty();
        Files.delete(blocked);
        assertThat(write(Stream.AUDIT, log(5, A))).isEqualTo(written(1, 0));
        assertThat(entities(journey(A).records())).containsExactly("SO-5");
    }

    /** What this process holds of the store that no name leads to any more; nothing where the system does not tell. */
    private List<String> deletedAndOpen() throws IOException {
        List<String> held = new ArrayList<>();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String file = Files.readSymbolicLink(descriptor).toString();
                    if (file.startsWith(data.toRealPath().toString()) && file.endsWith(" (deleted)")) {
                        held.add(file);
                    }
                } catch (IOException ignored) {
                    // Closed meanwhile.
                }
            }
        }
        return held;
    }

    @Test
    void aFlippedBitIsNotGivenOutAsARecord() throws Exception {
        write(Stream.AUDIT, log(1, A).more(",\"message\":\"0123456789abcdef-planted\""));
        store.close();
        Path file = file(Stream.AUDIT, "2026-11-23");
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("abcdef-planted");
        assertThat(at).isPositive();
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at);
            raw.write('X');
        }
        openStore();
        assertThat(journey(A).records()).isEmpty();
        assertThat(journey(A).unreadable()).containsExactly("audit/2026-11-23");
    }

    @Test
    void aFullDiskIsToBeTriedAgainAndLosesNothing() {
        store.close();
        StoreConfig tiny =
                new StoreConfig(2, 256, 1 << 20, 64, 1 << 16, Duration.ofHours(6), 8, 96 << 10, Duration.ofSeconds(2));
        Set<String> acknowledged = new TreeSet<>();
        int id = 0;
        try (RecordStore full = new SqliteRecordStore(data, tiny, InstantSource.fixed(Instant.parse(NOON)))) {
            WriteResult result;
            do {
                FrameFixture frames = new FrameFixture();
                id++;
                frames.add(log(id, A)
                        .more(",\"message\":\"" + java.util.HexFormat.of().formatHex(noise(id)) + "\""));
                result = full.write(frames.batch(Stream.AUDIT));
                if (result instanceof WriteResult.Written) {
                    acknowledged.add("SO-" + id);
                }
            } while (result instanceof WriteResult.Written && id < 1_000);
            assertUnavailable(result, "store_disk_full");
        }
        openStore();
        assertThat(acknowledged).isNotEmpty();
        assertThat(entities(journey(A).records())).containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(write(Stream.AUDIT, log(id, A))).isEqualTo(written(1, 0));
    }

    private static byte[] noise(int seed) {
        byte[] noise = new byte[2_000];
        new java.util.Random(seed).nextBytes(noise);
        return noise;
    }

    @Test
    void aFolderThatCannotBeMadeIsToBeTriedAgain() throws IOException {
        store.close();
        Files.createDirectories(data.resolve("store"));
        Files.writeString(data.resolve("store").resolve("audit"), "a file where a folder should be");
        openStore();
        assertUnavailable(write(Stream.AUDIT, log(1, A)), "store_unwritable");
        assertThat(write(Stream.OPERATIONAL_LOGS, log(1, A))).isEqualTo(written(1, 0));
    }

    @Test
    void aSearchThatSpendsItsBudgetContinuesWithItsCursor() {
        for (int i = 1; i <= 40; i++) {
            write(Stream.AUDIT, log(i, A));
        }
        RecordPage first = store.records(query(Map.of(), 30, null));
        assertThat(first.records()).hasSizeLessThan(30);
        assertThat(first.nextCursor()).isNotNull();
        assertThat(all(Map.of(), 30))
                .containsExactlyElementsOf(LongStream.iterate(40, i -> i >= 1, i -> i - 1)
                        .mapToObj(i -> "SO-" + i)
                        .toList());
        assertThat(all(Map.of(Field.ENTITY_ID, "SO-1"), 5)).containsExactly("SO-1");
    }

    @Test
    void manyDaysAreReadThroughFewOpenFiles() {
        for (int day = 1; day <= 20; day++) {
            write(Stream.AUDIT, Event.log(day, A, "2026-10-%02dT10:00:00Z".formatted(day)));
        }
        assertThat(journey(A).records()).hasSize(20);
        assertThat(all(Map.of(), 3)).hasSize(20).first().isEqualTo("SO-20");
    }

    @Test
    void readersSeeWholeBatchesWhileOneWrites() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                reads.add(readers.submit(() -> {
                    int last = 0;
                    while (!done.get()) {
                        JourneyRecords journey = journey(A);
                        assertThat(journey.unreadable()).isEmpty();
                        int size = journey.records().size();
                        assertThat(size % 10).isZero();
                        assertThat(size).isGreaterThanOrEqualTo(last);
                        last = size;
                        assertThat(store.records(query(Map.of(), 5, null)).unreadable())
                                .isEmpty();
                    }
                    return last;
                }));
            }
            for (int batch = 0; batch < 40; batch++) {
                long base = batch * 10L;
                write(
                        Stream.OPERATIONAL_LOGS,
                        LongStream.range(base, base + 10)
                                .mapToObj(i -> log(i + 1, A))
                                .toArray(Event[]::new));
            }
            done.set(true);
            for (Future<Integer> read : reads) {
                read.get();
            }
        }
        assertThat(journey(A).records()).hasSize(400);
    }

    @Test
    void aKilledWriterLosesNothingAcknowledgedAndRedeliveryDoublesNothing() throws Exception {
        store.close();
        int acknowledged = 0;
        for (int kill = 0; kill < 4; kill++) {
            Path acks = data.resolve("acks-" + kill);
            Process writer = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KilledWriter.class.getName(),
                            data.toString(),
                            Integer.toString(acknowledged))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(acks.toFile())
                    .start();
            int wanted = 7 + 5 * kill;
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readAllLines(acks).size() > wanted);
            writer.destroyForcibly().waitFor();
            // The last line may be half a number.
            List<String> lines = Files.readAllLines(acks);
            acknowledged = Integer.parseInt(lines.get(lines.size() - 2));
        }
        openStore();
        // What came after the last acknowledgement may be there or not: it is delivered again.
        for (int batch = 0; batch < acknowledged + 2; batch++) {
            WriteResult result = store.write(KilledWriter.batch(batch));
            if (batch < acknowledged) {
                assertThat(result).isEqualTo(written(0, KilledWriter.RECORDS));
            }
        }
        List<String> all = all(Map.of(), 1_000);
        assertThat(all).hasSize((acknowledged + 2) * KilledWriter.RECORDS).doesNotHaveDuplicates();
        assertThat(journey(KilledWriter.CORRELATION).records()).hasSize(Math.min(1_000, all.size()));
    }

    @Test
    void aSpanWithoutAnyIdIsKeptOnceToo() {
        Event span = Event.log(1, "", NOON).signal(Signal.SPAN);
        assertThat(write(Stream.OPERATIONAL_SPANS, span)).isEqualTo(written(1, 0));
        reopen();
        assertThat(write(Stream.OPERATIONAL_SPANS, span)).isEqualTo(written(0, 1));
    }

    @Test
    void quarantineIsNotSearchedAsRecords() {
        RecordQuery query = new RecordQuery(Set.of(Stream.QUARANTINE), Map.of(), 0, 1, 1, null);
        assertThatThrownBy(() -> store.records(query)).isInstanceOf(IllegalArgumentException.class);
    }
}
