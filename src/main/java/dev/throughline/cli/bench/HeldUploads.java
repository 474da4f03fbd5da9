package dev.throughline.cli.bench;

import dev.throughline.cli.load.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Connections that each send half of a body of 16 MB as fast as they may, and hold it. One that the server ends is opened again, as a
 * stubborn sender would. One thread serves all of them.
 */
final class HeldUploads implements AutoCloseable {
    static final int CONNECTIONS = 200;
    private static final int BODY_BYTES = 16 << 20;
    private static final int PIECE_BYTES = 64 << 10;
    private static final long SELECT_MS = 100;
    private static final long JOIN_MS = 5000;

    private final Target target;
    private final Selector selector;
    private final Thread thread;
    private final ByteBuffer piece = ByteBuffer.wrap(" ".repeat(PIECE_BYTES).getBytes(StandardCharsets.US_ASCII));
    private final ByteBuffer answer = ByteBuffer.allocate(4096);
    private volatile boolean closed;
    private long opened;
    private long bytesSent;

    /** What is still to be sent of one half. */
    private static final class Upload {
        private final ByteBuffer head;
        private int left = BODY_BYTES / 2;

        Upload(ByteBuffer head) {
            this.head = head;
        }
    }

    private HeldUploads(Target target, Selector selector) {
        this.target = target;
        this.selector = selector;
        this.thread = new Thread(this::serve, "held-uploads");
        this.thread.setDaemon(true);
    }

    static HeldUploads open(Target target, int connections) throws IOException {
        HeldUploads uploads = new HeldUploads(target, Selector.open());
        for (int i = 0; i < connections; i++) {
            uploads.connect();
        }
        if (connections > 0) {
            uploads.thread.start();
        }
        return uploads;
    }

    /** What became of them; nothing where there were none. */
    Optional<String> report(String row) {
        return opened == 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s: %d connections held at a time, %,d opened, %,d MB sent",
                        row,
                        CONNECTIONS,
                        opened,
                        bytesSent >> 20));
    }

    private void connect() throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.httpPort()));
        channel.configureBlocking(false);
        String head = "POST /v1/events HTTP/1.1\r\nHost: " + Target.HOST + "\r\nAuthorization: Bearer " + target.token()
                + "\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n";
        channel.register(
                selector,
                SelectionKey.OP_WRITE | SelectionKey.OP_READ,
                new Upload(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII))));
        opened++;
    }

    private void serve() {
        try {
            while (!closed) {
                selector.select(this::serve, SELECT_MS);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isReadable() && channel.read(answer.clear()) < 0) {
                again(key);
            } else if (key.isWritable()) {
                send(key, channel, (Upload) key.attachment());
            }
        } catch (IOException e) {
            again(key);
        }
    }

    private void send(SelectionKey key, SocketChannel channel, Upload upload) throws IOException {
        if (upload.head.hasRemaining()) {
            channel.write(upload.head);
            return;
        }
        int sent = channel.write(piece.clear().limit(Math.min(PIECE_BYTES, upload.left)));
        upload.left -= sent;
        bytesSent += sent;
        if (upload.left == 0) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void again(SelectionKey key) {
        try {
            key.channel().close();
            connect();
        } catch (IOException e) {
            // The server takes no connections just now: the others go on.
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
