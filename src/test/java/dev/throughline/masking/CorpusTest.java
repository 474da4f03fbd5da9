package dev.throughline.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.masking.detect.Detector;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CorpusTest {
    private static final int OF_EACH = 24_000;
    private static final int SHOWN = 60;

    @Test
    void recallAndPrecisionAreAtLeastNinetyNinePercent() {
        MaskingSession session = new Masker(MaskingRules.builtIn(), null).session();
        Map<String, int[]> families = new TreeMap<>();
        StringBuilder wrong = new StringBuilder();
        int shown = 0;
        int found = 0;
        int personal = 0;
        int damaged = 0;
        for (Corpus.Sample sample : new Corpus(Long.getLong("seed", 7)).samples(OF_EACH)) {
            boolean survived = session.maskText(sample.text()).contains(sample.value());
            boolean right = survived == (sample.kind() == null);
            int[] tally = families.computeIfAbsent(sample.family(), f -> new int[2]);
            tally[0]++;
            tally[1] += right ? 1 : 0;
            personal += sample.kind() != null ? 1 : 0;
            found += sample.kind() != null && right ? 1 : 0;
            damaged += sample.kind() == null && !right ? 1 : 0;
            if (!right && shown++ < SHOWN) {
                wrong.append(sample.family()).append(": ").append(sample.text()).append('\n');
            }
        }
        StringBuilder report = new StringBuilder();
        families.forEach((family, tally) ->
                report.append("%-18s %6d %7.3f %%%n".formatted(family, tally[0], 100.0 * tally[1] / tally[0])));
        assertThat((double) found / personal)
                .as("recall%n%s%n%s", report, wrong)
                .isGreaterThanOrEqualTo(0.99);
        assertThat((double) found / (found + damaged))
                .as("precision%n%s%n%s", report, wrong)
                .isGreaterThanOrEqualTo(0.99);
        for (Detector detector : Detector.values()) {
            int[] tally = families.getOrDefault(detector.label(), new int[2]);
            assertThat((double) tally[1] / tally[0])
                    .as("%s%n%s%n%s", detector.label(), report, wrong)
                    .isGreaterThanOrEqualTo(0.98);
        }
        if (Boolean.getBoolean("report")) {
            throw new AssertionError(report + "\n" + wrong);
        }
    }
}
