package dev.throughline.cli.load;

import static dev.throughline.cli.load.HttpScript.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LoadClientTest {
    private static final String TAKEN = "{\"received\":10,\"accepted\":9,\"refused\":1,\"duplicates\":2}";
    private final List<RequestBody> bodies = bodies(WireForm.NDJSON);

    @Test
    void everyRequestIsSentOnceAndItsRecordsAreCountedAsTheAnswerSays() throws Exception {
        try (HttpScript server = new HttpScript(n -> answer(200, "", TAKEN))) {
            LoadReport report = new LoadClient(server.target()).run(plan(bodies, 12, 0, 0));
            assertThat(report.taken()).isEqualTo(12);
            assertThat(report.accepted()).isEqualTo(12 * 9);
            assertThat(report.refused()).isEqualTo(12);
            assertThat(report.duplicates()).isEqualTo(24);
            assertThat(report.latency().count()).isEqualTo(12);
            assertThat(server.received()).hasSize(12);
        }
    }

    @Test
    void aRequestNamesItsPathItsTypeItsLengthAndTheToken() throws Exception {
        try (HttpScript server = new HttpScript(n -> answer(200, "", TAKEN));
                Connection connection = new Connection()) {
            connection.post(server.target(), bodies.getFirst(), RequestBody.AS_RENDERED);
            HttpScript.Received received = server.received().getFirst();
            assertThat(received.head())
                    .startsWith("POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n")
                    .contains("Authorization: Bearer t0ken\r\n")
                    .contains("Content-Type: application/x-ndjson\r\n")
                    .contains("Content-Length: " + bodies.getFirst().bytes().length + "\r\n");
            assertThat(received.body().getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(bodies.getFirst().bytes());
        }
    }

    @Test
    void noRecordIsSentTwiceOverRoundsAndPlans() throws Exception {
        try (HttpScript server = new HttpScript(n -> answer(200, "", TAKEN))) {
            LoadClient client = new LoadClient(server.target());
            client.run(plan(bodies, 20, 0, 0));
            client.run(plan(bodies, 20, 20, 0));
            assertThat(server.received().stream().map(HttpScript.Received::body).collect(Collectors.toSet()))
                    .hasSize(40);
        }
    }

    @Test
    void whatIsAskedToComeAgainComesAgainWithTheSameBody() throws Exception {
        try (HttpScript server = new HttpScript(n -> n == 0
                ? answer(503, "Retry-After: 0\r\n", "")
                : n == 1 ? answer(429, "", "") : answer(200, "", TAKEN))) {
            LoadReport report = new LoadClient(server.target()).run(plan(bodies, 1, 0, 0));
            assertThat(report.later()).isEqualTo(2);
            assertThat(report.taken()).isEqualTo(1);
            assertThat(server.received().stream().map(HttpScript.Received::body).distinct())
                    .hasSize(1);
            assertThat(server.received()).hasSize(3);
        }
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        try (HttpScript server =
                new HttpScript(n -> n == 0 ? answer(503, "Retry-After: 1\r\n", "") : answer(200, "", TAKEN))) {
            LoadReport report = new LoadClient(server.target()).run(plan(bodies, 1, 0, 0));
            assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void aBrokenConnectionIsOpenedAgainAndTheSameBodySent() throws Exception {
        try (HttpScript server = new HttpScript(n -> n == 1 ? HttpScript.HANG_UP : answer(200, "", TAKEN))) {
            LoadReport report = new LoadClient(server.target()).run(plan(bodies, 3, 0, 0));
            assertThat(report.taken()).isEqualTo(3);
            assertThat(report.broken()).isEqualTo(1);
            assertThat(server.received()).hasSize(4);
            assertThat(server.received().stream().map(HttpScript.Received::body).distinct())
                    .hasSize(3);
        }
    }

    @Test
    void aRefusalIsCountedAndNotSentAgain() throws Exception {
        try (HttpScript server = new HttpScript(n -> answer(400, "", "{}"))) {
            LoadReport report = new LoadClient(server.target()).run(plan(bodies, 2, 0, 0));
            assertThat(report.failed()).isEqualTo(2);
            assertThat(report.accepted()).isZero();
            assertThat(server.received()).hasSize(2);
        }
    }

    @Test
    void anOfferedRateIsKeptAndAStallIsChargedToEveryRequestThatWasDue() throws Exception {
        // 100 requests a second for half a second; the first answers of the four connections take 300 ms.
        try (HttpScript server = new HttpScript(n -> {
            if (n < 4) {
                java.util.concurrent.locks.LockSupport.parkNanos(
                        Duration.ofMillis(300).toNanos());
            }
            return answer(200, "", TAKEN);
        })) {
            LoadReport report = new LoadClient(server.target()).run(plan(bodies, 50, 0, 100));
            assertThat(report.taken()).isEqualTo(50);
            assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(480));
            // Requests due while all connections stood still waited too: far more than the four that stalled.
            assertThat(report.latency().percentile(60)).isGreaterThan(Duration.ofMillis(20));
            assertThat(report.latency().percentile(100)).isGreaterThan(Duration.ofMillis(290));
        }
    }

    @Test
    void theDeadlineEndsAPlanThatCannotBeSent() throws Exception {
        try (HttpScript server = new HttpScript(n -> answer(503, "", ""))) {
            LoadPlan plan = new LoadPlan(bodies, 5, 0, 0, 2, Duration.ofMillis(200));
            LoadReport report = new LoadClient(server.target()).run(plan);
            assertThat(report.taken()).isZero();
            assertThat(report.failed()).isBetween(1L, 5L);
        }
    }

    @Test
    void chunkedAnswersAndContinueAreRead() throws Exception {
        String chunked = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "10\r\n{\"accepted\":3,\"r\r\n" + "b;x=y\r\nefused\":2} \r\n" + "0\r\n\r\n";
        try (HttpScript server = new HttpScript(n -> chunked);
                Connection connection = new Connection()) {
            for (int i = 0; i < 3; i++) {
                Answer answer = connection.post(server.target(), bodies.getFirst(), i);
                assertThat(answer.counts(bodies.getFirst())).isEqualTo(new Answer.Counts(3, 2, 0));
            }
        }
    }

    @Test
    void aConnectionThatTheServerClosesIsNotUsedAgain() throws Exception {
        try (HttpScript server = new HttpScript(n -> answer(200, "Connection: close\r\n", TAKEN))) {
            LoadReport report = new LoadClient(server.target()).run(plan(bodies, 5, 0, 0));
            assertThat(report.taken()).isEqualTo(5);
            assertThat(report.broken()).isZero();
        }
    }

    @Test
    void garbageAndAnAnswerCutShortAreBrokenConnections() throws Exception {
        for (String garbage : List.of(
                "SMTP ready\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")) {
            try (HttpScript server = new HttpScript(n -> garbage);
                    Connection connection = new Connection()) {
                assertThatThrownBy(() -> connection.post(server.target(), bodies.getFirst(), 0))
                        .as(garbage)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void otlpAnswersAreUnderstoodInBothForms() throws Exception {
        RequestBody protobuf = bodies(WireForm.OTLP_PROTOBUF_LOGS).getFirst();
        RequestBody json = bodies(WireForm.OTLP_JSON_LOGS).getFirst();
        byte[] partial = {0x0A, 0x07, 0x08, (byte) 0x83, 0x00, 0x12, 0x02, 'n', 'o'};
        assertThat(answerOf(new byte[0]).counts(protobuf)).isEqualTo(new Answer.Counts(10, 0, 0));
        assertThat(answerOf(partial).counts(protobuf)).isEqualTo(new Answer.Counts(7, 3, 0));
        assertThat(answerOf("{}".getBytes(StandardCharsets.UTF_8)).counts(json)).isEqualTo(new Answer.Counts(10, 0, 0));
        String some = "{\"partialSuccess\":{\"rejectedLogRecords\":\"4\",\"errorMessage\":\"\"}}";
        assertThat(answerOf(some.getBytes(StandardCharsets.UTF_8)).counts(json)).isEqualTo(new Answer.Counts(6, 4, 0));
        assertThatThrownBy(() ->
                        answerOf("<html>".getBytes(StandardCharsets.UTF_8)).counts(bodies.getFirst()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aPlanThatWouldRepeatRecordsIsRefused() {
        assertThatThrownBy(() -> plan(bodies, 5L * RequestBody.STAMPS_MAX + 1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Answer answerOf(byte[] body) {
        return new Answer(200, Duration.ZERO, body);
    }

    private static LoadPlan plan(List<RequestBody> bodies, long requests, long first, double rate) {
        return new LoadPlan(bodies, requests, first, rate, 4, Duration.ofSeconds(20));
    }

    private static List<RequestBody> bodies(WireForm form) {
        ReferenceEvents events = new ReferenceEvents(1, Instant.parse("2026-11-23T12:00:00Z"), 50);
        List<RequestBody> bodies = new ArrayList<>();
        for (int first = 0; first < 50; first += 10) {
            List<Event> request = new ArrayList<>();
            for (int i = first; i < first + 10; i++) {
                request.add(events.event(i));
            }
            bodies.add(form.render(request));
        }
        return bodies;
    }
}
