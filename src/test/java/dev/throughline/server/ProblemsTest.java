package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.ingest.IngestHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked wrongly, on both HTTP ports, is answered by a problem document, or in OTLP's own words. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
class ProblemsTest {
    @Inject
    HttpServer server;

    @Inject
    IngestHttp ingest;

    private Sender api;
    private Sender otlp;

    @BeforeEach
    void connect() {
        api = new Sender(server.getPort());
        otlp = new Sender(ingest.otlpHttpPort());
    }

    private static void isProblem(Sender.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("code").asText()).isEqualTo(code);
        assertThat(answer.json().get("type").asText()).endsWith("/" + code);
        assertThat(answer.json().get("title").asText()).isNotBlank();
        assertThat(answer.json().get("detail").asText()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nope", "/v1/nope", "/v1/journeys", "/v1/journeys/a/b", "/q/nope", "/nope.html"})
    void anUnknownPathIsAProblem(String path) {
        isProblem(api.get(path), 404, "not_found");
        isProblem(api.post(path, "{}"), 404, "not_found");
    }

    @ParameterizedTest
    @CsvSource({"POST,/v1/records", "DELETE,/v1/status", "PUT,/v1/quarantine", "GET,/v1/events", "DELETE,/v1/events"})
    void aWrongMethodIsAProblem(String method, String path) {
        isProblem(api.send(api.request(path).method(method, BodyPublishers.noBody()), true), 405, "method_not_allowed");
    }

    @Test
    void whatIsNotAcceptableIsAProblem() {
        isProblem(api.send(api.request("/v1/status").GET(), true, "Accept", "text/html"), 406, "not_acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=x", "limit=0", "limit=1&limit=2", "level=LOUD", "from=yesterday"})
    void wrongParametersAreNamedInAProblem(String query) {
        Sender.Answer answer = api.get("/v1/records?" + query);
        isProblem(answer, 400, "invalid_parameters");
        assertThat(answer.json().get("errors").get(0).get("parameter").asText())
                .isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void aNameThatIsNotOursIsNotRepeated() {
        Sender.Answer answer = api.get("/v1/records?foo.planted@example.com=1");
        isProblem(answer, 400, "invalid_parameters");
        assertThat(answer.text()).contains("unknown_parameter").doesNotContain("planted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/records?limit=%ZZ", "/%ZZ", "/v1/journeys/%ZZ"})
    void whatCannotBeDecodedIsAProblem(String target) throws IOException {
        String answer = raw(server.getPort(), "GET " + target);
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"code\":\"malformed_request\"");
    }

    /** A target that clients with manners do not send. */
    private static String raw(int port, String requestLine) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String head = requestLine + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                    + TemporaryData.token() + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void withoutATokenThereIsNoTellingWhichPathsExist() {
        isProblem(api.send(api.request("/v1/nope").GET(), false), 401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nope", "/v1/bogus"})
    void anUnknownPathOfTheOtlpPortIsAProblem(String path) {
        isProblem(otlp.get(path), 404, "not_found");
        isProblem(otlp.post(path, "{}", "Content-Type", "application/json"), 404, "not_found");
    }

    @Test
    void anExporterWithAWrongPathIsToldByAStatus() {
        Sender.Answer answer = otlp.post("/v1/bogus", new byte[0], "Content-Type", "application/x-protobuf");
        assertThat(answer.status()).isEqualTo(404);
        isProtobufStatus(answer, "not_found");
    }

    @Test
    void aWrongMethodOfAnOtlpPathIsAStatusInTheRequestsType() {
        for (Sender port : Arrays.asList(api, otlp)) {
            for (String path : new String[] {"/v1/logs", "/v1/traces", "/v1/metrics"}) {
                Sender.Answer json = port.send(
                        port.request(path).PUT(BodyPublishers.noBody()), true, "Content-Type", "application/json");
                assertThat(json.status()).isEqualTo(405);
                assertThat(json.header("Allow")).isEqualTo("POST");
                isJsonStatus(json, "method_not_allowed");
                isJsonStatus(port.get(path), "method_not_allowed");
                Sender.Answer protobuf = port.send(
                        port.request(path).PUT(BodyPublishers.noBody()),
                        true,
                        "Content-Type",
                        "application/x-protobuf; charset=x");
                assertThat(protobuf.status()).isEqualTo(405);
                isProtobufStatus(protobuf, "method_not_allowed");
            }
        }
    }

    @Test
    void anUnknownContentTypeIsAStatusThatPeopleCanRead() {
        Sender.Answer answer = otlp.post("/v1/logs", "x", "Content-Type", "text/plain");
        assertThat(answer.status()).isEqualTo(415);
        isJsonStatus(answer, "unsupported_content_type");
    }

    private static void isJsonStatus(Sender.Answer answer, String code) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().get("code").asInt()).isEqualTo(12);
        assertThat(answer.json().get("message").asText()).startsWith(code + ": ");
    }

    /** {@code google.rpc.Status}: field 1, the code; field 2, the message. */
    private static void isProtobufStatus(Sender.Answer answer, String code) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-protobuf");
        byte[] body = answer.response().body();
        assertThat(Arrays.copyOf(body, 3)).containsExactly(1 << 3, 12, 2 << 3 | 2);
        assertThat(answer.text()).contains(code + ": ");
    }
}
