package dev.throughline.contract.compat;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Member names that match the same of the patterns at hand.
 *
 * @param example one of them, where one is known
 */
record NameClass(
        Set<String> matched, Set<String> avoided, @Nullable String example) {}
