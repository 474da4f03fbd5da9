package dev.throughline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static String number(long value) {
        return new String(new JsonWriter(1).number(value).toByteArray(), StandardCharsets.US_ASCII);
    }

    @Test
    void numbersOfEveryLengthAreWrittenInDecimal() {
        long power = 1;
        for (int digits = 1; digits <= 19; digits++, power *= 10) {
            for (long value : new long[] {power - 1, power, power + 1, 5 * (power / 2)}) {
                assertThat(number(value)).isEqualTo(Long.toString(value));
                assertThat(number(-value)).isEqualTo(Long.toString(-value));
            }
        }
        for (long value : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
            assertThat(number(value)).isEqualTo(Long.toString(value));
        }
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            assertThat(number(value)).isEqualTo(Long.toString(value));
        }
    }

    @Test
    void bytesAreWrittenInHex() {
        byte[] bytes = {0, 1, 0x7F, (byte) 0x80, (byte) 0xFF};
        assertThat(new JsonWriter(1).hex(bytes, 1, 5).toByteArray()).asString().isEqualTo("017f80ff");
    }
}
