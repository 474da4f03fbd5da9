package dev.throughline.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.throughline.telemetry.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class OtlpAnswersTest {
    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    @Test
    void successLeavesPartialSuccessUnset() throws InvalidProtocolBufferException {
        assertThat(ExportLogsServiceResponse.parseFrom(OtlpAnswers.success(false))
                        .hasPartialSuccess())
                .isFalse();
        assertThat(text(OtlpAnswers.success(true))).isEqualTo("{}");
    }

    @Test
    void partialSuccessCountsInTheWordsOfItsSignal() throws InvalidProtocolBufferException {
        var logs = ExportLogsServiceResponse.parseFrom(OtlpAnswers.partial(Signal.LOG, 300, "why", false));
        assertThat(logs.getPartialSuccess().getRejectedLogRecords()).isEqualTo(300);
        assertThat(logs.getPartialSuccess().getErrorMessage()).isEqualTo("why");
        var spans = ExportTraceServiceResponse.parseFrom(OtlpAnswers.partial(Signal.SPAN, 1, "ü", false));
        assertThat(spans.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
        assertThat(spans.getPartialSuccess().getErrorMessage()).isEqualTo("ü");
        var metrics = ExportMetricsServiceResponse.parseFrom(OtlpAnswers.partial(Signal.METRIC, 7, "", false));
        assertThat(metrics.getPartialSuccess().getRejectedDataPoints()).isEqualTo(7);
        assertThat(text(OtlpAnswers.partial(Signal.LOG, 3, "a \"b\"", true)))
                .isEqualTo("{\"partialSuccess\":{\"rejectedLogRecords\":\"3\",\"errorMessage\":\"a \\\"b\\\"\"}}");
        assertThat(text(OtlpAnswers.partial(Signal.SPAN, 3, "", true))).contains("\"rejectedSpans\":\"3\"");
        assertThat(text(OtlpAnswers.partial(Signal.METRIC, 3, "", true))).contains("\"rejectedDataPoints\":\"3\"");
    }

    @Test
    void aWarningIsPartialSuccessWithNothingRejected() throws InvalidProtocolBufferException {
        var logs = ExportLogsServiceResponse.parseFrom(OtlpAnswers.partial(Signal.LOG, 0, "", false));
        assertThat(logs.hasPartialSuccess()).isTrue();
    }

    @Test
    void anErrorIsAGoogleRpcStatus() throws InvalidProtocolBufferException {
        Status status =
                Status.parseFrom(OtlpAnswers.status(OtlpAnswers.INVALID_ARGUMENT, "truncated at byte 7", false));
        assertThat(status.getCode()).isEqualTo(3);
        assertThat(status.getMessage()).isEqualTo("truncated at byte 7");
        assertThat(text(OtlpAnswers.status(8, "x", true))).isEqualTo("{\"code\":8,\"message\":\"x\"}");
    }

    @Test
    void unavailableTellsWhenToRetry() throws InvalidProtocolBufferException {
        GrpcAnswer answer = OtlpAnswers.unavailable("spool full: 100 %", Duration.ofMillis(2_500));
        assertThat(answer.status()).isEqualTo(14);
        assertThat(answer.message()).isEqualTo("spool full: 100 %25");
        assertThat(answer.details()).doesNotContain("=");
        Status status = Status.parseFrom(Base64.getDecoder().decode(answer.details()));
        assertThat(status.getCode()).isEqualTo(14);
        assertThat(status.getMessage()).isEqualTo("spool full: 100 %");
        assertThat(status.getDetails(0).getTypeUrl()).isEqualTo("type.googleapis.com/google.rpc.RetryInfo");
        RetryInfo retry = RetryInfo.parseFrom(status.getDetails(0).getValue());
        assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(2);
        assertThat(retry.getRetryDelay().getNanos()).isEqualTo(500_000_000);
    }

    @Test
    void aRefusalHasNoRetryInfo() {
        assertThat(OtlpAnswers.refused(OtlpAnswers.RESOURCE_EXHAUSTED, "größer\n"))
                .isEqualTo(new GrpcAnswer(8, "gr%C3%B6%C3%9Fer%0A", ""));
    }

    @Test
    void aLongMessageIsCutBetweenCharacters() {
        String cut = OtlpAnswers.bounded("x" + "\uD83D\uDE80".repeat(1_000));
        assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSize(1 + 4 * 255);
        assertThat(cut).isEqualTo("x" + "\uD83D\uDE80".repeat(255));
    }

    @Test
    void aFramedMessageIsParsedBack() {
        byte[] framed = GrpcFraming.frame(new byte[] {1, 2, 3});
        assertThat(GrpcFraming.parse(framed, 0, framed.length)).isEqualTo(new GrpcFraming.Parsed.Message(5, 8, false));
        framed[0] = 1;
        assertThat(GrpcFraming.parse(framed, 0, framed.length)).isEqualTo(new GrpcFraming.Parsed.Message(5, 8, true));
        byte[] empty = GrpcFraming.frame(new byte[0]);
        assertThat(GrpcFraming.parse(empty, 0, 5)).isEqualTo(new GrpcFraming.Parsed.Message(5, 5, false));
    }

    @Test
    void framesThatAreNotOneWholeMessageAreMalformed() {
        byte[] framed = GrpcFraming.frame(new byte[] {1, 2, 3});
        for (int length = 0; length < framed.length; length++) {
            assertThat(GrpcFraming.parse(framed, 0, length))
                    .isEqualTo(new GrpcFraming.Parsed.Malformed("grpc_truncated"));
        }
        byte[] longer = java.util.Arrays.copyOf(framed, framed.length + 1);
        assertThat(GrpcFraming.parse(longer, 0, longer.length))
                .isEqualTo(new GrpcFraming.Parsed.Malformed("grpc_trailing_bytes"));
        framed[0] = 2;
        assertThat(GrpcFraming.parse(framed, 0, framed.length))
                .isEqualTo(new GrpcFraming.Parsed.Malformed("grpc_flag"));
        byte[] huge = {0, -1, -1, -1, -1, 0};
        assertThat(GrpcFraming.parse(huge, 0, huge.length))
                .isEqualTo(new GrpcFraming.Parsed.Malformed("grpc_truncated"));
    }

    @Test
    void otlpKnowsNoQuarantineEntries() {
        assertThatThrownBy(() -> OtlpAnswers.partial(Signal.QUARANTINE_ENTRY, 1, "", true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
