package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBodyTest {
    private static final int MIB = 1 << 20;
    private static final BodyBounds BOUNDS = BodyBounds.of(24 * MIB, 1);

    @ParameterizedTest
    @CsvSource({
        "1, 10, 10",
        "10, 10, 10",
        "70000, 900000, 900000",
        "1, -1, 4096",
        "4096, -1, 4096",
        "4097, -1, 16384",
        "16385, -1, 65536",
        "65536, -1, 65536",
        "65537, -1, 1048576",
        "1048577, -1, 16777216",
        "11, 10, 4096"
    })
    void aBodyTakesWhatItSaysOrGrowsBySteps(int needed, int expected, int size) {
        assertThat(RequestBody.nextSize(needed, expected, BOUNDS, 16 * MIB)).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"1, -1, 1000", "900, -1, 1000", "900, 950, 950"})
    void itNeverTakesMoreThanABodyMayHave(int needed, int expected, int size) {
        assertThat(RequestBody.nextSize(needed, expected, BOUNDS, 1000)).isEqualTo(size);
    }
}
