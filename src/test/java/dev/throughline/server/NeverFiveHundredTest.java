package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.ingest.IngestHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.InternalServerErrorException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever fails behind the API's port, however it fails: 503 with a time to come back, and a defect in the metrics. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class NeverFiveHundredTest {
    private static final String PLANTED = "planted@example.com";

    @Inject
    HttpServer server;

    @Inject
    IngestHttp ingest;

    /** A resource whose code fails, in the ways there are. */
    @Path("/planted/{how}")
    public static class FailingResource {
        @GET
        @Produces("application/json")
        @Operation(hidden = true)
        public byte[] fail(@jakarta.ws.rs.PathParam("how") String how) throws Exception {
            switch (how) {
                case "checked" -> throw new java.io.IOException(PLANTED);
                case "error" -> throw new StackOverflowError(PLANTED);
                case "rejected" -> throw new RejectedExecutionException(PLANTED);
                case "status" -> throw new InternalServerErrorException(PLANTED);
                default -> throw new IllegalStateException(PLANTED);
            }
        }
    }

    /** Routes that fail, in the ways there are. */
    @ApplicationScoped
    public static class FailingRoutes {
        void routes(@Observes Router router) {
            router.route("/planted-route/throws").handler(context -> {
                throw new UnsupportedOperationException(PLANTED);
            });
            router.route("/planted-route/fails").handler(context -> context.fail(new ArithmeticException(PLANTED)));
            router.route("/planted-route/status").handler(context -> context.fail(500));
            router.route("/planted-route/gateway").handler(context -> context.fail(502));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/planted/unchecked,IllegalStateException",
        "/planted/checked,IOException",
        "/planted/error,StackOverflowError",
        "/planted/rejected,RejectedExecutionException",
        "/planted/status,InternalServerErrorException",
        "/planted-route/throws,UnsupportedOperationException",
        "/planted-route/fails,ArithmeticException",
        "/planted-route/status,HttpException",
        "/planted-route/gateway,HttpException"
    })
    void aFailureIsA503AndADefect(String path, String kind) {
        Sender api = new Sender(server.getPort());
        Sender.Answer answer = api.get(path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("code").asText()).isEqualTo("unavailable");
        assertThat(answer.text()).doesNotContain("planted@");
        assertThat(api.get("/q/metrics").text())
                .containsPattern("throughline_defects_total\\{kind=\"" + kind + "\",part=\"api\"} [1-9]");
    }

    @Test
    void anAbsurdLengthIsAnsweredInTheWordsOfThePath() {
        for (int port : new int[] {server.getPort(), ingest.otlpHttpPort()}) {
            Sender sender = new Sender(port);
            String head = "POST /v1/logs HTTP/1.1";
            String answer = raw(port, head, "Content-Length: 9223372036854775807");
            assertThat(answer).startsWith("HTTP/1.1 413").contains("body_too_large");
            assertThat(sender.send(sender.request("/v1/logs").PUT(BodyPublishers.ofString("x")), true)
                            .status())
                    .isEqualTo(405);
        }
    }

    private static String raw(int port, String requestLine, String header) {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String head = requestLine + "\r\nHost: x\r\nContent-Type: application/json\r\n" + header
                    + "\r\nAuthorization: Bearer " + TemporaryData.token() + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] answer = new byte[2048];
            int length = 0;
            while (length < answer.length
                    && !new String(answer, 0, length, java.nio.charset.StandardCharsets.US_ASCII)
                            .contains("body_too_large")) {
                int n = socket.getInputStream().read(answer, length, answer.length - length);
                if (n < 0) {
                    break;
                }
                length += n;
            }
            return new String(answer, 0, length, java.nio.charset.StandardCharsets.US_ASCII);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
