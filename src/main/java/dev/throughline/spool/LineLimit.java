package dev.throughline.spool;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Bounds the lines that the same trouble may write to the log: the first of each minute, and then how many there were. Thread-safe. */
final class LineLimit {
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int linesMax;
    private long begun;
    private int lines;
    private long withheld;

    LineLimit(int linesMax) {
        this.linesMax = linesMax;
        this.begun = System.nanoTime() - INTERVAL_NANOS;
    }

    /** What is to be appended to the line, or null where the line is only counted. */
    synchronized @Nullable String suffix() {
        long now = System.nanoTime();
        if (now - begun >= INTERVAL_NANOS) {
            begun = now;
            lines = 0;
        }
        if (lines >= linesMax) {
            withheld++;
            return null;
        }
        lines++;
        String suffix = withheld == 0 ? "" : " (" + withheld + " lines like this were not written)";
        withheld = 0;
        return suffix;
    }
}
