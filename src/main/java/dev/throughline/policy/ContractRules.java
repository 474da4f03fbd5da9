package dev.throughline.policy;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.ReceivedRecord;
import java.util.Map;
import java.util.Set;

/**
 * The part of the contract that is the same for all. Immutable.
 *
 * @param errorCodes declared codes by connector; {@link #ALL_CONNECTORS} has those of all
 */
public record ContractRules(JsonSchema span, JsonSchema metric, Map<String, Set<String>> errorCodes) {
    static final String ALL_CONNECTORS = "*";

    /** Whether the record has an error code that neither its connector's catalogue declares nor that of all. */
    public boolean hasUndeclaredErrorCode(ReceivedRecord log) {
        if (!log.has(Field.ERROR_CODE)) {
            return false;
        }
        return !declaresFor(
                log.tape().text(log.node(Field.CONNECTOR)), log.tape().text(log.node(Field.ERROR_CODE)));
    }

    /** Whether a code is declared for a connector, or for all. */
    public boolean declaresFor(String connector, String code) {
        return declares(ALL_CONNECTORS, code) || declares(connector, code);
    }

    private boolean declares(String connector, String code) {
        Set<String> declared = errorCodes.get(connector);
        return declared != null && declared.contains(code);
    }
}
