package dev.throughline.contract.compat;

import org.jspecify.annotations.Nullable;

/**
 * One reason why two schemas are not compatible, or not known to be.
 *
 * @param instancePointer where in a record, RFC 6901; {@code *} stands for member names of no particular kind
 * @param schemaPointer where in the schema that refuses: backward the new one, forward the old one; {@code URI#pointer} in a schema that
 *     it refers to
 * @param keyword the keyword that stands there
 * @param code stable, such as {@code maximum_lowered}
 * @param reason the old and the new bound, short; empty where the code says it all
 * @param counterexample a record that shows it; null where none was found, so that it is not known whether there is one
 */
public record Finding(
        String instancePointer,
        String schemaPointer,
        String keyword,
        String code,
        String reason,
        @Nullable Counterexample counterexample) {

    /**
     * A record that conforms to the one schema and not to the other, tried on both.
     *
     * @param json its text; null where it is longer than {@link SchemaCompatibility#COUNTEREXAMPLE_CHARACTERS_MAX}
     * @param length characters of its text
     */
    public record Counterexample(@Nullable String json, int length) {}
}
