package dev.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.storage.FrameFixture;
import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.storage.JourneyQuery;
import dev.throughline.storage.JourneyRecords;
import dev.throughline.storage.RecordStore;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreConfig;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journeys through a real store; {@code golden/journey.json} is what others rely on. */
class JourneyAssemblyTest {
    private static final String ID = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String RECEIVED = "2026-01-26T10:24:30Z";

    @TempDir
    Path data;

    private final FrameFixture logs = new FrameFixture();
    private final FrameFixture spans = new FrameFixture();
    private final FrameFixture audit = new FrameFixture();
    private final FrameFixture quarantine = new FrameFixture();

    private static Event log(long id, String name, String time) {
        return Event.log(id, ID, time).received(RECEIVED).with(Field.EVENT_NAME, name);
    }

    private Journey assemble() {
        try (RecordStore store =
                new SqliteRecordStore(data, StoreConfig.DEFAULT, InstantSource.fixed(Instant.parse(RECEIVED)))) {
            store.write(logs.batch(Stream.OPERATIONAL_LOGS));
            store.write(spans.batch(Stream.OPERATIONAL_SPANS));
            store.write(audit.batch(Stream.AUDIT));
            store.write(quarantine.batch(Stream.QUARANTINE));
            JourneyRecords records = store.journey(new JourneyQuery(ID, 100, 1 << 20, null));
            return new JourneyAssembly().assemble(ID, records);
        }
    }

    private void span(long id, String name, String start, String end, String more) {
        Event event = Event.log(id, "", RECEIVED).signal(Signal.SPAN);
        event.without(Field.LEVEL)
                .without(Field.ENTITY_TYPE)
                .without(Field.ENTITY_ID)
                .without(Field.ATTEMPT);
        event.without(Field.TENANT_ID).without(Field.CONNECTOR);
        event.with(Field.EVENT_NAME, name).with(Field.TIMESTAMP, start).with(Field.TRACE_ID, TRACE);
        spans.document(
                event,
                "{\"resource\":{},\"scope\":{},\"span\":{\"traceId\":\"" + TRACE + "\",\"name\":\"" + name
                        + "\",\"startTimeUnixNano\":\"" + start + "\",\"endTimeUnixNano\":\"" + end + "\"" + more
                        + "}}");
    }

    private void failedJourney() {
        logs.add(log(3, "erp.api.request.failed", "2026-01-26T10:24:18.442Z")
                .with(Field.LEVEL, "ERROR")
                .with(Field.ERROR_CODE, "ERP_TIMEOUT")
                .with(Field.ATTEMPT, "3")
                .with(Field.TRACE_ID, TRACE)
                .more(",\"duration_ms\":842.5,\"message\":\"quoted \\\" caf\u00e9\""));
        logs.add(log(1, "ingress.webhook", "2026-01-26T10:24:10Z"));
        logs.add(log(2, "order.queued", "2026-01-26T10:24:11.000001Z").more(",\"boundary\":\"queue.publish\""));
        span(4, "worker.consume", "1769423052000000000", "1769423052001500000", ",\"status\":{\"code\":1}");
        span(
                5,
                "mapping",
                "1769423053000000000",
                "1769423053000000000",
                ",\"attributes\":{\"boundary\":\"transform.mapping\"}");
        audit.add(log(6, "order.state.changed", "2026-01-26T10:24:19Z").with(Field.TENANT_ID, "acme_us"));
        quarantine.document(
                log(7, "x", RECEIVED).signal(Signal.QUARANTINE_ENTRY),
                "{\"reason\":\"contract\",\"code\":\"minimum\",\"pointer\":\"/attempt\",\"keyword\":\"minimum\","
                        + "\"signal\":\"log\",\"correlation_id\":\"" + ID
                        + "\",\"connector\":\"crm_to_erp.order_sync\"}");
    }

    @Test
    void theJsonOfAJourneyIsTheGoldenOne() throws IOException {
        failedJourney();
        try (InputStream golden = getClass().getResourceAsStream("/golden/journey.json")) {
            assertThat(golden).isNotNull();
            assertThat(new String(JourneyJson.write(assemble()), StandardCharsets.UTF_8))
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void recordsAreOrderedByEventTimeAndBelongToBoundaries() {
        failedJourney();
        Journey journey = assemble();
        assertThat(journey.steps())
                .extracting(JourneyStep::boundary)
                .containsExactly(
                        "ingress", "queue.publish", "worker.consume", "transform.mapping", "erp.api.request", null);
        assertThat(journey.broke()).isNotNull();
        assertThat(journey.broke().boundary()).isEqualTo("erp.api.request");
        assertThat(journey.recovered()).isFalse();
        assertThat(journey.attemptMax()).isEqualTo(3);
        assertThat(journey.tenants()).containsExactly("acme_eu_01", "acme_us");
        assertThat(journey.steps().get(2).durationMillis()).isEqualTo("1.5");
        assertThat(journey.steps().get(3).durationMillis()).isEqualTo("0");
    }

    @Test
    void aSuccessAtTheSameBoundaryAfterTheFailureIsARecovery() {
        failedJourney();
        logs.add(log(8, "erp.api.request", "2026-01-26T10:24:21Z"));
        Journey journey = assemble();
        assertThat(journey.broke()).isNotNull();
        assertThat(journey.recovered()).isTrue();
    }

    @Test
    void aSpanWithErrorStatusFails() {
        logs.add(log(1, "ingress.api", "2026-01-26T10:24:10Z").with(Field.TRACE_ID, TRACE));
        span(2, "db.commit", "1769423054000000000", "1769423053000000000", ",\"status\":{\"code\":2}");
        Journey journey = assemble();
        assertThat(journey.broke()).isNotNull();
        assertThat(journey.broke().boundary()).isEqualTo("db.commit");
        assertThat(journey.broke().durationMillis()).isNull();
    }

    @Test
    void onlyWellFormedIdsAreLookedUp() {
        assertThat(JourneyResource.isCorrelationId(ID)).isTrue();
        assertThat(JourneyResource.isCorrelationId(ID.replace("corr_0", "corr_8")))
                .isFalse();
        assertThat(JourneyResource.isCorrelationId(ID.replace('K', 'U'))).isFalse();
        assertThat(JourneyResource.isCorrelationId(ID + "0")).isFalse();
        assertThat(JourneyResource.isCorrelationId(ID.toLowerCase(java.util.Locale.ROOT)))
                .isFalse();
        assertThat(JourneyResource.isCorrelationId("")).isFalse();
    }
}
