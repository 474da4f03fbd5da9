package dev.throughline.policy;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Signal;
import java.util.Map;
import java.util.Set;

/**
 * The contract that a policy asks for. Immutable.
 *
 * @param errorCodes declared codes by connector
 * @param refuseUndeclared whether an undeclared error code is refused rather than counted
 */
public record ContractRules(
        JsonSchema log,
        JsonSchema span,
        JsonSchema metric,
        Map<String, Set<String>> errorCodes,
        boolean refuseUndeclared) {
    public JsonSchema schemaOf(Signal signal) {
        return switch (signal) {
            case LOG, QUARANTINE_ENTRY -> log;
            case SPAN -> span;
            case METRIC -> metric;
        };
    }

    /** Whether the record has an error code that its connector's catalogue does not declare. */
    public boolean hasUndeclaredErrorCode(ReceivedRecord log) {
        if (!log.has(Field.ERROR_CODE)) {
            return false;
        }
        Set<String> declared = errorCodes.get(log.tape().text(log.node(Field.CONNECTOR)));
        return declared == null || !declared.contains(log.tape().text(log.node(Field.ERROR_CODE)));
    }
}
