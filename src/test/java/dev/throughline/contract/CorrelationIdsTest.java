package dev.throughline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelationIdsTest {
    private final CorrelationIds ids =
            new CorrelationIds(InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z")), new Random(7));

    @Test
    void aNewIdIsWellFormedAndUnique() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] id = ids.next();
            assertThat(CorrelationIds.isWellFormed(id, 0, id.length)).isTrue();
            assertThat(seen.add(new String(id))).isTrue();
        }
    }

    @Test
    void idsSortByTheirTime() {
        String earlier = new String(
                new CorrelationIds(InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L)), new Random(1))
                        .next());
        String later = new String(
                new CorrelationIds(InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_001L)), new Random(2))
                        .next());
        assertThat(earlier).isLessThan(later);
    }

    @Test
    void theTimeStandsInTheFirstTenCharacters() {
        byte[] id =
                new CorrelationIds(InstantSource.fixed(Instant.ofEpochMilli(1_469_918_176_385L)), new Random(1)).next();
        assertThat(new String(id, 5, 10)).isEqualTo("01ARYZ6S41"); // the example of the ULID specification
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "corr_",
                "01HRVQ8QX8K6YB2T9M2WZ2FQ3K",
                "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3",
                "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3KK",
                "corr_81HRVQ8QX8K6YB2T9M2WZ2FQ3K",
                "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3I",
                "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3U",
                "corr_01hrvq8qx8k6yb2t9m2wz2fq3k",
                "Corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K",
                "corr-01HRVQ8QX8K6YB2T9M2WZ2FQ3K"
            })
    void anyOtherShapeIsNotAnId(String text) {
        assertThat(CorrelationIds.isWellFormed(text)).isFalse();
    }

    @Test
    void theReferenceIdIsWellFormedWhateverItsTime() {
        assertThat(CorrelationIds.isWellFormed("corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K"))
                .isTrue();
    }
}
