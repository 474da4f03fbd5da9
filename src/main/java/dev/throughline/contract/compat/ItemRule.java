package dev.throughline.contract.compat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of items by their place: of the first ones each its own, and {@code rest} of all after them. */
record ItemRule(List<@Nullable Shape> prefix, @Nullable Shape rest, String restKeyword) {
    @Nullable
    Shape at(int index) {
        return index < prefix.size() ? prefix.get(index) : rest;
    }

    String keywordAt(int index) {
        return index < prefix.size() ? "prefixItems" : restKeyword;
    }
}
