package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The real {@code curl}: every framing in every encoding, sized and chunked, and every answer of the README's table. */
@QuarkusTest
@QuarkusTestResource(TemporaryData.class)
@QuarkusTestResource(value = CurlTest.ShortWaits.class, restrictToAnnotatedClass = true)
class CurlTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MIB = 1 << 20;
    private static final int SECONDS_MAX = 30;

    @Inject
    HttpServer server;

    @TempDir
    Path directory;

    /** Bounds that a test can wait for. */
    public static class ShortWaits implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of(
                    "throughline.ingest.read-timeout-ms", "2000",
                    "throughline.ingest.in-flight-bytes-max", Integer.toString(24 * MIB),
                    "throughline.ingest.in-flight-wait-ms", "200");
        }

        @Override
        public void stop() {}
    }

    /** What curl got; {@code head} is all header lines in lower case. */
    private record Answer(int status, String head, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }

        String code() throws IOException {
            assertThat(head).contains("content-type: application/problem+json");
            return json().get("code").asText();
        }
    }

    private List<String> command(String... more) {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-s",
                "-m",
                Integer.toString(SECONDS_MAX),
                "-D",
                head().toString(),
                "-X",
                "POST",
                "http://127.0.0.1:" + server.getPort() + "/v1/events"));
        command.addAll(Arrays.asList(more));
        return command;
    }

    private Path head() {
        return directory.resolve("head");
    }

    private Answer curl(String... more) throws IOException, InterruptedException {
        return answer(start(command(more)));
    }

    private Answer authorised(String... more) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-H", bearer()));
        all.addAll(Arrays.asList(more));
        return curl(all.toArray(String[]::new));
    }

    private static String bearer() {
        return "Authorization: Bearer " + TemporaryData.token();
    }

    private Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(directory.resolve("body").toFile())
                .start();
    }

    private Answer answer(Process curl) throws IOException, InterruptedException {
        assertThat(curl.waitFor(SECONDS_MAX + 5, TimeUnit.SECONDS)).isTrue();
        String lines = Files.readString(head());
        // The last of them: 100 Continue comes before.
        String last = lines.substring(lines.lastIndexOf("HTTP/1.1"));
        return new Answer(
                Integer.parseInt(last.substring(9, 12)),
                last.toLowerCase(java.util.Locale.ROOT),
                Files.readString(directory.resolve("body")));
    }

    private Path file(byte[] body, String encoding) throws IOException, InterruptedException {
        Path plain = Files.write(directory.resolve("plain"), body);
        return switch (encoding) {
            case "identity" -> plain;
            case "gzip" -> {
                Path packed = directory.resolve("packed.gz");
                try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
                    out.write(body);
                }
                yield packed;
            }
            case "zstd" -> {
                Path packed = directory.resolve("packed.zst");
                Process zstd =
                        new ProcessBuilder("zstd", "-q", "-f", "-o", packed.toString(), plain.toString()).start();
                assertThat(zstd.waitFor()).isZero();
                yield packed;
            }
            default -> throw new IllegalArgumentException(encoding);
        };
    }

    private static String event(int number) {
        return Events.event(Events.correlationId(), number);
    }

    static Stream<Arguments> framingsAndEncodings() {
        Map<String, String> framings = Map.of(
                "one object", "%1$s",
                "array", "[%1$s,\n%2$s,%3$s]",
                "concatenated", "%1$s%2$s %3$s",
                "lines", "%1$s\n%2$s\r\n%3$s\n",
                "mixed", "[%1$s]\n%2$s\n[%3$s]");
        return framings.entrySet().stream()
                .flatMap(framing -> Stream.of("identity", "gzip", "zstd")
                        .flatMap(encoding -> Stream.of(false, true)
                                .map(chunked ->
                                        Arguments.of(framing.getKey(), framing.getValue(), encoding, chunked))));
    }

    @ParameterizedTest(name = "{0}, {2}, chunked {3}")
    @MethodSource("framingsAndEncodings")
    void everyFramingIsTakenInEveryEncoding(String name, String framing, String encoding, boolean chunked)
            throws Exception {
        String body = framing.formatted(event(1), event(2), event(3));
        int records = name.equals("one object") ? 1 : 3;
        List<String> options = new ArrayList<>(List.of(
                "--data-binary",
                "@" + file(body.getBytes(StandardCharsets.UTF_8), encoding),
                "-H",
                "Content-Type: x/y"));
        if (!encoding.equals("identity")) {
            options.addAll(List.of("-H", "Content-Encoding: " + encoding));
        }
        if (chunked) {
            options.addAll(List.of("-H", "Transfer-Encoding: chunked"));
        }
        Answer answer = authorised(options.toArray(String[]::new));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("received").asInt()).isEqualTo(records);
        assertThat(answer.json().get("accepted").asInt()).isEqualTo(records);
    }

    @Test
    void withoutTheRightTokenItIs401() throws Exception {
        for (String[] headers : new String[][] {{}, {"-H", "Authorization: Bearer wrong"}, {"-u", "a:b"}}) {
            List<String> options = new ArrayList<>(Arrays.asList(headers));
            options.addAll(List.of("--data-binary", event(1)));
            Answer answer = curl(options.toArray(String[]::new));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("unauthenticated");
            assertThat(answer.head()).contains("www-authenticate: bearer");
        }
    }

    @Test
    void aBodyThatIsTooLargeAsSentIs413() throws Exception {
        Path large = file(new byte[17 * MIB], "identity");
        assertThat(authorised("--data-binary", "@" + large).code()).isEqualTo("body_too_large");
        Answer chunked = authorised("--data-binary", "@" + large, "-H", "Transfer-Encoding: chunked");
        assertThat(chunked.status()).isEqualTo(413);
        assertThat(chunked.code()).isEqualTo("body_too_large");
    }

    @ParameterizedTest
    @CsvSource({"gzip", "zstd"})
    void aBodyThatIsTooLargeOnceDecompressedIs413(String encoding) throws Exception {
        byte[] digits = new byte[17 * MIB];
        Random random = new Random(1);
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (byte) ('0' + random.nextInt(10));
        }
        Answer answer =
                authorised("--data-binary", "@" + file(digits, encoding), "-H", "Content-Encoding: " + encoding);
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("decompressed_bytes");
    }

    @ParameterizedTest
    @CsvSource({"gzip", "zstd"})
    void aBodyThatGrowsTooMuchIs413(String encoding) throws Exception {
        Answer answer = authorised(
                "--data-binary", "@" + file(new byte[8 * MIB], encoding), "-H", "Content-Encoding: " + encoding);
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("decompression_ratio");
    }

    @Test
    void anUnknownEncodingIs415() throws Exception {
        Answer answer = authorised("--data-binary", event(1), "-H", "Content-Encoding: br");
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.code()).isEqualTo("unsupported_encoding");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"nonsense|malformed_json", "{\"a\":|malformed_json"})
    void whatIsNotJsonIs400(String body, String code) throws Exception {
        Answer answer = authorised("--data-binary", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
    }

    @Test
    void whatIsNotGzipIs400() throws Exception {
        Answer answer = authorised("--data-binary", event(1), "-H", "Content-Encoding: gzip");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isNotBlank();
    }

    @Test
    void ifAllAreRefusedItIs422AndIfSomeAreItIs200() throws Exception {
        String bad = Events.event(Events.correlationId(), 2, "\"attempt\":0");
        Answer none = authorised("--data-binary", bad);
        assertThat(none.status()).isEqualTo(422);
        assertThat(none.code()).isEqualTo("all_records_refused");
        Answer some = authorised("--data-binary", bad + event(3));
        assertThat(some.status()).isEqualTo(200);
        assertThat(some.json().get("refused").asInt()).isEqualTo(1);
        assertThat(some.json().get("refusals").get(0).get("pointer").asText()).isEqualTo("/attempt");
    }

    @Test
    void aBodyThatDoesNotComeIs408() throws Exception {
        Answer answer = authorised("--data-binary", "{", "-H", "Content-Length: 100");
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.code()).isEqualTo("read_timeout");
    }

    /** Sends so much that it is not slow, and so little that it does not come to its end meanwhile. */
    private static void keepComing(java.net.Socket holder) {
        Thread.ofVirtual().start(() -> {
            byte[] piece = new byte[MIB / 32];
            try {
                for (int i = 0; i < 256; i++) {
                    holder.getOutputStream().write(piece);
                    java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
    }

    @Test
    void whileThereIsNoRoomItIs503WithATimeToComeBack() throws Exception {
        try (java.net.Socket holder = new java.net.Socket("127.0.0.1", server.getPort())) {
            holder.getOutputStream()
                    .write(("POST /v1/events HTTP/1.1\r\nHost: x\r\n" + bearer() + "\r\nContent-Length: " + 16 * MIB
                                    + "\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            keepComing(holder);
            Answer answer = authorised("--data-binary", "@" + file(new byte[12 * MIB], "identity"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("busy");
            assertThat(answer.head()).containsPattern("retry-after: [1-9]");
        }
        Answer later = authorised("--data-binary", event(4), "--retry", "3");
        assertThat(later.status()).isEqualTo(200);
    }
}
