package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.contract.SchemaCatalogue;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.JsonTape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnLogFormatTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema CONTRACT =
            Objects.requireNonNull(SchemaCatalogue.builtIn().find(SchemaCatalogue.LOG));

    private final OwnLogFormat format =
            new OwnLogFormat("test", "4711@node-1", () -> Instant.ofEpochMilli(1_769_423_058_442L), new Random(1));

    /** The line, which must conform. */
    private JsonNode line(
            java.util.logging.Level level, @Nullable String logger, String message, @Nullable Throwable thrown) {
        ExtLogRecord record = new ExtLogRecord(level, message, OwnLogFormatTest.class.getName());
        record.setLoggerName(logger);
        record.setThrown(thrown);
        record.setInstant(Instant.parse("2026-01-26T10:24:18.442Z"));
        record.setThreadName("main");
        String line = format.format(record);
        assertThat(line).endsWith("}\n").doesNotContain("\n{").hasLineCount(1);
        JsonTape tape = new JsonTape();
        try {
            tape.parseWhole(line.strip().getBytes(StandardCharsets.UTF_8));
            assertThat(CONTRACT.validate(tape, 0, new Violations())).as(line).isTrue();
            return JSON.readTree(line);
        } catch (dev.throughline.telemetry.JsonSyntaxException | IOException e) {
            throw new AssertionError(line, e);
        }
    }

    @Test
    void aLineIsARecordOfTheContract() {
        JsonNode line =
                line(Level.WARN, "dev.throughline.server.DeliveryMeters", "kafka: audit stays in the spool", null);
        assertThat(line.get("timestamp").asText()).isEqualTo("2026-01-26T10:24:18.442Z");
        assertThat(line.get("level").asText()).isEqualTo("WARN");
        assertThat(line.get("service").asText()).isEqualTo("throughline");
        assertThat(line.get("environment").asText()).isEqualTo("test");
        assertThat(line.get("connector").asText()).isEqualTo("throughline");
        assertThat(line.get("tenant_id").asText()).isEqualTo("throughline");
        assertThat(line.get("entity_id").asText()).isEqualTo("4711@node-1");
        assertThat(line.get("event_name").asText()).isEqualTo("throughline.server.delivery_meters");
        assertThat(line.get("message").asText()).isEqualTo("kafka: audit stays in the spool");
        assertThat(line.get("correlation_id").asText()).startsWith("corr_01KFW");
        assertThat(line.has("error_code")).isFalse();
        assertThat(line(Level.INFO, "x", "y", null).get("correlation_id"))
                .isEqualTo(line(Level.INFO, "z", "y", null).get("correlation_id"));
    }

    @ParameterizedTest
    @CsvSource({
        "FATAL,FATAL",
        "ERROR,ERROR",
        "SEVERE,ERROR",
        "WARN,WARN",
        "WARNING,WARN",
        "INFO,INFO",
        "CONFIG,DEBUG",
        "DEBUG,DEBUG",
        "FINE,DEBUG",
        "TRACE,TRACE",
        "FINEST,TRACE"
    })
    void everyLevelIsOneOfTheContract(String level, String expected) {
        java.util.logging.Level given = LogLevels.named(level);
        assertThat(line(given, "a.B", "m", null).get("level").asText()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hibernate",
                "io.quarkus",
                "org.apache.kafka.clients.NetworkClient",
                "1st",
                "a..b",
                ".a.",
                "_x",
                "Ünïcode.Logger",
                "io.quarkus.vertx.http.runtime.VertxHttpRecorder$1",
                "a b c",
                "HTTP2Connection"
            })
    void everyLoggerGivesAnEventName(String logger) {
        line(Level.INFO, logger, "m", null);
        line(Level.INFO, logger.repeat(60), "m", null);
    }

    @Test
    void aFailureHasACodeItsKindAndItsPlace() {
        Throwable thrown = new IllegalStateException("outer", new java.net.BindException("Address already in use"));
        JsonNode line = line(Level.ERROR, "a.B", "failed", thrown);
        assertThat(line.get("error_code").asText()).isEqualTo("ILLEGAL_STATE_EXCEPTION");
        assertThat(line.get("exceptions").get(1).get("type").asText()).isEqualTo("java.net.BindException");
        assertThat(line.get("exceptions").get(1).get("message").asText()).isEqualTo("Address already in use");
        assertThat(line.get("stack").get(0).asText()).contains("OwnLogFormatTest");
        assertThat(line(Level.FATAL, null, "failed", null).get("error_code").asText())
                .isEqualTo("LOGGED_ERROR");
        line(Level.ERROR, "a.B", "failed", new Exception() {});
    }

    @Test
    void nothingPersonalIsInALine() {
        Throwable thrown = new IllegalArgumentException("unexpected: \"jane@example.com\"");
        JsonNode line = line(Level.WARN, "a.B", "cannot read {password: \"hunter2\", to: jane@example.com}", thrown);
        assertThat(line.toString())
                .doesNotContain("jane@example.com", "hunter2")
                .contains("[EMAIL]", "[SECRET]");
    }

    @Test
    void whateverAMessageHoldsTheLineStaysOne() {
        line(Level.INFO, "a.B", "a\nb\r\u0000\u2028\"\\ \ud83d\ude00 \ud83d", null);
        assertThat(line(Level.INFO, "a.B", "word ".repeat(5_000), null)
                        .get("message")
                        .asText())
                .hasSize(8_192);
        assertThat(line(Level.INFO, "a.B", "word ".repeat(50_000), null)
                        .get("message")
                        .asText())
                .isEqualTo("[REDACTED]");
    }

    /** JBoss' names and those of {@code java.util.logging}. */
    private static final class LogLevels {
        static java.util.logging.Level named(String name) {
            return switch (name) {
                case "FATAL" -> Level.FATAL;
                case "ERROR" -> Level.ERROR;
                case "WARN" -> Level.WARN;
                case "DEBUG" -> Level.DEBUG;
                case "TRACE" -> Level.TRACE;
                default -> java.util.logging.Level.parse(name);
            };
        }
    }
}
