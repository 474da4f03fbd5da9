package dev.throughline.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReferenceEventsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final int COUNT = 200_000;
    private static final Pattern PERSONAL =
            Pattern.compile("[a-z.0-9]+@[a-z.]+|\\+[0-9]{2} [0-9 ]{7,}|\\b(?:[0-9]{4} ?){4}\\b|\\bDE[0-9]{20}\\b");

    private final ReferenceEvents events = new ReferenceEvents(1, NOW, COUNT);

    @Test
    void anEventIsSixHundredAndSeventeenBytesInTheMean() {
        long bytes = 0;
        for (int i = 0; i < COUNT; i += 500) {
            bytes += WireForm.NDJSON.render(request(i, 500)).bytes().length;
        }
        assertThat((double) bytes / COUNT)
                .isCloseTo(ReferenceEvents.EVENT_BYTES_MEAN, within(0.02 * ReferenceEvents.EVENT_BYTES_MEAN));
    }

    @Test
    void noEventIsLikeAnother() {
        Set<String> correlations = new HashSet<>();
        Set<String> spans = new HashSet<>();
        Set<String> traces = new HashSet<>();
        for (int i = 0; i < COUNT; i++) {
            Event event = events.event(i);
            // What a stamp overwrites does not count.
            correlations.add(event.correlationId().substring(0, 29));
            spans.add(event.trace().spanId().substring(0, 12));
            traces.add(event.trace().traceId());
        }
        assertThat(correlations).hasSize(COUNT);
        assertThat(spans).hasSize(COUNT);
        assertThat(traces).hasSize(COUNT);
    }

    @Test
    void theSameSeedAndMomentGiveTheSameEventWhateverWasAskedBefore() {
        ReferenceEvents again = new ReferenceEvents(1, NOW, COUNT);
        again.event(17);
        for (int i : new int[] {0, 1, 499, 500, 123_456, COUNT - 1}) {
            assertThat(again.event(i)).isEqualTo(events.event(i));
        }
        assertThat(new ReferenceEvents(2, NOW, COUNT).event(0)).isNotEqualTo(events.event(0));
    }

    @Test
    void oneMessageInFiveCarriesPersonalData() {
        int personal = 0;
        for (int i = 0; i < COUNT; i++) {
            personal += PERSONAL.matcher(events.event(i).message()).find() ? 1 : 0;
        }
        assertThat(1000.0 * personal / COUNT).isCloseTo(ReferenceEvents.PERSONAL_DATA_PER_THOUSAND, within(5.0));
    }

    @Test
    void everyEventKeepsTheRulesOfTheLogSchemaAndHasAllItsFields() throws Exception {
        ObjectMapper json = new ObjectMapper();
        String[] lines =
                new String(WireForm.NDJSON.render(request(0, 1_000)).bytes(), StandardCharsets.UTF_8).split("\n", -1);
        assertThat(lines).hasSize(1_001).endsWith("");
        for (int i = 0; i < 1_000; i++) {
            conforms(json.readTree(lines[i]));
        }
    }

    @Test
    void eventTimesEndNowAndReachBackSeconds() {
        assertThat(events.event(COUNT - 1).timestampMillis()).isEqualTo(NOW.toEpochMilli());
        assertThat(events.event(0).timestampMillis())
                .isBetween(NOW.minus(Duration.ofSeconds(11)).toEpochMilli(), NOW.toEpochMilli());
    }

    @Test
    void cardsPassLuhnAndIbansPassModulo97() {
        Draws draws = new Draws(3);
        for (int i = 0; i < 1_000; i++) {
            assertThat(luhn(PersonalData.card(draws).replace(" ", ""))).isZero();
            String iban = PersonalData.iban(draws);
            String moved = iban.substring(4) + "1314" + iban.substring(2, 4);
            assertThat(new java.math.BigInteger(moved)
                            .mod(java.math.BigInteger.valueOf(97))
                            .intValue())
                    .isOne();
        }
    }

    private static int luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            sum += i % 2 == 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
        }
        return sum % 10;
    }

    private static void conforms(JsonNode event) {
        assertThat(event.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "timestamp",
                        "level",
                        "service",
                        "environment",
                        "correlation_id",
                        "tenant_id",
                        "connector",
                        "entity_type",
                        "entity_id",
                        "event_name",
                        "attempt",
                        "duration_ms",
                        "error_code",
                        "http",
                        "message",
                        "tags",
                        "trace_id",
                        "span_id");
        assertThat(Instant.parse(event.path("timestamp").asText())).isBeforeOrEqualTo(NOW);
        assertThat(event.path("level").asText()).isIn("WARN", "ERROR");
        assertThat(event.path("correlation_id").asText()).matches("corr_[0-7][0-9A-HJKMNP-TV-Z]{25}");
        assertThat(event.path("tenant_id").asText()).matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
        assertThat(event.path("connector").asText()).matches("[a-z0-9][a-z0-9_.-]{0,99}");
        assertThat(event.path("entity_type").asText()).hasSizeBetween(1, 64);
        assertThat(event.path("entity_id").asText()).hasSizeBetween(1, 128);
        assertThat(event.path("event_name").asText()).matches("[a-z0-9_]+(\\.[a-z0-9_]+)+");
        assertThat(event.path("attempt").asInt()).isBetween(1, 1000);
        assertThat(event.path("duration_ms").asInt()).isNotNegative();
        assertThat(event.path("error_code").asText()).matches("[A-Z][A-Z0-9_]{1,63}");
        assertThat(event.path("http").path("status").asInt()).isBetween(100, 599);
        assertThat(event.path("tags").size()).isEqualTo(2);
        assertThat(event.path("trace_id").asText()).matches("[0-9a-f]{32}").doesNotMatch("0{32}");
        assertThat(event.path("span_id").asText()).matches("[0-9a-f]{16}").doesNotMatch("0{16}");
    }

    private List<Event> request(int first, int count) {
        List<Event> request = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            request.add(events.event(i));
        }
        return request;
    }
}
