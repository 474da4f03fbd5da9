package dev.throughline.cli.load;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive HTTP/1.1 connection over a blocking socket, opened when first used and again after it broke. A request is one
 * array and one write, so that the load costs little beside the program it loads. Belongs to one thread.
 *
 * <p>{@link IOException} means: it is not known whether the program took the request.
 */
public final class Connection implements AutoCloseable {
    /** Longest silence of the program before the connection counts as broken. */
    public static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int HEAD_BYTES_MAX = 1 << 10;

    private byte[] out = new byte[1 << 16];
    private @Nullable Socket socket;
    private @Nullable HttpAnswers answers;
    private int connectedPort;

    /** Sends the body as it stands, apart from the stamp of {@code pass}, and waits for the answer. */
    public Answer post(Target target, RequestBody body, int pass) throws IOException {
        byte[] head = head(target, body);
        int length = head.length + body.bytes().length;
        if (out.length < length) {
            out = new byte[length];
        }
        System.arraycopy(head, 0, out, 0, head.length);
        System.arraycopy(body.bytes(), 0, out, head.length, body.bytes().length);
        body.stamp(out, head.length, pass);
        return exchange(target.port(body.form()), out, length);
    }

    /** Reads a resource of the program's API. */
    public Answer get(Target target, String path) throws IOException {
        byte[] head = ("GET " + path + " HTTP/1.1\r\n" + common(target) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return exchange(target.httpPort(), head, head.length);
    }

    private static byte[] head(Target target, RequestBody body) {
        return ("POST " + body.form().path() + " HTTP/1.1\r\n" + common(target) + "Content-Type: "
                        + body.form().contentType() + "\r\nContent-Length: " + body.bytes().length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String common(Target target) {
        String head = "Host: " + Target.HOST + "\r\nAuthorization: Bearer " + target.token() + "\r\n";
        if (head.length() > HEAD_BYTES_MAX) {
            throw new IllegalArgumentException("the token is too long");
        }
        return head;
    }

    private Answer exchange(int port, byte[] request, int length) throws IOException {
        try {
            connect(port);
            return answered(request, length);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Answer answered(byte[] request, int length) throws IOException {
        Socket to = socket;
        HttpAnswers from = answers;
        if (to == null || from == null) {
            throw new IOException("not connected");
        }
        OutputStream stream = to.getOutputStream();
        stream.write(request, 0, length);
        Answer answer = from.read();
        if (from.lastCloses()) {
            close();
        }
        return answer;
    }

    private void connect(int port) throws IOException {
        if (socket != null && connectedPort == port) {
            return;
        }
        close();
        Socket fresh = new Socket();
        socket = fresh;
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout((int) READ_TIMEOUT.toMillis());
        fresh.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CONNECT_TIMEOUT.toMillis());
        answers = new HttpAnswers(fresh.getInputStream());
        connectedPort = port;
    }

    @Override
    public void close() {
        Socket old = socket;
        socket = null;
        answers = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                // It was broken already; nothing was promised on it.
                connectedPort = 0;
            }
        }
    }

    @Override
    public String toString() {
        return "Connection[" + (socket == null ? "closed" : "port " + connectedPort) + "]";
    }
}
