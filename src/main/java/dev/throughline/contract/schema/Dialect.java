package dev.throughline.contract.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which vocabularies of 2020-12 a schema resource is written in; the core always holds. */
record Dialect(boolean applicator, boolean unevaluated, boolean validation, boolean formatAssertion) {
    static final String URI = "https://json-schema.org/draft/2020-12/schema";
    static final Dialect STANDARD = new Dialect(true, true, true, false);
    private static final String VOCABULARIES = "https://json-schema.org/draft/2020-12/vocab/";

    /** The dialect of a meta-schema's {@code $vocabulary}, or null where it requires one that is not known. */
    static @Nullable Dialect of(Map<String, Boolean> vocabularies) {
        for (Map.Entry<String, Boolean> entry : vocabularies.entrySet()) {
            if (entry.getValue() && !isKnown(entry.getKey())) {
                return null;
            }
        }
        return new Dialect(
                vocabularies.containsKey(VOCABULARIES + "applicator"),
                vocabularies.containsKey(VOCABULARIES + "unevaluated"),
                vocabularies.containsKey(VOCABULARIES + "validation"),
                vocabularies.containsKey(VOCABULARIES + "format-assertion"));
    }

    private static boolean isKnown(String uri) {
        if (!uri.startsWith(VOCABULARIES)) {
            return false;
        }
        return switch (uri.substring(VOCABULARIES.length())) {
            case "core",
                    "applicator",
                    "unevaluated",
                    "validation",
                    "meta-data",
                    "format-annotation",
                    "format-assertion",
                    "content" -> true;
            default -> false;
        };
    }
}
