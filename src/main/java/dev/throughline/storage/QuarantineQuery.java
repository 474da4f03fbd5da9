package dev.throughline.storage;

import org.jspecify.annotations.Nullable;

/** Conditions that are null do not restrict. */
public record QuarantineQuery(
        @Nullable String connector,
        @Nullable String tenant,
        @Nullable String code,
        int limit,
        @Nullable String cursor) {}
