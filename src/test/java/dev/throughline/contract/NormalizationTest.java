package dev.throughline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizationTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-26T10:24:18.442Z, 2026-01-26T10:24:18.442Z",
        "2026-01-26T10:24:18.442+01:00, 2026-01-26T09:24:18.442Z",
        "2026-01-01T00:15:00+02:00, 2025-12-31T22:15:00Z",
        "2026-12-31T23:30:00.123456789-05:30, 2027-01-01T05:00:00.123456789Z",
        "2024-02-29T23:59:59-00:01, 2024-03-01T00:00:59Z",
        "2026-01-26t10:24:18z, 2026-01-26T10:24:18Z",
        "2026-01-26T10:24:18-00:00, 2026-01-26T10:24:18Z",
        "2016-12-31T18:59:60-05:00, 2016-12-31T23:59:60Z"
    })
    void aTimestampIsKeptInUtc(String written, String kept) {
        assertThat(Normalization.utc(written)).isEqualTo(kept);
    }
}
