package dev.throughline.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.cli.packaged.FakeProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TortureTest {
    @TempDir
    Path data;

    @Test
    void aProgramThatKeepsWhatItAcknowledgesPasses() throws Exception {
        List<String> progress = new ArrayList<>();
        TortureReport report = new Torture(settings(4, 5, List.of()), InstantSource.system(), progress::add).run();
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.lines()).hasSize(1);
        TortureReport.Line store = report.lines().getFirst();
        assertThat(store.lost()).isZero();
        assertThat(store.duplicated()).isZero();
        assertThat(store.acknowledged()).isPositive();
        assertThat(store.found()).isEqualTo(store.acknowledged() + store.inFlight());
        assertThat(report.broken()).isPositive();
        assertThat(progress).hasSize(4);
    }

    @Test
    void aProgramThatAnswersBeforeItKeepsIsFoundOut() throws Exception {
        TortureReport report =
                new Torture(settings(3, 3, List.of("--lossy")), InstantSource.system(), line -> {}).run();
        assertThat(report.passed()).as(report.text()).isFalse();
        assertThat(report.lines().getFirst().lost()).isPositive();
        assertThat(report.text()).contains("FAIL");
    }

    @Test
    void aProgramThatKeepsARepeatedRequestTwiceIsFoundOut() throws Exception {
        TortureReport report =
                new Torture(settings(3, 3, List.of("--doubling")), InstantSource.system(), line -> {}).run();
        assertThat(report.passed()).as(report.text()).isFalse();
        assertThat(report.lines().getFirst().duplicated()).isPositive();
        assertThat(report.lines().getFirst().lost()).isZero();
    }

    @Test
    void aProgramThatAcknowledgesNothingAfterItsFirstLifeIsFoundOut() throws Exception {
        TortureReport report =
                new Torture(settings(2, 2, List.of("--tired")), InstantSource.system(), line -> {}).run();
        assertThat(report.lines().getFirst().lost()).isZero();
        assertThat(report.lines().getFirst().acknowledged()).isPositive();
        assertThat(report.lives().silent()).isPositive();
        assertThat(report.passed()).as(report.text()).isFalse();
        assertThat(report.text()).contains("TOO FEW").contains("FAIL");
    }

    @Test
    void aRunBelowItsFloorFails() {
        TortureReport.Lives enough = new TortureReport.Lives(5, 0, 20, 1_000, 1_000);
        assertThat(enough.enough()).isTrue();
        assertThat(new TortureReport.Lives(5, 1, 0, 1_000, 1_000).enough()).isFalse();
        assertThat(new TortureReport.Lives(5, 0, 20, 999, 1_000).enough()).isFalse();
        assertThat(new TortureReport.Lives(0, 0, 0, 0, 0).enough()).isFalse();
    }

    @Test
    void aTallyTellsLostDuplicatedRedeliveredAndInFlightApart() {
        Ledger ledger = new Ledger(1, java.time.Instant.parse("2026-11-23T12:00:00Z"));
        int first = ledger.take(6);
        ledger.acknowledge(first, 4);
        List<String> ids =
                ledger.events(first, 6).stream().map(e -> e.correlationId()).toList();
        Tally tally = new Tally("Kafka", ledger);
        tally.found(ids.get(0), "a0");
        tally.found(ids.get(0), "a0");
        tally.found(ids.get(1), "a1");
        tally.found(ids.get(1), "b1");
        tally.found(ids.get(2), "a2");
        tally.found(ids.get(5), "a5");
        tally.found("corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K", "x");
        tally.found("", "x");
        assertThat(tally.line(ledger.acknowledged())).isEqualTo(new TortureReport.Line("Kafka", 4, 4, 1, 1, 1, 1, 2));
        assertThat(new Tally("store", ledger).line(new BitSet()).lost()).isZero();
    }

    @Test
    void withoutARecordIdEveryFurtherCopyIsADuplicate() {
        Ledger ledger = new Ledger(1, java.time.Instant.parse("2026-11-23T12:00:00Z"));
        String id = ledger.events(ledger.take(1), 1).getFirst().correlationId();
        Tally tally = new Tally("store", ledger);
        tally.found(id, "");
        tally.found(id, "");
        assertThat(tally.line(ledger.acknowledged()).duplicated()).isEqualTo(1);
    }

    @Test
    void theTableReadsAsAgreed() {
        TortureReport report = new TortureReport(
                List.of(
                        new TortureReport.Line("store", 1_234_567, 1_234_600, 0, 0, 0, 33, 0),
                        new TortureReport.Line("Kafka", 1_234_567, 1_234_600, 0, 0, 512, 33, 0)),
                1_234_700,
                20,
                4,
                81,
                7,
                0,
                0,
                new TortureReport.Lives(17, 0, 250, 1_234_567, 3_000),
                0,
                true,
                0,
                Duration.ofMillis(63_210));
        assertThat(report.text()).isEqualTo("""
                        +-------------+--------------+-----------+------------+------+-------------+-----------+
                        | destination | acknowledged |     found | duplicated | lost | redelivered | in flight |
                        +-------------+--------------+-----------+------------+------+-------------+-----------+
                        | store       |    1,234,567 | 1,234,600 |          0 |    0 |           0 |        33 |
                        | Kafka       |    1,234,567 | 1,234,600 |          0 |    0 |         512 |        33 |
                        +-------------+--------------+-----------+------------+------+-------------+-----------+
                        20 kills (4 while starting) in 63.2 s, 1,234,700 records sent, 81 connections broke, 7 answers said later
                        1,234,567 records acknowledged of at least 3,000, in each of 17 lives at least 250 (0 without any)
                        0 unexpected answers, 0 records refused, 0 deaths of its own, drained, exit code after SIGTERM 0: PASS
                        """);
    }

    private TortureSettings settings(int kills, int seconds, List<String> arguments) {
        return new TortureSettings(
                FakeProgram.command(),
                kills,
                Duration.ofSeconds(seconds),
                5,
                2_000,
                20,
                100,
                data,
                true,
                "",
                arguments);
    }
}
