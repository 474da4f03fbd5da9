package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventTimeTest {
    private static long dateTime(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return EventTime.dateTime(bytes, 0, bytes.length);
    }

    private static long micros(String timestamp) {
        FrameFixture.Event event = FrameFixture.Event.log(1, "", "2026-01-01T00:00:00Z");
        RecordFrame frame = new FrameFixture()
                .add(event.with(Field.TIMESTAMP, timestamp))
                .batch(Stream.AUDIT)
                .frame(0, new RecordFrame());
        return EventTime.micros(frame);
    }

    static java.util.stream.LongStream seeds() {
        return RecordStoreContract.seeds();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aDateTimeIsWhatTheLibrarySays(long seed) {
        Random random = new Random(seed);
        OffsetDateTime time = OffsetDateTime.of(
                1 + random.nextInt(9_999),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60),
                random.nextInt(1_000_000_000),
                ZoneOffset.ofTotalSeconds(60 * (random.nextInt(1_080) - 540)));
        String text = time.format(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        if (time.getSecond() != 0 || time.getNano() != 0) {
            assertThat(dateTime(text)).isEqualTo(time.toEpochSecond() * 1_000_000 + time.getNano() / 1_000);
        }
    }

    @Test
    void aSpanStartIsNanoseconds() {
        assertThat(micros("1769423053000000999")).isEqualTo(1_769_423_053_000_000L);
    }

    @Test
    void whatIsNoTimeIsTheTimeOfReceipt() {
        long received = 1_767_225_600_000_000L;
        for (String text :
                new String[] {"", "soon", "2026-13-01T00:00:00Z", "2026-01-01", "99999999999999999999", "0"}) {
            assertThat(micros(text)).isEqualTo(received);
        }
    }
}
