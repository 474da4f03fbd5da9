package dev.throughline.contract.format;

/** RFC 3339: full-date, full-time, date-time and the durations of its appendix A. */
final class DateTimes {
    private static final int DATE_LENGTH = 10;
    private static final int MINUTES_A_DAY = 24 * 60;

    private DateTimes() {}

    static boolean isDate(byte[] utf8, int from, int to) {
        return to - from == DATE_LENGTH && isDateAt(utf8, from);
    }

    static boolean isDateTime(byte[] utf8, int from, int to) {
        return to - from >= DATE_LENGTH + 2
                && (utf8[from + DATE_LENGTH] | 0x20) == 't'
                && isDateAt(utf8, from)
                && isTime(utf8, from + DATE_LENGTH + 1, to);
    }

    private static int two(byte[] utf8, int at) {
        int tens = utf8[at] - '0';
        int ones = utf8[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private static boolean isDateAt(byte[] utf8, int at) {
        int century = two(utf8, at);
        int year = two(utf8, at + 2);
        int month = two(utf8, at + 5);
        int day = two(utf8, at + 8);
        if (century < 0
                || year < 0
                || utf8[at + 4] != '-'
                || utf8[at + 7] != '-'
                || month < 1
                || month > 12
                || day < 1) {
            return false;
        }
        boolean leap = (year == 0 ? century : year) % 4 == 0;
        int days = month == 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
        return day <= days;
    }

    static boolean isTime(byte[] utf8, int from, int to) {
        if (to - from < 9 || utf8[from + 2] != ':' || utf8[from + 5] != ':') {
            return false;
        }
        int hour = two(utf8, from);
        int minute = two(utf8, from + 3);
        int second = two(utf8, from + 6);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return false;
        }
        int at = from + 8;
        if (utf8[at] == '.') {
            int digits = ++at;
            while (at < to && StringFormat.isDigit(utf8[at])) {
                at++;
            }
            if (at == digits) {
                return false;
            }
        }
        int offset = 0;
        if (to - at == 1) {
            if ((utf8[at] | 0x20) != 'z') {
                return false;
            }
        } else {
            if (to - at != 6 || utf8[at + 3] != ':' || (utf8[at] != '+' && utf8[at] != '-')) {
                return false;
            }
            int hours = two(utf8, at + 1);
            int minutes = two(utf8, at + 4);
            if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
                return false;
            }
            offset = (utf8[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
        }
        return second < 60 || Math.floorMod(hour * 60 + minute - offset, MINUTES_A_DAY) == MINUTES_A_DAY - 1;
    }

    /** {@code P} with weeks alone, or units in order and without a gap within the date and within the time part. */
    static boolean isDuration(byte[] utf8, int from, int to) {
        if (to - from < 3 || utf8[from] != 'P') {
            return false;
        }
        int at = from + 1;
        if (utf8[at] == 'T') {
            return units(utf8, at + 1, to, "HMS") == to;
        }
        int digits = digits(utf8, at, to);
        if (digits > at && digits + 1 == to && utf8[digits] == 'W') {
            return true;
        }
        int date = units(utf8, at, to, "YMD");
        return date == to || (date > at && date < to && utf8[date] == 'T' && units(utf8, date + 1, to, "HMS") == to);
    }

    private static int digits(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && StringFormat.isDigit(utf8[at])) {
            at++;
        }
        return at;
    }

    /** After one or more numbers with these units, each the one that follows its predecessor's; -1 where there is none. */
    private static int units(byte[] utf8, int from, int to, String units) {
        int at = from;
        int last = -1;
        while (at < to && utf8[at] != 'T') {
            int unitAt = digits(utf8, at, to);
            int unit = unitAt > at && unitAt < to ? units.indexOf(utf8[unitAt]) : -1;
            if (unit < 0 || (last >= 0 && unit != last + 1)) {
                return -1;
            }
            last = unit;
            at = unitAt + 1;
        }
        return last < 0 ? -1 : at;
    }
}
