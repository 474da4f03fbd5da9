package dev.throughline.policy;

import dev.throughline.contract.LogFields;
import dev.throughline.contract.Normalization;
import dev.throughline.contract.schema.Violations;
import dev.throughline.masking.Action;
import dev.throughline.masking.MaskingSession;
import dev.throughline.masking.Outcome;
import dev.throughline.masking.RuleListener;
import dev.throughline.masking.detect.Detector;
import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Says what a policy makes of a log, without a server: the verdict, the masked record, the stream. What ingest adds by itself (a
 * generated correlation id, ids of headers and traces) is not added. Not thread-safe.
 */
public final class PolicyTrial implements RuleListener {
    private static final int KEEP_BYTES = 1 << 20;

    private final Policy policy;
    private final JsonTape tape = new JsonTape();
    private final ReceivedRecord record = new ReceivedRecord(tape);
    private final Violations violations = new Violations();
    private final Edits edits = new Edits();
    private final MaskedRecords masked = new MaskedRecords();
    private final RecordFrame frame = new RecordFrame();
    private final IdentityHashMap<Object, MaskingSession> sessions = new IdentityHashMap<>();
    private final Set<Action> fields = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Detector> detectors = new HashSet<>();
    private final Set<String> routes = new HashSet<>();
    private final Set<String> schemas = new HashSet<>();

    public PolicyTrial(Policy policy) {
        this.policy = policy;
    }

    /** What becomes of a log. */
    public sealed interface Result {
        /**
         * It is taken.
         *
         * @param record as it would be kept
         */
        record Accepted(Stream stream, String record) implements Result {}

        /** It is refused, and kept in quarantine. */
        record Refused(String code, String pointer, String keyword) implements Result {}
    }

    /** Tries one JSON document. */
    public Result log(byte[] json) {
        try {
            tape.parseWhole(json);
        } catch (JsonSyntaxException e) {
            return new Result.Refused(e.problem().isBound() ? e.problem().label() : "malformed_json", "", "");
        }
        record.begin(Signal.LOG, json, 0, json.length);
        LogFields.locate(record);
        RecordRules rules = policy.rulesOf(text(Field.CONNECTOR), text(Field.TENANT_ID));
        schemas.add(rules.schemaName());
        schemas.add(rules.shadowName());
        Result.Refused refused = Conformity.refusal(policy, rules, record, Conformity.Given.NOTHING, violations);
        return refused != null ? refused : mask(rules, json.length);
    }

    private String text(Field field) {
        return record.has(field) ? tape.text(record.node(field)) : "";
    }

    private Result mask(RecordRules rules, int length) {
        MaskingSession session = sessions.computeIfAbsent(rules.masker(), ignored -> {
            MaskingSession made = rules.masker().session();
            made.listen(this);
            return made;
        });
        edits.reset();
        Normalization.apply(record, edits);
        if (session.mask(record, edits, true) instanceof Outcome.Failed(Outcome.Failure failure)) {
            return new Result.Refused(failure.code(), "", "");
        }
        masked.reset(Math.max(KEEP_BYTES, length));
        session.append(masked, record, edits, new MaskedRecords.Stamp(0, policy.hashPrefix()), 0, 0, 0);
        Routes.Route route = record.has(Field.AUDIT) ? null : policy.routes().matching(record);
        if (route != null) {
            routes.add(route.name());
        }
        return new Result.Accepted(
                policy.streamOf(record),
                new String(frame.wrap(masked.bytes(), 0).payload(), StandardCharsets.UTF_8));
    }

    @Override
    public void field(Action action) {
        fields.add(action);
    }

    @Override
    public void detector(Detector detector) {
        detectors.add(detector);
    }

    /** Whether a rule has changed anything so far. */
    boolean touched(Action action) {
        return fields.contains(action);
    }

    /** Whether a detector has found anything so far. */
    boolean touched(Detector detector) {
        return detectors.contains(detector);
    }

    boolean touchedRoute(String name) {
        return routes.contains(name);
    }

    boolean touchedSchema(String name) {
        return schemas.contains(name);
    }
}
