package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No file can be opened: what is open goes on, what is refused says why, and all is well as soon as there are descriptors again. */
class SpoolDescriptorsTest {
    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();

    private long segments() throws IOException {
        return segments(directory);
    }

    private static long segments(Path own) throws IOException {
        try (var files = Files.list(own.resolve(OPERATIONAL_LOGS.label()))) {
            return files.filter(file -> file.toString().endsWith(".seg")).count();
        }
    }

    @Test
    void aSegmentGoesOnOverItsBoundUntilTheNextCanBeOpened() throws IOException {
        try (Spool spool = Spool.open(directory, Configs.small(), InstantSource.system(), disk)) {
            disk.noDescriptors = true;
            for (int id = 0; id < 100; id += 5) {
                assertThat(Records.append(spool, OPERATIONAL_LOGS, id, id + 5)).isEqualTo(new AppendOutcome.Kept(5));
            }
            assertThat(spool.refusing(Set.of(OPERATIONAL_LOGS))).isNull();
            assertThat(segments()).isEqualTo(1);
            disk.noDescriptors = false;
            Records.append(spool, OPERATIONAL_LOGS, 100, 105);
            assertThat(segments()).isEqualTo(2);
            assertThat(Records.all(spool, OPERATIONAL_LOGS)).isEqualTo(Records.range(0, 105));
        }
    }

    @Test
    void whereASegmentMustBeMadeTheRefusalHasItsName() {
        try (Spool spool = Spool.open(directory, Configs.small(), InstantSource.system(), disk)) {
            Records.append(spool, OPERATIONAL_LOGS, 0, 5);
            disk.failOnce(FaultyDisk.Fault.IO_ERROR, FaultyDisk.Call.FORCE, 0);
            Records.append(spool, OPERATIONAL_LOGS, 5, 6); // The segment gets no more.
            disk.heal();
            disk.noDescriptors = true;
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 5, 10))
                    .isEqualTo(new AppendOutcome.Failed("spool_too_many_open_files"));
            assertThat(spool.refusing(Set.of(OPERATIONAL_LOGS))).isEqualTo(AppendOutcome.Reason.TOO_MANY_OPEN_FILES);
            disk.noDescriptors = false;
            assertThat(spool.refusing(Set.of(OPERATIONAL_LOGS))).isNull();
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 5, 10)).isEqualTo(new AppendOutcome.Kept(5));
            assertThat(Records.all(spool, OPERATIONAL_LOGS)).isEqualTo(Records.range(0, 10));
        }
    }

    @Test
    void aProcessWithoutDescriptorsKeepsWhatItIsGiven() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process child = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 2048; exec \"$0\" \"$@\"",
                        java.toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-MaxFDLimit",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("open failed: TooManyOpenFilesException", "kept 100 of 100", "read 105 of 105");
    }

    /** Opens what can be opened, and appends over many segments all the same. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            Path own = Path.of(args[0]);
            LocalDisk local = new LocalDisk();
            try (Spool spool = Spool.open(own, Configs.small(), InstantSource.system(), local)) {
                Records.append(spool, OPERATIONAL_LOGS, 0, 5);
                LocalDisk without = new LocalDisk();
                without.usableBytes(own);
                System.out.println(new Disk.TooManyOpenFilesException(null).reason()); // Classes are files here.
                List<FileChannel> taken = new ArrayList<>();
                try {
                    while (true) {
                        taken.add(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ));
                    }
                } catch (IOException e) {
                    System.out.println("all descriptors are taken: " + taken.size());
                }
                try {
                    without.open(own.resolve("one-more")).close();
                } catch (IOException e) {
                    System.out.println("open failed: " + e.getClass().getSimpleName());
                }
                int kept = 0;
                for (int id = 5; id < 105; id += 5) {
                    kept += Records.append(spool, OPERATIONAL_LOGS, id, id + 5) instanceof AppendOutcome.Kept ? 5 : 0;
                }
                System.out.println("kept " + kept + " of 100");
                for (FileChannel each : taken) {
                    each.close();
                }
                System.out.println(
                        "read " + Records.all(spool, OPERATIONAL_LOGS).size() + " of 105");
            }
        }
    }
}
