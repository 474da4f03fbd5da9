package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.throughline.cli.load.Connection;
import dev.throughline.cli.load.Target;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveStatusLineTest {
    /** Nine delivered of ten received, until the fourth look. */
    private static String status(int look) {
        return "{\"received\":10,\"accepted\":10,\"refused\":0,\"quarantined\":0,\"duplicates\":0,\"streams\":{"
                + "\"operational.logs\":{\"spooled_records\":0,\"spooled_bytes\":0,\"delivered\":" + (look < 4 ? 9 : 10)
                + "}}}";
    }

    @Test
    void itLooksAgainWhileARequestIsUnderWay() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/status", exchange -> {
            byte[] body = status(looks.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        StringWriter written = new StringWriter();
        try (Connection connection = new Connection()) {
            new LiveStatusLine(new Target(port, port, "token"), new PrintWriter(written), false).show(connection);
        } finally {
            server.stop(0);
        }
        assertThat(looks).hasValue(4);
        assertThat(written.toString()).contains("received          10 = ").contains("delivered          10 ");
    }
}
