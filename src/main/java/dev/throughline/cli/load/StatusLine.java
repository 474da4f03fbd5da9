package dev.throughline.cli.load;

import java.util.Locale;

/** The counters in one line of fixed width, so that it can be written over itself. */
public final class StatusLine {
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

    private StatusLine() {}

    public static String format(ServerStatus status) {
        return String.format(
                Locale.ROOT,
                "received %,11d | refused %,8d | quarantined %,8d | delivered %,11d | spooled %,9d (%s)",
                status.received(),
                status.refused(),
                status.quarantined(),
                status.delivered(),
                status.spooledRecords(),
                bytes(status.spooledBytes()));
    }

    /** Three significant digits and a decimal unit, nine characters at the most. */
    static String bytes(long count) {
        double value = count;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String digits = unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, digits, value, UNITS[unit]);
    }
}
