package dev.throughline.ingest;

import dev.throughline.Defects;
import dev.throughline.contract.CorrelationMapping;
import dev.throughline.spool.AppendOutcome;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What ingest counts. Labels are stable codes and names of ours; a label that a sender chooses (a connector) is bounded: from
 * {@link #CONNECTORS_MAX} on it is counted as {@code other}. Thread-safe.
 */
@ApplicationScoped
public class IngestMetrics {
    private static final int CONNECTORS_MAX = 500;

    private final MeterRegistry registry;
    private final Defects defects;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, String> connectors = new ConcurrentHashMap<>();
    private final LongAdder received = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder quarantined = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();
    /** By stream ordinal. */
    private final LongAdder[] kept = new LongAdder[Stream.count()];

    IngestMetrics(MeterRegistry registry, Defects defects) {
        this.registry = registry;
        this.defects = defects;
        Arrays.setAll(kept, i -> new LongAdder());
        for (Protocol.Kind kind : Protocol.Kind.values()) {
            counter("throughline_received_records", "kind", kind.name().toLowerCase(Locale.ROOT));
        }
        counter("throughline_duplicate_records");
    }

    private Counter counter(String name, String... tags) {
        return counters.computeIfAbsent(
                name + String.join("\0", tags),
                key -> Counter.builder(name).tags(tags).register(registry));
    }

    /** The request was worked through; what became of it the spool says. */
    void received(Protocol protocol, Tally tally) {
        received.add(tally.received());
        counter("throughline_received_records", "kind", protocol.kind().name().toLowerCase(Locale.ROOT))
                .increment(tally.received());
    }

    void appended(AppendOutcome outcome, RequestBatch batch, Tally tally) {
        if (!(outcome instanceof AppendOutcome.Kept)) {
            turnedAway.add(tally.received());
            String reason = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            counter("throughline_turned_away_records", "reason", reason).increment(tally.received());
            return;
        }
        kept(tally);
        for (Stream stream : Stream.values()) {
            MaskedRecords records = batch.records(stream);
            if (!records.isEmpty()) {
                kept[stream.ordinal()].add(records.count());
                counter("throughline_spooled_records", "stream", stream.label()).increment(records.count());
            }
        }
        int entries = batch.records(Stream.QUARANTINE).count();
        quarantined.add(entries);
        if (entries > 0) {
            // Whatever is refused is kept there, and only what is refused.
            tally.refusedByCode()
                    .forEach((code, count) -> counter("throughline_quarantined_records", "reason", code)
                            .increment(count));
        }
    }

    /** The counts of a request whose records are kept, or of which there is nothing to keep. */
    void kept(Tally tally) {
        accepted.add(tally.accepted());
        refused.add(tally.refused());
        duplicates.add(tally.duplicates());
        counter("throughline_duplicate_records").increment(tally.duplicates());
        tally.refusedByCode()
                .forEach((code, count) ->
                        counter("throughline_refused_records", "reason", code).increment(count));
    }

    void answered(Protocol protocol, Outcome outcome, long nanos) {
        String name = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        timers.computeIfAbsent(
                        protocol.label() + name,
                        key -> Timer.builder("throughline_request")
                                .tags("protocol", protocol.label(), "outcome", name)
                                .serviceLevelObjectives(
                                        Duration.ofMillis(1),
                                        Duration.ofMillis(5),
                                        Duration.ofMillis(15),
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(250),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(5))
                                .register(registry))
                .record(Duration.ofNanos(nanos));
    }

    /** Shows the memory of bodies. */
    void watch(BodyBudget budget) {
        for (BodyBudget.Pool pool : BodyBudget.Pool.values()) {
            String label = pool.name().toLowerCase(Locale.ROOT);
            gauge(
                    "throughline_ingest_budget_bytes",
                    "pool",
                    label,
                    budget.bounds().of(pool)::bytesMax);
            gauge(
                    "throughline_ingest_budget_used_bytes",
                    "pool",
                    label,
                    () -> budget.state().bytes().get(pool));
        }
        gauge("throughline_ingest_bodies", "state", "all", () -> budget.state().permits());
        gauge(
                "throughline_ingest_bodies",
                "state",
                "waiting",
                () -> budget.state().waiting());
        counter("throughline_ingest_slow_bodies");
    }

    private void gauge(String name, String label, String value, Supplier<Number> of) {
        Gauge.builder(name, of).tag(label, value).register(registry);
    }

    /** A body was given up because others waited for its memory. */
    void slowBody() {
        counter("throughline_ingest_slow_bodies").increment();
    }

    void maskingHits(String detector, long hits) {
        counter("throughline_masking_hits", "detector", detector).increment((double) hits);
    }

    /** Error codes that the connector's catalogue does not declare (L2). */
    void undeclaredErrorCodes(String connector, long count) {
        counter("throughline_undeclared_error_codes", "connector", bounded(connector))
                .increment((double) count);
    }

    /** Logs of a boundary that lack an id which it asks for (K6). */
    void missingId(String connector, String boundary, int id, long count) {
        counter(
                        "throughline_correlation_missing_ids",
                        "connector",
                        bounded(connector),
                        "boundary",
                        boundary,
                        "field",
                        CorrelationMapping.of(1 << id).getFirst().field())
                .increment((double) count);
    }

    /** Logs that a schema which is only tried would refuse. */
    void shadowRefusal(ReceivedRecord log, String schema, String code) {
        String connector = bounded(log.tape().text(log.node(Field.CONNECTOR)));
        counter("throughline_shadow_refused_records", "connector", connector, "schema", schema, "reason", code)
                .increment();
    }

    /** What a masking rule that is only tried would change. */
    void shadowMaskingHits(String rule, long hits) {
        counter("throughline_shadow_masking_hits", "rule", rule).increment((double) hits);
    }

    /** Spans that lack an attribute which the blueprint asks for (T2). */
    void missingAttribute(String connector, String boundary, int field, long count) {
        counter(
                        "throughline_span_missing_attributes",
                        "connector",
                        connector.isEmpty() ? "unknown" : bounded(connector),
                        "attribute",
                        Field.ofOrdinal(field).key())
                .increment((double) count);
    }

    private String bounded(String connector) {
        String known = connectors.get(connector);
        if (known != null) {
            return known;
        }
        if (connectors.size() >= CONNECTORS_MAX) {
            return "other";
        }
        connectors.put(connector, connector);
        return connector;
    }

    void failed(Throwable failure) {
        defects.count("ingest", failure);
    }

    public long receivedTotal() {
        return received.sum();
    }

    public long acceptedTotal() {
        return accepted.sum();
    }

    public long refusedTotal() {
        return refused.sum();
    }

    public long duplicatesTotal() {
        return duplicates.sum();
    }

    public long quarantinedTotal() {
        return quarantined.sum();
    }

    public long turnedAwayTotal() {
        return turnedAway.sum();
    }

    /** Records that the spool has kept in this stream since start. */
    public long keptTotal(Stream stream) {
        return kept[stream.ordinal()].sum();
    }
}
