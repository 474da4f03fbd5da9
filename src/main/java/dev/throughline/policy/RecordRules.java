package dev.throughline.policy;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.masking.Masker;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the records of one connector and tenant. Immutable; records that are treated alike have the same object.
 *
 * @param schemaName of the log's contract
 * @param schema of logs
 * @param shadow a schema that is tried and counted, and refuses nothing
 * @param shadowName empty where there is none
 * @param maskerOrdinal its place in {@link Policy#maskers()}
 * @param refusesUndeclaredCodes whether an error code that its connector has not declared is refused rather than counted
 * @param correlation the standard, as this sender has to keep it
 */
public record RecordRules(
        String schemaName,
        JsonSchema schema,
        @Nullable JsonSchema shadow,
        String shadowName,
        Masker masker,
        int maskerOrdinal,
        boolean refusesUndeclaredCodes,
        CorrelationRules correlation) {

    /**
     * How ids are taken (K1, K6).
     *
     * @param trusted whether the sender's correlation id is taken; else it is kept beside one of ours
     * @param required whether a record that brings none, by itself or by header, is refused
     * @param mapping whether the ids that a boundary asks for are checked
     */
    public record CorrelationRules(boolean trusted, boolean required, Enforcement mapping) {}

    /** What is done about a breach. */
    public enum Enforcement {
        OFF,
        COUNT,
        REFUSE
    }
}
