package dev.throughline.cli.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** A server that reads requests to their last byte and answers each with the raw bytes a script gives for its number. */
final class HttpScript implements AutoCloseable {
    /** Instead of an answer: the connection is closed. */
    static final String HANG_UP = "";

    private final ServerSocket server;
    private final IntFunction<String> script;
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());

    record Received(String head, String body) {}

    HttpScript(IntFunction<String> script) throws IOException {
        this.script = script;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    Target target() {
        return new Target(server.getLocalPort(), server.getLocalPort(), "t0ken");
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " Word\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (true) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                String body = new String(in.readNBytes(length(head)), StandardCharsets.ISO_8859_1);
                int number;
                synchronized (received) {
                    number = received.size();
                    received.add(new Received(head, body));
                }
                String answer = script.apply(number);
                if (answer.equals(HANG_UP)) {
                    return;
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // The client went away.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static int length(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
