package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true,127.0.0.1",
        "127.0.0.2,true,127.0.0.2",
        "::1,true,[::1]",
        "0.0.0.0,false,127.0.0.1",
        "::,false,127.0.0.1",
        "10.1.2.3,false,10.1.2.3"
    })
    void isLoopbackOrNot(String literal, boolean isLoopback, String inUrl) {
        ListenAddress address = ListenAddress.of(literal);
        assertThat(address.isLoopback()).isEqualTo(isLoopback);
        assertThat(address.inUrl()).isEqualTo(inUrl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "example.com", "300.1.1.1", "127.0.0.1:80", "[::1]", "*", " "})
    void isNeverAName(String literal) {
        assertThatThrownBy(() -> ListenAddress.of(literal))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("throughline.server.listen-address");
    }

    @Test
    void isShownAsItWasGiven() {
        assertThat(ListenAddress.of("0.0.0.0")).hasToString("0.0.0.0");
    }
}
