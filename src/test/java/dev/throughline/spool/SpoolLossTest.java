package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is done to the files: what is delivered and what is counted as lost are together what was acknowledged, for each reader and,
 * each record once, for the stream; what is passed over is kept aside; and the next start tells the same.
 */
class SpoolLossTest {
    private static final List<Stream> STREAMS = List.of(OPERATIONAL_LOGS, AUDIT);
    private static final List<String> EXPORTERS = List.of("kafka", "store");

    @TempDir
    Path directory;

    private static Spool open(Path own, Disk disk) {
        return Spool.open(own, Configs.segments(3_000), InstantSource.system(), disk);
    }

    @Test
    void deliveredAndLostAreTogetherWhatWasAcknowledged() {
        Seeds.each(200, (random, seed) -> {
            Trial trial = new Trial(random, directory.resolve("loss-" + seed));
            trial.fill();
            int damages = 1 + random.nextInt(4);
            for (int i = 0; i < damages; i++) {
                trial.damage(STREAMS.get(random.nextInt(2)));
            }
            trial.readAll();
            trial.openAgain();
        });
    }

    /** One spool, what was put into it, and what each exporter got. */
    private static final class Trial {
        private final Random random;
        private final Path own;
        private final Map<Stream, Long> appended = new EnumMap<>(Stream.class);
        private final Map<String, Set<Long>> delivered = new java.util.HashMap<>();
        private final Map<Stream, Long> lost = new EnumMap<>(Stream.class);
        private final List<String> done = new ArrayList<>();
        private final Map<Path, byte[]> older = new java.util.HashMap<>();

        Trial(Random random, Path own) {
            this.random = random;
            this.own = own;
            for (Stream stream : STREAMS) {
                appended.put(stream, 0L);
                EXPORTERS.forEach(exporter -> delivered.put(exporter + stream, new HashSet<>()));
            }
        }

        void fill() {
            FaultyDisk disk = new FaultyDisk();
            Spool spool = open(own, disk);
            for (Stream stream : STREAMS) {
                EXPORTERS.forEach(exporter -> spool.reader(exporter, stream).close());
            }
            int groups = 8 + random.nextInt(14);
            for (int g = 0; g < groups; g++) {
                append(spool);
                if (random.nextInt(6) == 0) {
                    deliver(spool, STREAMS.get(random.nextInt(2)), EXPORTERS.get(random.nextInt(2)));
                }
                if (g == groups / 2) {
                    STREAMS.forEach(this::keepOlder);
                }
            }
            if (random.nextBoolean()) {
                disk.allowBytes(0, true);
                disk.fail(FaultyDisk.Fault.CRASH, call -> true);
                done.add("killed");
            }
            try {
                spool.close();
            } catch (SpoolException e) {
                assertThat(disk.hasCrashed()).isTrue();
            }
        }

        private void append(Spool spool) {
            long logs = appended.get(OPERATIONAL_LOGS);
            long audit = appended.get(AUDIT);
            long moreLogs = 1 + random.nextInt(6);
            long moreAudit = 1 + random.nextInt(4);
            assertThat(Records.append(
                            spool,
                            Records.request(
                                    OPERATIONAL_LOGS,
                                    Records.of(logs, logs + moreLogs),
                                    AUDIT,
                                    Records.of(audit, audit + moreAudit))))
                    .isInstanceOf(AppendOutcome.Kept.class);
            appended.put(OPERATIONAL_LOGS, logs + moreLogs);
            appended.put(AUDIT, audit + moreAudit);
        }

        private void deliver(Spool spool, Stream stream, String exporter) {
            try (SpoolReader reader = spool.reader(exporter, stream)) {
                RecordBatch batch = reader.read(200 + random.nextInt(4_000), 1 + random.nextInt(30));
                if (batch != null) {
                    delivered.get(exporter + stream).addAll(Records.ids(batch));
                    reader.acknowledge(batch);
                }
            }
        }

        private List<Path> segments(Stream stream) {
            try (var files = Files.list(own.resolve(stream.label()))) {
                return files.filter(file -> file.toString().endsWith(Layout.SEGMENT_SUFFIX))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void keepOlder(Stream stream) {
            Path newest = segments(stream).getLast();
            older.put(newest, read(newest));
        }

        private static byte[] read(Path file) {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void damage(Stream stream) {
            List<Path> files = segments(stream);
            if (files.isEmpty()) {
                return;
            }
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = read(file);
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(1_500));
            int what = random.nextInt(8);
            done.add(what + " at " + at + " of " + stream.label() + "/" + file.getFileName());
            try {
                switch (what) {
                    case 0, 1 -> {
                        if (length > 0) {
                            bytes[at] ^= (byte) (1 << random.nextInt(8));
                        }
                        Files.write(file, bytes);
                    }
                    case 2 -> Files.write(file, Arrays.copyOf(bytes, at));
                    case 3 -> Files.delete(file);
                    case 4 -> {
                        long name = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextLong(appended.get(stream) + 9);
                        Path copy = Layout.segmentPath(file.getParent(), name);
                        if (!Files.exists(copy)) {
                            Files.write(copy, bytes);
                        }
                    }
                    case 5 -> {
                        Arrays.fill(bytes, at, at + length, (byte) 0);
                        Files.write(file, bytes);
                    }
                    case 6 -> {
                        for (int i = at; i < at + length; i++) {
                            bytes[i] = (byte) random.nextInt();
                        }
                        Files.write(file, bytes);
                    }
                    default -> {
                        for (Map.Entry<Path, byte[]> old : older.entrySet()) {
                            if (Files.exists(old.getKey())) {
                                Files.write(old.getKey(), old.getValue());
                            }
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void readAll() {
            try (Spool spool = open(own, new FaultyDisk())) {
                for (Stream stream : STREAMS) {
                    Set<Long> all = new TreeSet<>(Records.range(0, appended.get(stream)));
                    Set<Long> missed = new TreeSet<>();
                    for (String exporter : EXPORTERS) {
                        missed.addAll(read(spool, stream, exporter, all));
                    }
                    SpoolStats stats = spool.stats(stream);
                    assertThat(stats.damagedRecords())
                            .as("lost of %s: %s, after %s; found %s", stream, missed, done, spool.recovery())
                            .isEqualTo(missed.size());
                    assertThat(stats.uncountedRecords()).isZero();
                    assertThat(stats.backlogRecords()).as("%s", done).isZero();
                    if (!missed.isEmpty()) {
                        assertThat(spool.openDamage()).as("%s", done).containsKey(stream);
                    }
                    lost.put(stream, stats.damagedRecords());
                }
            }
        }

        private Set<Long> read(Spool spool, Stream stream, String exporter, Set<Long> all) {
            Set<Long> before = delivered.get(exporter + stream);
            try (SpoolReader reader = spool.reader(exporter, stream)) {
                List<Long> found = Records.drain(reader, 100 + random.nextInt(4_000));
                assertThat(found).as("%s", done).isSorted().doesNotHaveDuplicates();
                assertThat(before).as("delivered before, %s", done).noneMatch(found::contains);
                before.addAll(found);
                Set<Long> missing = new TreeSet<>(all);
                missing.removeAll(before);
                assertThat(reader.backlog().skipped())
                        .as("%s missed %s of %s, after %s", exporter, missing, stream, done)
                        .isEqualTo(missing.size());
                assertThat(all).containsAll(before);
                return missing;
            }
        }

        void openAgain() {
            try (Spool spool = open(own, new FaultyDisk())) {
                for (Stream stream : STREAMS) {
                    assertThat(spool.stats(stream).damagedRecords())
                            .as("%s", done)
                            .isEqualTo(lost.get(stream));
                    for (String exporter : EXPORTERS) {
                        try (SpoolReader reader = spool.reader(exporter, stream)) {
                            assertThat(Records.drain(reader)).as("%s", done).isEmpty();
                        }
                    }
                }
                append(spool);
                for (Stream stream : STREAMS) {
                    for (String exporter : EXPORTERS) {
                        try (SpoolReader reader = spool.reader(exporter, stream)) {
                            assertThat(Records.drain(reader)).isNotEmpty();
                        }
                    }
                    assertThat(spool.stats(stream).damagedRecords())
                            .as("%s", done)
                            .isEqualTo(lost.get(stream));
                }
            }
        }
    }
}
