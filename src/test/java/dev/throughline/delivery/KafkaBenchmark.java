package dev.throughline.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the producer's side costs: 617-byte events to a real broker, CPU of all threads of this process in microseconds and in token
 * walks. Run pinned, with the broker's core as first argument: {@code taskset -c 0 … KafkaBenchmark 1 2000000 1}.
 */
public final class KafkaBenchmark {
    private static final int BATCH = 2_000;

    private KafkaBenchmark() {}

    public static void main(String[] args) throws IOException {
        QuietKafka.apply();
        String core = args.length > 0 ? args[0] : "1";
        int records = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        int partitions = args.length > 2 ? Integer.parseInt(args[2]) : 1;
        List<String> events = events(20_000);
        double walk = tokenWalkMicros(events);
        System.out.printf(
                "1 TW = %.3f us/record, %d bytes/record%n",
                walk, events.getFirst().length());
        List<RecordBatch> batches = new ArrayList<>();
        for (int from = 0; from < events.size(); from += BATCH) {
            Frames frames = new Frames();
            for (int i = from; i < from + BATCH; i++) {
                frames.add(Signal.LOG, events.get(i), i);
            }
            batches.add(frames.batch(Stream.OPERATIONAL_LOGS));
        }
        try (KafkaBroker broker = KafkaBroker.start(java.util.Map.of(), "taskset", "-c", core)) {
            KafkaConfig config = KafkaConfig.of(broker.bootstrapServers(), "bench")
                    .withTopic(
                            Stream.OPERATIONAL_LOGS,
                            new KafkaConfig.Topic("bench.logs", partitions, Duration.ofDays(1)));
            try (KafkaExporter exporter = new KafkaExporter(config, PayloadEncoder.DOCUMENT, DeliveryListener.NONE)) {
                run(exporter, batches, records);
                threads();
                for (int round = 0; round < 3; round++) {
                    long cpu = processCpuNanos();
                    long lane = threadCpuNanos();
                    long wall = System.nanoTime();
                    run(exporter, batches, records);
                    double micros = (processCpuNanos() - cpu) / 1e3 / records;
                    double seconds = (System.nanoTime() - wall) / 1e9;
                    System.out.printf(
                            "%.3f us/record CPU = %.2f TW (lane's thread %.3f us); %.0f records/s%n",
                            micros, micros / walk, (threadCpuNanos() - lane) / 1e3 / records, records / seconds);
                }
                threads();
            }
        }
    }

    private static void threads() {
        java.lang.management.ThreadMXBean threads = java.lang.management.ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            java.lang.management.ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && threads.getThreadCpuTime(id) > 50_000_000) {
                System.out.printf("  %s %.2f s%n", info.getThreadName(), threads.getThreadCpuTime(id) / 1e9);
            }
        }
    }

    private static void run(KafkaExporter exporter, List<RecordBatch> batches, int records) {
        for (int sent = 0, i = 0; sent < records; sent += BATCH, i++) {
            ExportResult result = exporter.export(batches.get(i % batches.size()));
            if (!(result instanceof ExportResult.Delivered)) {
                throw new IllegalStateException(result.toString());
            }
        }
    }

    private static List<String> events(int count) {
        SplittableRandom random = new SplittableRandom(1);
        String letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        List<String> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder ulid = new StringBuilder("corr_01");
            for (int c = 0; c < 24; c++) {
                ulid.append(letters.charAt(random.nextInt(32)));
            }
            events.add(
                    ("{\"timestamp\":\"2026-01-26T10:24:%02d.%03dZ\",\"level\":\"ERROR\",\"service\":\"integration-worker\","
                                    + "\"environment\":\"production\",\"correlation_id\":\"%s\",\"tenant_id\":\"acme_eu_%02d\","
                                    + "\"connector\":\"crm_to_erp.order_sync\",\"entity_type\":\"order\",\"entity_id\":\"SO-%06d\","
                                    + "\"event_name\":\"order.status.updated\",\"attempt\":%d,\"duration_ms\":%d,"
                                    + "\"error_code\":\"ERP_TIMEOUT\",\"http\":{\"method\":\"POST\",\"status\":504,\"route\":\"/erp/orders/status\"},"
                                    + "\"message\":\"ERP API timeout during status update of an order after %03d ms\","
                                    + "\"tags\":[\"slo:latency\",\"dlq:candidate\"],\"trace_id\":\"%016x%016x\",\"span_id\":\"%016x\"}")
                            .formatted(
                                    random.nextInt(60),
                                    random.nextInt(1000),
                                    ulid,
                                    random.nextInt(4),
                                    random.nextInt(1_000_000),
                                    1 + random.nextInt(9),
                                    100 + random.nextInt(900),
                                    random.nextInt(1000),
                                    random.nextLong(),
                                    random.nextLong(),
                                    random.nextLong()));
        }
        return events;
    }

    private static double tokenWalkMicros(List<String> events) throws IOException {
        byte[] bytes = String.join("\n", events).getBytes(StandardCharsets.UTF_8);
        JsonFactory factory = new JsonFactory();
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 60; round++) {
            long cpu = threadCpuNanos();
            try (JsonParser parser = factory.createParser(bytes)) {
                while (parser.nextToken() != null) {}
            }
            best = Math.min(best, (threadCpuNanos() - cpu) / 1e3 / events.size());
        }
        return best;
    }

    private static long threadCpuNanos() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
