package dev.throughline.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.SchemaOptions;
import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** One verdict a line of NDJSON, by one schema or by the schema on the line. */
final class Verdicts {
    private static final int VIOLATIONS_MAX = 100;
    private static final byte[] SCHEMA = "schema".getBytes(US_ASCII);
    private static final byte[] DATA = "data".getBytes(US_ASCII);

    private final @Nullable JsonSchema schema;
    private final SchemaOptions options;
    private final OutputStream out;
    private final JsonTape tape = new JsonTape(SchemaFiles.LIMITS);
    private final Violations violations = new Violations(VIOLATIONS_MAX);
    private final JsonWriter line = new JsonWriter(1024);
    private boolean allValid = true;

    private Verdicts(@Nullable JsonSchema schema, SchemaOptions options, OutputStream out) {
        this.schema = schema;
        this.options = options;
        this.out = out;
    }

    static Verdicts ofSchema(JsonSchema schema, OutputStream out) {
        return new Verdicts(schema, SchemaOptions.CONTRACT, out);
    }

    static Verdicts ofPairs(SchemaOptions options, OutputStream out) {
        return new Verdicts(null, options, out);
    }

    boolean allValid() {
        return allValid;
    }

    void run(NdjsonLines lines) throws IOException {
        while (lines.next()) {
            line.reset();
            line.raw('{');
            if (schema != null) {
                line.member("line").number(lines.number());
            }
            try {
                tape.parseWhole(lines.bytes(), lines.from(), lines.to());
                verdict();
            } catch (JsonSyntaxException malformed) {
                notJson(malformed);
            }
            line.ascii("}\n");
            out.write(line.bytes(), 0, line.length());
        }
    }

    private void verdict() {
        if (schema != null) {
            validate(schema, 0);
            return;
        }
        int schemaNode = tape.member(0, SCHEMA);
        int dataNode = tape.member(0, DATA);
        if (schemaNode < 0 || dataNode < 0) {
            refuse("malformed_pair", "");
            return;
        }
        try {
            validate(JsonSchema.compile(SchemaFiles.slice(tape, schemaNode), options), dataNode);
        } catch (SchemaException broken) {
            refuse(broken.code(), broken.pointer());
        }
    }

    private void refuse(String code, String pointer) {
        allValid = false;
        line.member("valid").ascii("false").member("error").raw('{');
        line.member("code").string(code).member("pointer").string(pointer).raw('}');
    }

    private void notJson(JsonSyntaxException malformed) {
        allValid = false;
        line.member("valid").ascii("false").member("violations").ascii("[{");
        line.member("pointer").string("").member("keyword").string("").member("code");
        line.string(malformed.problem().label())
                .member("offset")
                .number(malformed.offset())
                .ascii("}]");
    }

    private void validate(JsonSchema with, int node) {
        boolean valid = with.validate(tape, node, violations);
        allValid &= valid;
        line.member("valid")
                .ascii(valid ? "true" : "false")
                .member("violations")
                .raw('[');
        for (int i = 0; i < violations.count(); i++) {
            line.ascii(i == 0 ? "{" : ",{").member("pointer").string(violations.pointer(i));
            line.member("keyword").string(violations.keyword(i));
            line.member("code").string(violations.code(i)).raw('}');
        }
        line.raw(']');
        if (violations.dropped() > 0) {
            line.member("more").number(violations.dropped());
        }
    }
}
