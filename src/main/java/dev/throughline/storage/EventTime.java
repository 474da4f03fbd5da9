package dev.throughline.storage;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import java.time.LocalDate;

/** The event time in a frame: an RFC 3339 date-time or decimal nanoseconds since the epoch, in microseconds. */
final class EventTime {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private EventTime() {}

    /** Falls back to the time it was received. */
    static long micros(RecordFrame frame) {
        if (frame.has(Field.TIMESTAMP)) {
            byte[] text = frame.bytes();
            int from = frame.fieldOffset(Field.TIMESTAMP);
            int length = frame.fieldLength(Field.TIMESTAMP);
            long micros = length > 4 && text[from + 4] == '-'
                    ? dateTime(text, from, from + length)
                    : nanos(text, from, length);
            if (micros != Long.MIN_VALUE) {
                return micros;
            }
        }
        return frame.receivedMillis() * 1_000;
    }

    private static long nanos(byte[] text, int from, int length) {
        if (length == 0 || length > 19) {
            return Long.MIN_VALUE;
        }
        long value = digits(text, from, from + length);
        return value <= 0 ? Long.MIN_VALUE : value / 1_000;
    }

    /** Microseconds of an RFC 3339 date-time, or {@code Long.MIN_VALUE}. */
    static long dateTime(byte[] text, int from, int to) {
        if (to - from < 20) {
            return Long.MIN_VALUE;
        }
        long year = digits(text, from, from + 4);
        long month = digits(text, from + 5, from + 7);
        long day = digits(text, from + 8, from + 10);
        long hour = digits(text, from + 11, from + 13);
        long minute = digits(text, from + 14, from + 16);
        long second = digits(text, from + 17, from + 19);
        if ((year | month | day | hour | minute | second) < 0 || month < 1 || month > 12 || day < 1 || day > 31) {
            return Long.MIN_VALUE;
        }
        long fraction = 0;
        int at = from + 19;
        if (text[at] == '.') {
            long unit = MICROS_PER_SECOND / 10;
            for (at++; at < to && text[at] >= '0' && text[at] <= '9'; at++, unit /= 10) {
                fraction += (text[at] - '0') * unit;
            }
        }
        long seconds =
                epochDay(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offsetSeconds(text, at, to);
        return seconds * MICROS_PER_SECOND + fraction;
    }

    private static long offsetSeconds(byte[] text, int at, int to) {
        if (to - at != 6) {
            return 0;
        }
        long seconds = digits(text, at + 1, at + 3) * 3_600 + digits(text, at + 4, at + 6) * 60;
        return text[at] == '-' ? -seconds : seconds;
    }

    /** Days since 1970-01-01 in the proleptic Gregorian calendar, without an object a record. */
    static long epochDay(long year, long month, long day) {
        long y = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(y, 400);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }

    static LocalDate day(long epochDay) {
        return LocalDate.ofEpochDay(epochDay);
    }

    /** The value of ASCII digits, or -1. */
    private static long digits(byte[] text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
