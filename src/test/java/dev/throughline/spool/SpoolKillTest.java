package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.telemetry.RecordBatch;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process with a real disk, killed while it appends and delivers. */
class SpoolKillTest {
    private static final int KILLS = 4;
    private static final int ACKNOWLEDGED_BEFORE_KILL = 60;
    private static final int RECORDS_IN_REQUEST = 20;

    @TempDir
    Path directory;

    @Test
    void nothingAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
        Set<Long> acknowledged = new HashSet<>();
        long next = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = start(next);
            try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
                for (int i = 0; i < ACKNOWLEDGED_BEFORE_KILL + 13 * kill; i++) {
                    acknowledged.add(Long.parseLong(String.valueOf(lines.readLine())));
                }
                if (kill == 0) {
                    assertThatThrownBy(() -> Spool.open(directory, Configs.small(), InstantSource.system()))
                            .isInstanceOf(SpoolException.class)
                            .hasMessageContaining(SpoolException.LOCKED);
                }
                child.toHandle()
                        .destroyForcibly(); // Unlike the process's own method, it leaves what was said to be read.
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    acknowledged.add(Long.parseLong(line));
                }
            }
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            next += 1_000_000;
        }
        try (Spool spool = Spool.open(directory, Configs.small(), InstantSource.system())) {
            assertThat(spool.recovery().isDamaged()).isFalse();
            for (var stream : List.of(OPERATIONAL_LOGS, AUDIT)) {
                Set<Long> found = new TreeSet<>(delivered(stream.label()));
                try (SpoolReader reader = spool.reader("store", stream)) {
                    found.addAll(Records.drain(reader));
                }
                for (long request : acknowledged) {
                    assertThat(found).containsAll(Records.range(request, request + RECORDS_IN_REQUEST));
                }
                // Requests that were not answered are whole, or not there.
                assertThat(found.size() % RECORDS_IN_REQUEST).isZero();
            }
        }
    }

    private List<Long> delivered(String label) throws IOException {
        List<Long> ids = new ArrayList<>();
        try (var in = new java.io.DataInputStream(new java.io.BufferedInputStream(new java.io.FileInputStream(
                directory.resolve(label + ".delivered").toFile())))) {
            while (in.available() >= Long.BYTES) {
                ids.add(in.readLong());
            }
        }
        return ids;
    }

    private Process start(long next) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString(),
                        Long.toString(next))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Appends without end, and says the first id of each request that is kept; delivers into files. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            Spool spool = Spool.open(directory, Configs.small(), InstantSource.system());
            for (var stream : List.of(OPERATIONAL_LOGS, AUDIT)) {
                Thread.ofPlatform().daemon().start(() -> deliver(spool, stream, directory));
            }
            List<Thread> senders = new ArrayList<>();
            for (int s = 0; s < 3; s++) {
                long from = Long.parseLong(args[1]) + s * 100_000L;
                senders.add(Thread.ofPlatform().start(() -> send(spool, from)));
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }

        private static void send(Spool spool, long from) {
            for (long id = from; id < from + 100_000; id += RECORDS_IN_REQUEST) {
                var records = Records.of(id, id + RECORDS_IN_REQUEST);
                AppendOutcome outcome =
                        Records.append(spool, Records.request(OPERATIONAL_LOGS, records, AUDIT, records));
                if (outcome instanceof AppendOutcome.Kept) {
                    synchronized (System.out) {
                        System.out.println(id);
                        System.out.flush();
                    }
                }
            }
        }

        private static void deliver(Spool spool, dev.throughline.telemetry.Stream stream, Path directory) {
            try (SpoolReader reader = spool.reader("store", stream);
                    DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(new FileOutputStream(
                            directory.resolve(stream.label() + ".delivered").toFile(), true)))) {
                while (Records.arrives(reader)) {
                    RecordBatch batch = reader.read(Records.BYTES_MAX, 37);
                    if (batch != null) {
                        for (long id : Records.ids(batch)) {
                            out.writeLong(id);
                        }
                        out.flush();
                        reader.acknowledge(batch);
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
