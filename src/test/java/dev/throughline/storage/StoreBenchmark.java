package dev.throughline.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.sun.management.OperatingSystemMXBean;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Random;

/**
 * Rows a second and CPU microseconds a row of the embedded store, all threads counted: {@code StoreBenchmark <rows> <rows a
 * transaction> <ordered|random>}. Building the frames is not counted. The first quarter is a warm-up.
 */
public final class StoreBenchmark {
    /** Makes the document as long as the reference event. */
    private static final String MORE =
            ",\"service\":\"integration-worker\",\"environment\":\"production\",\"http\":{\"method\":\"POST\","
                    + "\"status\":504,\"route\":\"/erp/orders/status\"},\"message\":\"ERP API timeout during status update\","
                    + "\"tags\":[\"slo:latency\",\"dlq:candidate\"],\"detail\":{\"queue\":\"orders\",\"n\":";

    private StoreBenchmark() {}

    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        int batchRows = Integer.parseInt(args[1]);
        boolean ordered = args[2].equals("ordered");
        Path data = Files.createTempDirectory("store-benchmark");
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = 0;
        long wall = 0;
        int counted = 0;
        try (RecordStore store = new SqliteRecordStore(data, StoreConfig.DEFAULT, InstantSource.system())) {
            FrameFixture frames = new FrameFixture();
            Random random = new Random(1);
            long start = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
            for (int done = 0; done < rows; done += batchRows) {
                frames.clear();
                for (int i = 0; i < batchRows; i++) {
                    int n = done + i;
                    long journey = n / 7;
                    long millis = start + n / 20;
                    String correlation = ordered
                            ? FrameFixture.correlation(start + journey * 7 / 20, journey)
                            : FrameFixture.correlation(random.nextLong() >>> 16, random.nextLong());
                    frames.add(FrameFixture.Event.log(
                                    n + 1,
                                    correlation,
                                    Instant.ofEpochMilli(millis).toString())
                            .with(
                                    Field.TRACE_ID,
                                    HexFormat.of()
                                            .toHexDigits(random.nextLong())
                                            .repeat(2))
                            .with(Field.SPAN_ID, HexFormat.of().toHexDigits(random.nextLong()))
                            .more(MORE + n % 977 + "}"));
                }
                RecordBatch batch = frames.batch(Stream.OPERATIONAL_LOGS);
                long cpuBefore = system.getProcessCpuTime();
                long before = System.nanoTime();
                WriteResult result = store.write(batch);
                if (!(result instanceof WriteResult.Written written) || written.written() != batchRows) {
                    throw new IllegalStateException("not written: " + result);
                }
                if (done >= rows / 4) {
                    cpu += system.getProcessCpuTime() - cpuBefore;
                    wall += System.nanoTime() - before;
                    counted += batchRows;
                }
                if ((done + batchRows) % (rows / 4) < batchRows) {
                    System.out.printf(
                            "%,d rows: cpu %.2f us a row, wall %.2f us, %,d rows/s%n",
                            done + batchRows,
                            cpu / 1e3 / Math.max(1, counted),
                            wall / 1e3 / Math.max(1, counted),
                            (long) (counted * 1e9 / Math.max(1, wall)));
                }
            }
            System.out.printf(
                    "one token walk: %.2f us a row%n", tokenWalkMicros(frames.batch(Stream.OPERATIONAL_LOGS)));
            System.out.println(store.counts().getFirst());
            Path status = Path.of("/proc/self/status");
            Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .forEach(System.out::println);
        } finally {
            try (var paths = Files.walk(data)) {
                paths.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    /** CPU of one Jackson parser over the same documents, warm: the unit that costs are compared in. */
    private static double tokenWalkMicros(RecordBatch batch) throws Exception {
        JsonFactory json = new JsonFactory();
        RecordFrame frame = new RecordFrame();
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 40; round++) {
            long before = thread.getCurrentThreadCpuTime();
            for (int i = 0; i < batch.count(); i++) {
                batch.frame(i, frame);
                try (JsonParser parser =
                        json.createParser(frame.bytes(), frame.payloadOffset(), frame.payloadLength())) {
                    while (parser.nextToken() != null) {
                        continue;
                    }
                }
            }
            best = Math.min(best, (thread.getCurrentThreadCpuTime() - before) / 1e3 / batch.count());
        }
        return best;
    }
}
