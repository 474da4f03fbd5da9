package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?",
                "/v1/records?connector=a.b&from=2026-01-26T10:24:18.442Z&q=a%20b;c/../d%2F",
                "/v1/journeys/corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K",
                "/v1/journeys/a%20b%40c",
                "/q/health/live/",
                "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
                "/...",
                "/a..b/.c/d."
            })
    void isNormal(String target) {
        assertThat(RequestTarget.isNormal(target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "v1",
                "http://x/v1",
                "//x/v1",
                "/v1//records",
                "/v1/./records",
                "/v1/../records",
                "/v1/..",
                "/v1/.",
                "/v1;/records",
                "/v1/records;a=b",
                "/v1%2frecords",
                "/v1%2Frecords",
                "/v1%5crecords",
                "/v1/%2e%2e/records",
                "/v1/%2e",
                "/v1/records%3b",
                "/v1/records%00",
                "/v1/records%0d%0a",
                "/v1/records%7f",
                "/v1/records%252e",
                "/v1/records%",
                "/v1/records%4",
                "/v1/records%zz",
                "/v1\\records",
                "/v1/rec ords",
                "/v1/rec\u0001ords",
                "/v1/rec\u00e9ords",
                "/v1/records#x",
                "/v1/records?a=%zz",
                "/v1/records?a=%",
                "/v1/records?a=b c",
                "/v1/records?a=\u0000"
            })
    void isNotNormal(String target) {
        assertThat(RequestTarget.isNormal(target)).isFalse();
    }
}
