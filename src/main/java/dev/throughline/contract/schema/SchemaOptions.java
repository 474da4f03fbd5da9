package dev.throughline.contract.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a schema is compiled.
 *
 * @param assertFormats whether {@code format} is an assertion everywhere
 * @param remotes JSON texts by the absolute URI that a reference may name
 * @param patterns where there is one, a pattern that would have to backtrack is refused ({@code runaway_pattern}), and those that are over it
 *     ({@code patterns_too_large})
 */
public record SchemaOptions(
        boolean assertFormats,
        Map<String, byte[]> remotes,
        @Nullable PatternBudget patterns) {
    /** As the contract is compiled: formats asserted, nothing remote. */
    public static final SchemaOptions CONTRACT = new SchemaOptions(true, Map.of());

    /** As the specification's default: formats annotate, nothing remote. */
    public static final SchemaOptions ANNOTATING = new SchemaOptions(false, Map.of());

    /** Patterns of any kind; those that backtrack do so within a budget. */
    public SchemaOptions(boolean assertFormats, Map<String, byte[]> remotes) {
        this(assertFormats, remotes, null);
    }

    public SchemaOptions {
        remotes = Map.copyOf(remotes);
    }
}
