package dev.throughline.policy;

import dev.throughline.contract.CorrelationMapping;
import dev.throughline.contract.schema.Violations;
import dev.throughline.policy.RecordRules.Enforcement;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.ReceivedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log conforms to a policy's contract, told step by step: what ingest decides with memory and short cuts. Stateless.
 */
final class Conformity {
    private Conformity() {}

    /**
     * What a log has beside its own members.
     *
     * @param correlated an id, by its request's headers or its trace
     * @param ids bits of {@link CorrelationMapping.Id}, by its request's headers
     */
    record Given(boolean correlated, int ids) {
        static final Given NOTHING = new Given(false, 0);
    }

    /** Why the log is refused; null where it conforms. */
    static PolicyTrial.Result.@Nullable Refused refusal(
            Policy policy, RecordRules rules, ReceivedRecord log, Given given, Violations violations) {
        if (!rules.schema().validate(log.tape(), 0, violations)) {
            return new PolicyTrial.Result.Refused(violations.code(0), violations.safePointer(0), violations.keyword(0));
        }
        if (rules.refusesUndeclaredCodes() && policy.contract().hasUndeclaredErrorCode(log)) {
            return new PolicyTrial.Result.Refused("undeclared_error_code", "/error_code", "");
        }
        if (rules.correlation().required() && !given.correlated() && !log.has(Field.CORRELATION_ID)) {
            return new PolicyTrial.Result.Refused("correlation_id_missing", "/correlation_id", "");
        }
        int missing = rules.correlation().mapping() == Enforcement.REFUSE
                ? CorrelationMapping.missing(log) & ~given.ids()
                : 0;
        return missing == 0 ? null : new PolicyTrial.Result.Refused("correlation_mapping", pointer(missing), "");
    }

    private static String pointer(int missing) {
        return "/" + CorrelationMapping.of(missing).getFirst().field();
    }
}
