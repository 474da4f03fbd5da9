package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void aTraceparentGivesTraceAndSpan() {
        RequestHeaders headers = RequestHeaders.of("", "", TRACEPARENT, UnaryOperator.identity());
        assertThat(text(headers.traceId())).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(text(headers.spanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(new String(headers.spanId().written(), StandardCharsets.UTF_8))
                .isEqualTo("\"span_id\":\"00f067aa0ba902b7\",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "nonsense"
            })
    void aMalformedTraceparentIsAsGoodAsAbsent(String traceparent) {
        assertThat(RequestHeaders.of("", "", traceparent, UnaryOperator.identity())
                        .traceId())
                .isNull();
    }

    @Test
    void aRequestIdIsMaskedAndEscaped() {
        RequestHeaders headers = RequestHeaders.of("", "a\"b", "", text -> text + "*");
        assertThat(new String(headers.requestId().written(), StandardCharsets.UTF_8))
                .isEqualTo("\"request_id\":\"a\\\"b*\",");
        assertThat(text(headers.requestId())).isEqualTo("a\\\"b*");
    }

    @Test
    void aCorrelationIdOfAnotherShapeIsNotTaken() {
        assertThat(RequestHeaders.of("order-1", "", "", UnaryOperator.identity())
                        .correlationId())
                .isNull();
        assertThat(RequestHeaders.of("corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K", "", "", UnaryOperator.identity())
                        .correlationId())
                .isNotNull();
    }

    private static String text(RequestHeaders.Member member) {
        return new String(
                member.written(), member.valueFrom(), member.valueTo() - member.valueFrom(), StandardCharsets.UTF_8);
    }
}
