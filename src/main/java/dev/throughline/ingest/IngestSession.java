package dev.throughline.ingest;

import dev.throughline.contract.CorrelationIds;
import dev.throughline.contract.CorrelationMapping;
import dev.throughline.contract.LogFields;
import dev.throughline.contract.Normalization;
import dev.throughline.contract.SpanAttributes;
import dev.throughline.contract.TraceJoins;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaPlan;
import dev.throughline.contract.schema.Violations;
import dev.throughline.ingest.otlp.SpanFields;
import dev.throughline.masking.MaskingPlan;
import dev.throughline.masking.MaskingSession;
import dev.throughline.masking.Outcome;
import dev.throughline.masking.Outcome.Failed;
import dev.throughline.masking.QuarantineReason;
import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.policy.Canary;
import dev.throughline.policy.RecordRules;
import dev.throughline.policy.RecordRules.Enforcement;
import dev.throughline.policy.ShadowMasking;
import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordId;
import dev.throughline.telemetry.RecordShape;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of one worker: correlate → conform → normalise → identify → mask → route, a record at a time, pure but for the
 * joins that it remembers. What it makes of a request stands in a {@link RequestBatch}; nothing is kept before the spool has it.
 *
 * <p>A record is parsed once onto the session's tape; contract, masking and routes read it there, and the masked bytes are
 * written once. Not thread-safe.
 */
final class IngestSession {
    private static final String PROCESSING_FAILED = "processing_failed";

    private final JsonTape tape;
    private final ReceivedRecord record;
    private final Edits edits = new Edits();
    private final Violations violations = new Violations();
    private final RecordIdentity identity;
    private final RecordId derivedId;
    private final Correlation correlation;
    private final RecentRecords recent;
    private final IngestMetrics metrics;
    private final ErrorCodes errorCodes;
    private final MissingFields missingIds = new MissingFields(CorrelationMapping::boundaryOf);
    private final MissingFields missingAttributes = new MissingFields(_ -> "");

    private Shapes logShapes = new Shapes();
    private Shapes spanShapes = new Shapes();
    /** Of the record in work; null where it is not known. */
    private Shapes.@Nullable Known shape;
    /** Whether the record in work is to be remembered as one of its shape. */
    private boolean learning;

    private final PolicySession policy;
    private final Violations shadowed = new Violations(1);
    /** Of the record in work. */
    private RecordRules rules;

    private MaskingSession masking;
    private RequestBatch batch;
    private Tally tally;
    private MaskedRecords.Stamp stamp = new MaskedRecords.Stamp(0, 0);
    private int index;
    private int weight;

    /** What all sessions share. */
    record Shared(TraceJoins joins, RecentRecords recent, byte[] recordIdKey, IngestMetrics metrics) {}

    IngestSession(JsonTape tape, Shared shared, InForce first, RequestBatch empty) {
        this.tape = tape;
        this.record = new ReceivedRecord(tape);
        this.correlation = new Correlation(record, edits, shared.joins().session());
        this.recent = shared.recent();
        this.metrics = shared.metrics();
        this.identity = new RecordIdentity(shared.recordIdKey());
        this.derivedId = new RecordId(shared.recordIdKey());
        this.policy = new PolicySession(first);
        this.rules = first.policy().rules();
        this.errorCodes = new ErrorCodes(first.policy().contract());
        this.masking = policy.masking();
        this.batch = empty;
        this.tally = new Tally(0, 0);
    }

    String maskText(String text) {
        return policy.masking().maskText(text);
    }

    /** Starts a request; from here to its end one policy holds. */
    void begin(InForce current, RequestBatch target, Tally counts, long receivedMillis) {
        if (policy.begin(current)) {
            logShapes = new Shapes();
            spanShapes = new Shapes();
        }
        batch = target;
        tally = counts;
        stamp = new MaskedRecords.Stamp(receivedMillis, current.policy().hashPrefix());
        correlation.headers(RequestHeaders.NONE);
    }

    void headers(RequestHeaders given) {
        correlation.headers(given);
    }

    /** Ends a request: what is durable already is taken out again, and what was learned is given to all. */
    void end() {
        correlation.end();
        tally.duplicates(batch.dropKnown(recent));
        policy.end(metrics);
        errorCodes.drain(metrics);
        missingIds.drain(metrics::missingId);
        missingAttributes.drain(metrics::missingAttribute);
        record.release();
    }

    /**
     * Takes the record that stands on the tape; its id is taken over {@code [from, to)} of {@code source}. One that makes the pipeline
     * fail is refused alone, and kept without its body.
     *
     * @param points what its protocol counts refusals in
     * @throws RequestOverBound where the request comes to more than may be kept of one
     */
    void take(Signal signal, byte[] source, int from, int to, int points) {
        batch.requireRoom(1, 0);
        index = tally.next();
        weight = points;
        try {
            take(signal, source, from, to);
        } catch (RequestOverBound | RequestMustWait e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            settle(e, signal, source, from, to);
        }
    }

    private void take(Signal signal, byte[] source, int from, int to) {
        shape = null;
        learning = false;
        edits.reset();
        record.begin(signal, source, from, to);
        switch (signal) {
            case LOG -> takeLog();
            case SPAN -> takeSpan();
            case METRIC, QUARANTINE_ENTRY -> takeMetric();
        }
    }

    /** Refuses a request as a whole, as if it were one record that nothing is known of. */
    void refuseWhole(Signal signal, byte[] body, int length, int points) {
        index = tally.next();
        tally.refuse(new Refusal(index, PROCESSING_FAILED, "", "", ""), points);
        quarantineUnread(QuarantineReason.of(PROCESSING_FAILED, PROCESSING_FAILED), signal, body, 0, length);
    }

    /** Refuses a record that the decoder failed on. */
    void failed(Throwable why, Signal signal, byte[] source, int from, int to, int points) {
        batch.requireRoom(1, 0);
        index = tally.next();
        weight = points;
        settle(why, signal, source, from, to);
    }

    /** Whatever the record in work made fail: it is accepted or refused, and what is refused is in quarantine. */
    private void settle(Throwable why, Signal signal, byte[] source, int from, int to) {
        metrics.failed(why);
        if (tally.settled() == index) {
            tally.refuse(new Refusal(index, PROCESSING_FAILED, "", "", ""), weight);
        }
        if (batch.records(Stream.QUARANTINE).count() < tally.refused()) {
            quarantineUnread(QuarantineReason.of(PROCESSING_FAILED, PROCESSING_FAILED), signal, source, from, to);
        }
    }

    private void quarantineUnread(QuarantineReason reason, Signal signal, byte[] source, int from, int to) {
        RecordId id = identity.of(source, from, to);
        policy.masking().appendQuarantine(batch.records(Stream.QUARANTINE), reason, signal, stamp, id.high(), id.low());
    }

    /** A hash of these bytes that nobody can guess. */
    long hash(byte[] source, int from, int to) {
        return identity.of(source, from, to).high();
    }

    /** Notes a record that could not be read: nothing of it is kept but why. */
    void unreadable(Signal signal, String code, byte[] source, int from, int to, int points) {
        batch.requireRoom(1, 0);
        index = tally.next();
        weight = points;
        quarantineUnread(QuarantineReason.of("unreadable", code), signal, source, from, to);
        tally.refuse(new Refusal(index, code, "", "", ""), weight);
    }

    private void takeLog() {
        Shapes.Known known = logShapes.find(tape);
        if (known == null) {
            LogFields.locate(record);
        } else {
            record.locate(known.fields());
        }
        apply(policy.rulesOf(record));
        known = logShapes.under(known, rules);
        boolean letIn = conforms(known, rules.schema()) ? takeConforming(known) : refuse();
        Canary.Session canary = policy.canary();
        if (canary != null && letIn) {
            canary.taken(record);
        } else if (canary != null) {
            canary.refused(record, correlation.isKnown(), correlation.given());
        }
    }

    private void apply(RecordRules found) {
        rules = found;
        masking = policy.masking(found);
    }

    /** Whether the policy lets the log in; what cannot be masked is not its doing. */
    private boolean takeConforming(Shapes.@Nullable Known known) {
        shape = known;
        learning = known == null && logShapes.isDue();
        if (record.has(Field.ERROR_CODE)
                && !errorCodes.isDeclared(policy.policy().contract(), record)
                && rules.refusesUndeclaredCodes()) {
            return refuse("undeclared_error_code", "/error_code", "", List.of());
        }
        if (rules.correlation().required() && !correlation.isKnown()) {
            return refuse("correlation_id_missing", "/correlation_id", "", List.of());
        }
        int missing = rules.correlation().mapping() == Enforcement.OFF
                ? 0
                : CorrelationMapping.missing(record) & ~correlation.given();
        if (missing != 0) {
            missingIds.add(record, missing);
            if (rules.correlation().mapping() == Enforcement.REFUSE) {
                String first = CorrelationMapping.of(missing).getFirst().field();
                return refuse("correlation_mapping", "/" + first, "", List.of());
            }
        }
        tryShadow();
        RecordId id = identify();
        int flags = rules.correlation().trusted()
                ? correlation.log(tally, index, id)
                : correlation.untrusted(tally, index, id, derivedId);
        correlation.requestId();
        Normalization.apply(record, edits);
        keep(policy.policy().streamOf(record), flags, id);
        return true;
    }

    /** What a policy only tries: counted, and nothing else. */
    private void tryShadow() {
        JsonSchema tried = rules.shadow();
        if (tried != null && !tried.validate(tape, 0, shadowed)) {
            metrics.shadowRefusal(record, rules.shadowName(), shadowed.code(0));
        }
        tryShadowMasking();
    }

    private void tryShadowMasking() {
        ShadowMasking.Session shadow = policy.shadow();
        if (shadow != null) {
            shadow.look(record, true);
        }
    }

    private boolean conforms(Shapes.@Nullable Known known, JsonSchema schema) {
        SchemaPlan plan = known == null ? null : known.contract();
        return (plan != null && plan.holds(tape, violations)) || schema.validate(tape, 0, violations);
    }

    private void takeSpan() {
        SpanFields.locate(record);
        apply(policy.rulesOf(record));
        Shapes.Known known = spanShapes.under(spanShapes.find(tape), rules);
        if (!conforms(known, policy.policy().contract().span())) {
            refuse();
            return;
        }
        // Some of a span's fields are told by their values.
        shape = known != null && record.isLocated(known.fields()) ? known : null;
        learning = known == null && spanShapes.isDue();
        int missing = SpanAttributes.missing(record);
        if (missing != 0) {
            missingAttributes.add(record, missing);
            tally.report();
        }
        tryShadowMasking();
        keep(Stream.OPERATIONAL_SPANS, correlation.span(), identify());
    }

    private void takeMetric() {
        apply(policy.policy().rules());
        if (!policy.policy().contract().metric().validate(tape, 0, violations)) {
            refuse();
            return;
        }
        keep(Stream.OPERATIONAL_METRICS, 0, identify());
    }

    // ---- identify, mask, keep
    // ------------------------------------------------------------------------------------------

    private void keep(Stream stream, int flags, RecordId id) {
        if (mask() instanceof Failed failed) {
            quarantineBodiless(QuarantineReason.maskingFailed(failed), id);
            tally.refuse(new Refusal(index, failed.failure().code(), "", "", correlationId()), weight);
            return;
        }
        masking.append(batch.records(stream), record, edits, stamp, flags, id.high(), id.low());
        batch.remember(id.high(), id.low());
        tally.accept();
    }

    private Outcome mask() {
        MaskingPlan plan = shape == null ? null : shape.masking();
        if (plan != null) {
            return masking.maskPlanned(record, edits, plan);
        }
        if (!learning) {
            return masking.mask(record, edits, true);
        }
        learning = false;
        Shapes shapes = record.signal() == Signal.SPAN ? spanShapes : logShapes;
        RecordShape found = RecordShape.of(tape);
        if (found == null) {
            shapes.pass();
            return masking.mask(record, edits, true);
        }
        MaskingPlan made = masking.plan();
        Outcome outcome = masking.mask(record, edits, made);
        if (outcome instanceof Outcome.Masked) {
            shapes.learn(
                    new Shapes.Known(
                            found,
                            rules,
                            record.fields(),
                            (record.signal() == Signal.SPAN
                                            ? policy.policy().contract().span()
                                            : rules.schema())
                                    .plan(tape),
                            made.isUsable() ? made : null),
                    tape);
        }
        return outcome;
    }

    private RecordId identify() {
        return identity.of(record, correlation.ofHeaders());
    }

    // ---- refuse
    // --------------------------------------------------------------------------------------------------------

    private boolean refuse() {
        List<QuarantineReason.Violation> all = new ArrayList<>(violations.count());
        for (int i = 0; i < violations.count(); i++) {
            all.add(new QuarantineReason.Violation(
                    violations.code(i), violations.safePointer(i), violations.keyword(i)));
        }
        QuarantineReason.Violation first = all.getFirst();
        return refuse(first.code(), first.pointer(), first.keyword(), all);
    }

    /** Refuses the record on the tape, and keeps it in quarantine as far as it can be masked: false, since it is not kept otherwise. */
    private boolean refuse(String code, String pointer, String keyword, List<QuarantineReason.Violation> all) {
        tally.refuse(new Refusal(index, code, pointer, keyword, correlationId()), weight);
        RecordId id = identify();
        edits.reset();
        if (!batch.keepsWhole(tape.end(0) - tape.start(0))) {
            quarantineBodiless(
                    new QuarantineReason("contract_violation", code, pointer, keyword, List.of(), all.size()), id);
            return false;
        }
        if (masking.mask(record, edits, false) instanceof Failed failed) {
            quarantineBodiless(QuarantineReason.maskingFailed(failed), id);
            return false;
        }
        masking.appendQuarantine(
                batch.records(Stream.QUARANTINE),
                new QuarantineReason(
                        "contract_violation", code, pointer, keyword, all, all.size() + violations.dropped()),
                record,
                edits,
                stamp,
                id.high(),
                id.low());
        return false;
    }

    private void quarantineBodiless(QuarantineReason reason, RecordId id) {
        masking.appendQuarantine(batch.records(Stream.QUARANTINE), reason, record, null, stamp, id.high(), id.low());
    }

    private String correlationId() {
        int own = record.node(Field.CORRELATION_ID);
        return own >= 0 && CorrelationIds.isWellFormed(tape.bytes(), tape.start(own), tape.end(own))
                ? tape.text(own)
                : "";
    }
}
