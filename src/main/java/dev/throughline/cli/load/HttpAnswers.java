package dev.throughline.cli.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Reads HTTP/1.1 answers (RFC 9112) from one connection, one behind the other. Not thread-safe. */
final class HttpAnswers {
    private static final int LINE_BYTES_MAX = 8 << 10;
    private static final int BODY_BYTES_MAX = 64 << 20;
    private static final int HEADERS_MAX = 100;

    private final InputStream in;
    private final byte[] buffer = new byte[16 << 10];
    private int from;
    private int to;

    private int contentLength;
    private boolean chunked;
    private boolean closes;
    private Duration retryAfter = Duration.ZERO;

    HttpAnswers(InputStream in) {
        this.in = in;
    }

    /** Whether the program ends the connection after the answer that was read last. */
    boolean lastCloses() {
        return closes;
    }

    Answer read() throws IOException {
        int status = head();
        while (status == 100) {
            status = head();
        }
        return new Answer(status, retryAfter, body(status));
    }

    private int head() throws IOException {
        contentLength = -1;
        chunked = false;
        retryAfter = Duration.ZERO;
        String start = line();
        if (start.length() < 12 || !start.startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP/1.1 answer");
        }
        closes = start.startsWith("HTTP/1.0");
        int headers = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (++headers > HEADERS_MAX) {
                throw new IOException("more than " + HEADERS_MAX + " headers");
            }
            header(line);
        }
        return number(start.substring(9, 12), 10);
    }

    private void header(String line) throws IOException {
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new IOException("a header without a colon");
        }
        String value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "content-length" -> contentLength = number(value, 10);
            case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
            case "connection" -> closes = value.equalsIgnoreCase("close");
            // A date is allowed too; our program always gives seconds.
            case "retry-after" -> retryAfter = Duration.ofSeconds(number(value, 10));
            default -> {
                // No other header matters to the load.
            }
        }
    }

    private byte[] body(int status) throws IOException {
        if (chunked) {
            return chunks();
        }
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        if (contentLength < 0) {
            throw new IOException("an answer without a length");
        }
        byte[] body = new byte[bounded(contentLength)];
        fill(body, 0, body.length);
        return body;
    }

    private byte[] chunks() throws IOException {
        byte[] body = new byte[0];
        while (true) {
            String size = line();
            int extension = size.indexOf(';');
            int length = number(extension < 0 ? size : size.substring(0, extension), 16);
            int at = body.length;
            body = Arrays.copyOf(body, bounded((long) at + length));
            fill(body, at, length);
            line();
            if (length == 0) {
                return body;
            }
        }
    }

    private static int bounded(long length) throws IOException {
        if (length > BODY_BYTES_MAX) {
            throw new IOException("an answer of more than " + BODY_BYTES_MAX + " bytes");
        }
        return (int) length;
    }

    private static int number(String digits, int radix) throws IOException {
        try {
            return Integer.parseUnsignedInt(digits.strip(), radix);
        } catch (NumberFormatException e) {
            throw new IOException("a number was expected in the answer's head");
        }
    }

    private void fill(byte[] body, int at, int length) throws IOException {
        int done = Math.min(length, to - from);
        System.arraycopy(buffer, from, body, at, done);
        from += done;
        while (done < length) {
            int read = in.read(body, at + done, length - done);
            if (read < 0) {
                throw new EOFException("the connection ended inside an answer");
            }
            done += read;
        }
    }

    private String line() throws IOException {
        StringBuilder longLine = new StringBuilder();
        while (true) {
            for (int at = from; at < to; at++) {
                if (buffer[at] == '\n') {
                    int end = at > from && buffer[at - 1] == '\r' ? at - 1 : at;
                    longLine.append(new String(buffer, from, end - from, StandardCharsets.ISO_8859_1));
                    from = at + 1;
                    return longLine.toString().stripTrailing();
                }
            }
            longLine.append(new String(buffer, from, to - from, StandardCharsets.ISO_8859_1));
            if (longLine.length() > LINE_BYTES_MAX) {
                throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes");
            }
            from = 0;
            to = in.read(buffer, 0, buffer.length);
            if (to < 0) {
                to = 0;
                throw new EOFException("the connection ended before an answer");
            }
        }
    }
}
