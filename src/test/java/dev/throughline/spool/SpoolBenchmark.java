package dev.throughline.spool;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Plain loop: 500 records of 617 bytes a request, 1 to 4 appenders, each waiting for its answer; then one reader. */
final class SpoolBenchmark {
    private static final int RECORDS_IN_REQUEST = 500;
    private static final int PAYLOAD_BYTES = 617;

    private SpoolBenchmark() {}

    public static void main(String[] args) throws Exception {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        Path directory = Files.createTempDirectory(Path.of(args.length > 1 ? args[1] : "."), "spool-bench");
        try {
            bareFsync(directory);
            append(directory.resolve("warm"), 2, requests / 4);
            System.out.println("appenders  records/s  CPU ns/record (user+sys, all threads)  groups  fsync ms each");
            for (int appenders : new int[] {1, 2, 4}) {
                Path own = directory.resolve("a" + appenders);
                append(own, appenders, requests);
                if (appenders == 4) {
                    recoverAndRead(own);
                }
                delete(own);
            }
        } finally {
            delete(directory);
        }
    }

    private static void bareFsync(Path directory) throws IOException {
        long[] nanos = new long[100];
        ByteBuffer bytes = ByteBuffer.allocateDirect(RECORDS_IN_REQUEST * (PAYLOAD_BYTES + RecordFrame.BYTES_MIN));
        try (FileChannel channel =
                FileChannel.open(directory.resolve("bare"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long cpu = 0;
            long forceCpu = 0;
            for (int i = 0; i < nanos.length; i++) {
                long before = cpuNanos();
                channel.write(bytes.clear());
                cpu += cpuNanos() - before;
                long cpuBefore = cpuNanos();
                long started = System.nanoTime();
                channel.force(false);
                nanos[i] = System.nanoTime() - started;
                forceCpu += cpuNanos() - cpuBefore;
            }
            System.out.printf(
                    "bare CPU ns/record: write %,d, fsync %,d%n",
                    cpu / nanos.length / RECORDS_IN_REQUEST, forceCpu / nanos.length / RECORDS_IN_REQUEST);
        }
        Arrays.sort(nanos);
        System.out.printf(
                "bare fsync of one request's bytes: p50 %.2f ms, p99 %.2f ms%n", nanos[50] / 1e6, nanos[98] / 1e6);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static MaskedRecords request(int appender) {
        MaskedRecords records = new MaskedRecords();
        byte[] payload = new byte[PAYLOAD_BYTES];
        Arrays.fill(payload, (byte) 'x');
        int[] slots = new int[2 * RecordFrame.SLOTS];
        Arrays.fill(slots, -1);
        for (int i = 0; i < RECORDS_IN_REQUEST; i++) {
            records.append(Signal.LOG, payload, payload.length, slots, new MaskedRecords.Stamp(1, 1), appender, i);
        }
        return records;
    }

    private static void append(Path directory, int appenders, int requests) throws InterruptedException {
        try (Spool spool = Spool.open(directory, SpoolConfig.defaults(), InstantSource.system())) {
            List<Thread> threads = new ArrayList<>();
            List<MaskedRecords> bodies = new ArrayList<>();
            for (int a = 0; a < appenders; a++) {
                bodies.add(request(a));
            }
            long started = System.nanoTime();
            long cpu = cpuNanos();
            for (int a = 0; a < appenders; a++) {
                Map<Stream, MaskedRecords> body = Records.request(Stream.OPERATIONAL_LOGS, bodies.get(a));
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < requests / appenders; i++) {
                        if (!(Records.append(spool, body) instanceof AppendOutcome.Kept)) {
                            throw new IllegalStateException("not kept");
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            commitThreadCpu(spool);
            double seconds = (System.nanoTime() - started) / 1e9;
            long records = spool.commits().records();
            System.out.printf(
                    "%9d  %,9.0f  %,d  %,d  %.2f%n",
                    appenders,
                    records / seconds,
                    (cpuNanos() - cpu) / records,
                    spool.commits().groups(),
                    spool.commits().fsyncNanos() / 1e6 / spool.commits().groups());
        }
    }

    private static void commitThreadCpu(Spool spool) {
        var threads = ManagementFactory.getThreadMXBean();
        for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals("spool-commit")) {
                long user = threads.getThreadUserTime(thread.getThreadId());
                long all = threads.getThreadCpuTime(thread.getThreadId());
                long records = spool.commits().records();
                System.out.printf(
                        "commit thread, CPU ns/record: user %,d, system %,d%n", user / records, (all - user) / records);
            }
        }
    }

    private static void recoverAndRead(Path directory) {
        long started = System.nanoTime();
        try (Spool spool = Spool.open(directory, SpoolConfig.defaults(), InstantSource.system())) {
            double gigabytes = spool.recovery().bytes() / 1e9;
            System.out.printf("open after %.2f GB: %.0f ms%n", gigabytes, (System.nanoTime() - started) / 1e6);
            try (SpoolReader reader = spool.reader("bench", Stream.OPERATIONAL_LOGS)) {
                long cpu = cpuNanos();
                long records = 0;
                RecordFrame view = new RecordFrame();
                started = System.nanoTime();
                for (RecordBatch batch = reader.read(1 << 20, 2_000);
                        batch != null;
                        batch = reader.read(1 << 20, 2_000)) {
                    for (int i = 0; i < batch.count(); i++) {
                        records += batch.frame(i, view).length() > 0 ? 1 : 0;
                    }
                    reader.acknowledge(batch);
                }
                System.out.printf(
                        "read: %,.0f records/s, %,d CPU ns/record%n",
                        records / ((System.nanoTime() - started) / 1e9), (cpuNanos() - cpu) / records);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
