package dev.throughline.cli;

import java.io.IOException;
import java.io.InputStream;

/** Lines of a stream in one reused buffer. Blank lines are counted and passed over. */
final class NdjsonLines {
    static final int LINE_BYTES_MAX = 64 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[1 << 16];
    private int filled;
    private int from;
    private int to;
    private int nextFrom;
    private long number;
    private boolean ended;

    NdjsonLines(InputStream in) {
        this.in = in;
    }

    byte[] bytes() {
        return buffer;
    }

    int from() {
        return from;
    }

    /** After the last byte of the line, its line feed not included. */
    int to() {
        return to;
    }

    /** Of the current line, from 1. */
    long number() {
        return number;
    }

    /**
     * Steps to the next line that is not blank.
     *
     * @throws IOException also for a line over {@link #LINE_BYTES_MAX}
     */
    boolean next() throws IOException {
        do {
            from = nextFrom;
            int at = from;
            while (true) {
                while (at < filled && buffer[at] != '\n') {
                    at++;
                }
                if (at < filled || ended) {
                    break;
                }
                int scanned = at - from;
                fill();
                at = from + scanned;
            }
            if (from >= filled) {
                return false;
            }
            to = at;
            nextFrom = at + 1;
            number++;
        } while (isBlank());
        return true;
    }

    private boolean isBlank() {
        for (int at = from; at < to; at++) {
            if (buffer[at] != ' ' && buffer[at] != '\t' && buffer[at] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Moves what is left to the front and reads more. */
    private void fill() throws IOException {
        int left = Math.max(0, filled - from);
        if (left > LINE_BYTES_MAX) {
            throw new IOException("line " + (number + 1) + " is over " + LINE_BYTES_MAX + " bytes");
        }
        byte[] target = left * 2 > buffer.length ? new byte[buffer.length * 2] : buffer;
        System.arraycopy(buffer, filled - left, target, 0, left);
        buffer = target;
        from = 0;
        filled = left;
        int read = in.read(buffer, filled, buffer.length - filled);
        ended = read < 0;
        filled += Math.max(0, read);
    }
}
