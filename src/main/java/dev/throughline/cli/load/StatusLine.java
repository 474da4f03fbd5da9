package dev.throughline.cli.load;

import java.util.Locale;

/**
 * The counters in one line of fixed width, so that it can be written over itself. The sum holds between requests, while nothing is
 * turned away, and where nothing was spooled before the start; what is refused is in quarantine too.
 */
public final class StatusLine {
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

    private StatusLine() {}

    public static String format(ServerStatus status) {
        return String.format(
                Locale.ROOT,
                "received %,11d = refused %,8d + known already %,7d + delivered %,11d + spooled %,9d (%s) | quarantined %,8d",
                status.received(),
                status.refused(),
                status.duplicates(),
                status.delivered(),
                status.spooledRecords(),
                bytes(status.spooledBytes()),
                status.quarantined());
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
