package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * Nanoseconds since the epoch (unsigned, up to the year 2554) as RFC 3339 in UTC with nine decimals, so that timestamps sort as
 * text. Remembers the last day and second; not thread-safe.
 */
final class Timestamps {
    private static final long NANOS_A_SECOND = 1_000_000_000L;
    private static final int SECONDS_A_DAY = 86_400;
    private static final int LENGTH = "2026-01-26T10:24:18.442000000Z".length();

    private final byte[] text = "0000-00-00T00:00:00.000000000Z".getBytes(StandardCharsets.US_ASCII);
    private long day = -1;
    private int second = -1;

    /** Writes it in quotes. */
    void write(long unixNano, JsonWriter out) {
        out.raw((byte) '"');
        writeContent(unixNano, out);
        out.raw((byte) '"');
    }

    void writeContent(long unixNano, JsonWriter out) {
        long seconds = Long.divideUnsigned(unixNano, NANOS_A_SECOND);
        int nanos = (int) Long.remainderUnsigned(unixNano, NANOS_A_SECOND);
        long epochDay = seconds / SECONDS_A_DAY;
        int secondOfDay = (int) (seconds % SECONDS_A_DAY);
        if (epochDay != day) {
            date(epochDay);
        }
        if (secondOfDay != second) {
            second = secondOfDay;
            digits(secondOfDay / 3600, 11, 2);
            digits(secondOfDay / 60 % 60, 14, 2);
            digits(secondOfDay % 60, 17, 2);
        }
        if (nanos % 1_000_000 == 0) { // Most clocks count milliseconds.
            digits(nanos / 1_000_000, 20, 3);
            Arrays.fill(text, 23, 29, (byte) '0');
        } else {
            digits(nanos, 20, 9);
        }
        out.raw(text, 0, LENGTH);
    }

    private void date(long epochDay) {
        LocalDate date = LocalDate.ofEpochDay(epochDay);
        digits(date.getYear(), 0, 4);
        digits(date.getMonthValue(), 5, 2);
        digits(date.getDayOfMonth(), 8, 2);
        day = epochDay;
    }

    private void digits(int value, int at, int count) {
        int rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    @Override
    public String toString() {
        return "Timestamps";
    }
}
