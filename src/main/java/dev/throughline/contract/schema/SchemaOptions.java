package dev.throughline.contract.schema;

import java.util.Map;

/**
 * How a schema is compiled.
 *
 * @param assertFormats whether {@code format} is an assertion everywhere
 * @param remotes JSON texts by the absolute URI that a reference may name
 */
public record SchemaOptions(boolean assertFormats, Map<String, byte[]> remotes) {
    /** As the contract is compiled: formats asserted, nothing remote. */
    public static final SchemaOptions CONTRACT = new SchemaOptions(true, Map.of());

    /** As the specification's default: formats annotate, nothing remote. */
    public static final SchemaOptions ANNOTATING = new SchemaOptions(false, Map.of());

    public SchemaOptions {
        remotes = Map.copyOf(remotes);
    }
}
