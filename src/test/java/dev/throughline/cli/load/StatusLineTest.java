package dev.throughline.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private static final String STATUS = """
            {"version":"0.1.0","started":true,"ratio":0.5,"received":12345,"accepted":12300,"refused":45,"quarantined":45,
             "duplicates":7,"names":["a",{"received":1}],
             "streams":{"operational.logs":{"spooled_records":10,"spooled_bytes":7000,"delivered":12000},
                        "audit":{"spooled_records":2,"spooled_bytes":1400,"delivered":288},
                        "quarantine":{"spooled_records":5,"spooled_bytes":900,"delivered":40}}}
            """;

    @Test
    void theCountersOfAllStreamsButQuarantineAreSummed() throws Exception {
        assertThat(ServerStatus.parse(STATUS.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ServerStatus(12_345, 12_300, 45, 45, 7, 12_288, 12, 8_400));
    }

    @Test
    void theLineReadsAsAgreed() throws Exception {
        assertThat(StatusLine.format(ServerStatus.parse(STATUS.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("received      12,345 = refused       45 + known already       7 + delivered      12,288"
                        + " + spooled        12 (8.4 KB) | quarantined       45");
    }

    @Test
    void itIsSettledWhenEveryRecordIsSomewhere() {
        assertThat(new ServerStatus(100, 98, 2, 2, 3, 90, 5, 1_000).isSettled()).isTrue();
        assertThat(new ServerStatus(101, 98, 2, 2, 3, 90, 5, 1_000).isSettled()).isFalse();
    }

    @Test
    void bytesKeepThreeDigits() {
        assertThat(StatusLine.bytes(0)).isEqualTo("0 B");
        assertThat(StatusLine.bytes(999)).isEqualTo("999 B");
        assertThat(StatusLine.bytes(1_000)).isEqualTo("1.0 KB");
        assertThat(StatusLine.bytes(99_949)).isEqualTo("99.9 KB");
        assertThat(StatusLine.bytes(99_950)).isEqualTo("100 KB");
        assertThat(StatusLine.bytes(999_600)).isEqualTo("1.0 MB");
        assertThat(StatusLine.bytes(Long.MAX_VALUE)).isEqualTo("9223372 TB");
    }

    @Test
    void whatIsNotJsonIsAnError() {
        assertThatThrownBy(() -> ServerStatus.parse("gone".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }
}
