package dev.throughline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.cli.load.LatencyHistogram;
import dev.throughline.cli.packaged.FakeProgram;
import dev.throughline.cli.packaged.PackagedProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    @TempDir
    Path directory;

    @Test
    void everyRowThatCanRunFindsWhatWasAcknowledgedAndTheKafkaRowSaysWhatItLacks() throws Exception {
        List<String> progress = new ArrayList<>();
        BenchSettings settings = settings(
                FakeProgram.command(),
                List.of(Row.NDJSON_SPOOL, Row.OTLP_PB_SPANS_SPOOL, Row.NDJSON_STORE, Row.NDJSON_KAFKA, Row.OFFERED));
        BenchReport report = new Bench(settings, InstantSource.system(), progress::add).run();
        assertThat(report.whole()).isTrue();
        assertThat(report.tokenWalkSecondsPerMillion()).isPositive();
        for (RowResult result : report.results()) {
            switch (result) {
                case RowResult.Measured measured -> {
                    assertThat(measured.acknowledged()).isEqualTo(4_000);
                    assertThat(measured.counted()).isEqualTo(4_000);
                    assertThat(measured.cpu()).isPositive();
                    assertThat(measured.residentPeakBytes()).isGreaterThan(10 << 20);
                    assertThat(measured.latency().count()).isEqualTo(8);
                }
                case RowResult.Reloaded reloaded -> throw new AssertionError(reloaded);
                case RowResult.NotRun not -> {
                    assertThat(not.row()).isEqualTo(Row.NDJSON_KAFKA);
                    assertThat(not.reason()).contains("--kafka BOOTSTRAP");
                }
            }
        }
        assertThat(progress).anyMatch(line -> line.startsWith("ndjson-store: 5,000 rows in the store's files"));
        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aProgramThatDoesNotStartIsARowThatDidNotRun() throws Exception {
        PackagedProgram broken = new PackagedProgram(List.of("false"), "nothing");
        BenchReport report =
                new Bench(settings(broken, List.of(Row.NDJSON_SPOOL)), InstantSource.system(), line -> {}).run();
        assertThat(report.results().getFirst())
                .isInstanceOfSatisfying(
                        RowResult.NotRun.class,
                        not -> assertThat(not.reason()).startsWith("the program ended while starting: see "));
        assertThat(report.met()).isFalse();
    }

    @Test
    void theTableReadsAsAgreed() {
        assertThat(report().text()).isEqualTo("""
                        +------------------------------------+----------+---------+-------------+--------------+---------+--------+--------+--------+------------------------+
                        | row                                | events/s | CPU-s/M | token walks |       target | verdict | RSS MB | p50 ms | p99 ms |                counted |
                        +------------------------------------+----------+---------+-------------+--------------+---------+--------+--------+--------+------------------------+
                        | NDJSON -> spool (fsync)            |  250,000 |    2.50 |         2.5 |       <= 4.5 |    PASS |    200 |    1.0 |    1.0 | 1,000,000 of 1,000,000 |
                        | NDJSON -> spool -> embedded store  |   50,000 |   18.00 |        18.0 |      <= 15.0 |    MISS |    250 |    1.0 |    1.0 | 1,000,000 of 1,000,000 |
                        | NDJSON -> spool -> Kafka acks=all  |          |         |             |              | not run |        |        |        |                        |
                        | NDJSON -> spool at 20,000 events/s |   20,000 |    3.00 |         3.0 | p99 <= 15 ms |    LOST |    220 |    1.0 |    1.0 |     599,999 of 600,000 |
                        | peak RSS under load                |          |         |             |    <= 256 MB |    PASS |    250 |        |        |                        |
                        +------------------------------------+----------+---------+-------------+--------------+---------+--------+--------+--------+------------------------+
                        token walk: 1.000 CPU-s per million events, the same bytes on the server's core (median of all; each row is divided by the walks just before and after it)
                        bare disk: 300 KB appended and fsynced in p50 1.00 ms, p99 1.00 ms
                        load: some load
                        placement: pinned
                        program: a program
                        machine: a machine
                        date: 2026-11-23T12:00:00Z
                        ndjson-kafka: not run, no broker
                        """);
        assertThat(report().markdown())
                .startsWith("| row                                | events/s |")
                .contains("|------------------------------------|---------:|")
                .contains("\n- date: 2026-11-23T12:00:00Z\n");
        assertThat(report().whole()).isFalse();
        assertThat(report().met()).isFalse();
    }

    @Test
    void theJsonHasTheSameNumbers() throws Exception {
        JsonNode json = new ObjectMapper().readTree(report().json());
        assertThat(json.path("rows")).hasSize(4);
        assertThat(json.path("rows").path(0).path("token_walks").asDouble()).isEqualTo(2.5);
        assertThat(json.path("rows").path(2).path("not_run").asText()).isEqualTo("no broker");
        assertThat(json.path("resident_peak_bytes").asLong()).isEqualTo(250L << 20);
        assertThat(json.path("token_walk_cpu_seconds_per_million").asDouble()).isEqualTo(1.0);
    }

    private static BenchReport report() {
        LatencyHistogram latency = new LatencyHistogram();
        latency.record(1_000_000);
        return new BenchReport(
                new Conditions("2026-11-23T12:00:00Z", "a machine", "a program", "pinned", "some load"),
                List.of(
                        measured(Row.NDJSON_SPOOL, 1_000_000, 1_000_000, 4_000, 2_500, 200, latency),
                        measured(Row.NDJSON_STORE, 1_000_000, 1_000_000, 20_000, 18_000, 250, latency),
                        new RowResult.NotRun(Row.NDJSON_KAFKA, "no broker"),
                        measured(Row.OFFERED, 600_000, 599_999, 30_000, 1_800, 220, latency)),
                1.0,
                latency);
    }

    private static RowResult measured(
            Row row, long acknowledged, long counted, int elapsed, int cpu, long megabytes, LatencyHistogram latency) {
        return new RowResult.Measured(
                row,
                acknowledged,
                counted,
                0,
                Duration.ofMillis(elapsed),
                Duration.ofMillis(cpu),
                1.0,
                megabytes << 20,
                latency);
    }

    private BenchSettings settings(PackagedProgram program, List<Row> rows) {
        return new BenchSettings(program, rows, 4_000, 1_000, 2_000, 1, directory, "", "", List.of(), false, false);
    }
}
