package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import org.jspecify.annotations.Nullable;

/** A parsed JSON text that holds schemas, and what is known of its nodes. */
final class SchemaDocument {
    static final JsonTape.Limits LIMITS = new JsonTape.Limits(256, 1 << 20, 1 << 20);

    final JsonTape tape;
    /** The URI it was reached by; empty for the schema that was given. */
    final String uri;

    final @Nullable PatternBudget patterns;
    /** The resource a schema belongs to; null where no keyword says that a schema stands there. */
    final @Nullable SchemaResource[] owners;

    final @Nullable CompiledSchema[] compiled;

    SchemaDocument(JsonTape tape, String uri, @Nullable PatternBudget patterns) {
        this.patterns = patterns;
        this.tape = tape;
        this.uri = uri;
        owners = new SchemaResource[tape.size()];
        compiled = new CompiledSchema[tape.size()];
    }

    static JsonTape parse(byte[] json, String uri) throws SchemaException {
        JsonTape tape = new JsonTape(LIMITS);
        try {
            tape.parseWhole(json.clone());
        } catch (JsonSyntaxException malformed) {
            throw new SchemaException("malformed_schema", uri, "");
        }
        return tape.frozen();
    }

    SchemaException failure(String code, int node) {
        return new SchemaException(code, uri, Pointers.of(tape, 0, node));
    }

    boolean isSchema(int node) {
        int kind = tape.kind(node);
        return kind == JsonTape.OBJECT || kind == JsonTape.TRUE || kind == JsonTape.FALSE;
    }
}
