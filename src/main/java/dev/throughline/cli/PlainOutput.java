package dev.throughline.cli;

import dev.throughline.FailureCode;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What commands print, without what steers a terminal or turns text round: names, messages and documents are other people's. Control
 * characters but line feed and tab, and format characters (those of bidirectional text among them) are written as <code>&#92;u</code>
 * and four digits, which is also what JSON takes inside a string, the only place where a valid document has them. Everything else
 * passes as it is; what is no UTF-8 is U+FFFD. Thread-safe by the stream around it.
 */
final class PlainOutput extends OutputStream {
    private static final int BUFFER_BYTES = 8_192;
    private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);

    private static final int NOT_WRITTEN = 2;
    private static final int CLOSED_PIPE = 128 + 13;

    private final OutputStream out;
    /** A character whose bytes have not all come yet. */
    private final byte[] begun = new byte[4];

    private int begunLength;
    private int wanted;
    private volatile @Nullable IOException failure;

    PlainOutput(OutputStream out) {
        this.out = out;
    }

    /** Standard output and standard error of this process from now on, in UTF-8. */
    static void install() {
        // Colours are such characters, too.
        System.setProperty("picocli.ansi", "false");
        System.setOut(new Printed(plain(FileDescriptor.out)));
        System.setErr(new Printed(plain(FileDescriptor.err)));
    }

    /** A standard stream that knows what became of it: no static field may, because an image would keep it. */
    private static final class Printed extends PrintStream {
        private final PlainOutput output;

        Printed(PlainOutput output) {
            super(output, true, StandardCharsets.UTF_8);
            this.output = output;
        }
    }

    private static PlainOutput plain(FileDescriptor descriptor) {
        return new PlainOutput(new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES));
    }

    /** Whether standard output takes nothing any more: who makes much of it can stop. */
    static boolean isBroken() {
        return System.out instanceof Printed out && out.output.failure != null;
    }

    /**
     * The exit code of a command that has come to its end. What was not written is a failure, and a line on standard error; but for a
     * pipe that its reader closed, which ends a command quietly and with the code of SIGPIPE.
     */
    static int exitCode(int code) {
        System.out.flush();
        return System.out instanceof Printed out ? out.output.exitCode(code, System.err) : code;
    }

    int exitCode(int code, PrintStream err) {
        IOException known = failure;
        if (known == null) {
            return code;
        }
        if (String.valueOf(known.getMessage()).contains("Broken pipe")) {
            return code == 0 ? CLOSED_PIPE : code;
        }
        err.println("throughline: output_not_written: " + FailureCode.of(known)
                + "; standard output is not whole, see where it goes and run it again");
        return NOT_WRITTEN;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            writePlain(bytes, from, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The first one says why; whoever prints does not look. */
    private IOException failed(IOException e) {
        if (failure == null) {
            failure = e;
        }
        return e;
    }

    private void writePlain(byte[] bytes, int from, int length) throws IOException {
        int plain = from;
        for (int i = from; i < from + length; i++) {
            byte b = bytes[i];
            if (begunLength == 0 && isPlain(b)) {
                continue;
            }
            if (begunLength == 0) {
                out.write(bytes, plain, i - plain);
            }
            take(b);
            plain = i + 1;
        }
        if (plain < from + length) {
            out.write(bytes, plain, from + length - plain);
        }
    }

    private void take(byte b) throws IOException {
        if (begunLength > 0 && (b & 0xC0) != 0x80) {
            begunLength = 0;
            out.write(REPLACEMENT);
            if (isPlain(b)) {
                out.write(b);
                return;
            }
        }
        if (begunLength == 0) {
            wanted = b >= 0 ? 1 : (b & 0xE0) == 0xC0 ? 2 : (b & 0xF0) == 0xE0 ? 3 : (b & 0xF8) == 0xF0 ? 4 : 0;
            if (wanted == 0) {
                out.write(REPLACEMENT);
                return;
            }
        }
        begun[begunLength++] = b;
        if (begunLength == wanted) {
            begunLength = 0;
            // Where the bytes are no character this is U+FFFD, once or more.
            show(new String(begun, 0, wanted, StandardCharsets.UTF_8));
        }
    }

    private void show(String character) throws IOException {
        if (!steers(character.codePointAt(0))) {
            out.write(character.getBytes(StandardCharsets.UTF_8));
            return;
        }
        for (int i = 0; i < character.length(); i++) {
            out.write(String.format("\\u%04x", (int) character.charAt(i)).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static boolean isPlain(byte b) {
        return (b >= ' ' && b < 0x7f) || b == '\n' || b == '\t';
    }

    private static boolean steers(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (begunLength > 0) {
            begunLength = 0;
            out.write(REPLACEMENT);
        }
        out.close();
    }
}
