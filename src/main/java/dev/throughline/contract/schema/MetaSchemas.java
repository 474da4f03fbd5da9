package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The meta-schemas of the dialect, from resources, parsed once. */
final class MetaSchemas {
    private static final String BASE = "https://json-schema.org/draft/2020-12/";
    private static final String FOLDER = "/contract/json-schema-2020-12/";
    /** URIs below {@link #BASE} to resource names. */
    private static final Map<String, String> RESOURCES = Map.of(
            "schema", "schema.json",
            "meta/core", "core.json",
            "meta/applicator", "applicator.json",
            "meta/unevaluated", "unevaluated.json",
            "meta/validation", "validation.json",
            "meta/meta-data", "meta-data.json",
            "meta/format-annotation", "format-annotation.json",
            "meta/format-assertion", "format-assertion.json",
            "meta/content", "content.json");

    private static final Map<String, JsonTape> PARSED = new ConcurrentHashMap<>();

    private MetaSchemas() {}

    /** The parsed meta-schema, to be read only; null where the URI is not one. */
    static @Nullable JsonTape find(String uri) throws SchemaException {
        String resource = uri.startsWith(BASE) ? RESOURCES.get(uri.substring(BASE.length())) : null;
        if (resource == null) {
            return null;
        }
        JsonTape parsed = PARSED.get(uri);
        if (parsed == null) {
            parsed = SchemaDocument.parse(read(resource), uri);
            PARSED.put(uri, parsed);
        }
        return parsed;
    }

    private static byte[] read(String resource) {
        try (InputStream in = MetaSchemas.class.getResourceAsStream(FOLDER + resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + FOLDER + resource);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
