package dev.throughline.cli;

import dev.throughline.contract.schema.SchemaException;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads what the command is given. */
final class SchemaFiles {
    static final JsonTape.Limits LIMITS = new JsonTape.Limits(512, 8 << 20, 16 << 20);

    private SchemaFiles() {}

    /** The members of a JSON object: URI to schema text. */
    static Map<String, byte[]> remotes(byte[] json) throws SchemaException {
        JsonTape tape = new JsonTape(LIMITS);
        try {
            tape.parseWhole(json);
        } catch (JsonSyntaxException malformed) {
            throw new SchemaException("malformed_remotes", "", "");
        }
        if (tape.kind(0) != JsonTape.OBJECT) {
            throw new SchemaException("malformed_remotes", "", "");
        }
        Map<String, byte[]> remotes = new HashMap<>();
        for (int key = 1; key < tape.next(0); key = tape.next(key + 1)) {
            remotes.put(tape.text(key), slice(tape, key + 1));
        }
        return remotes;
    }

    /** The JSON text of a value. */
    static byte[] slice(JsonTape tape, int node) {
        int quote = tape.kind(node) == JsonTape.STRING ? 1 : 0;
        return Arrays.copyOfRange(tape.bytes(), tape.start(node) - quote, tape.end(node) + quote);
    }
}
