package dev.throughline.access;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Bytes to a port of this machine as no client with manners sends them, one connection a call. */
public final class RawHttp {
    private RawHttp() {}

    /** The status of a request without a body and, unless headers say so, without a token. */
    public static int status(int port, String requestLine, String... headers) throws IOException {
        List<String> all = new java.util.ArrayList<>(Arrays.asList(headers));
        all.add("Host: 127.0.0.1");
        String answer = answer(port, requestLine, all.toArray(String[]::new));
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : -1;
    }

    /** The whole answer; the request asks for the connection's end. */
    public static String answer(int port, String requestLine, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(requestLine).append("\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return bytes(port, head.append("\r\n").toString());
    }

    /** Everything that comes back until the other side closes. */
    public static String bytes(int port, String sent) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            byte[] piece = new byte[4096];
            try {
                for (int n = socket.getInputStream().read(piece);
                        n >= 0;
                        n = socket.getInputStream().read(piece)) {
                    answer.append(new String(piece, 0, n, StandardCharsets.UTF_8));
                }
            } catch (SocketException reset) {
                answer.append("\n[reset]");
            }
            return answer.toString();
        }
    }
}
