package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled schema. Immutable: any number of workers may validate with it at once, each with its own {@link Violations}. */
public final class JsonSchema {
    private final CompiledSchema root;
    private final Set<String> declaredNames;

    JsonSchema(CompiledSchema root, Set<String> declaredNames) {
        this.root = root;
        this.declaredNames = Set.copyOf(declaredNames);
    }

    /**
     * Compiles a JSON text (UTF-8): an object or a boolean. The bytes are copied.
     *
     * @throws SchemaException where it is not a schema of the dialect, or refers to what is not at hand
     */
    public static JsonSchema compile(byte[] schema, SchemaOptions options) throws SchemaException {
        return new SchemaCompiler(options).compile(schema);
    }

    /**
     * A schema that holds where both hold, as {@code allOf} over references to both would, without compiling them again; null where
     * a reference of either is dynamic, and so depends on what surrounds it.
     */
    public static @Nullable JsonSchema both(JsonSchema one, JsonSchema other) {
        if (one.root.resource >= 0 || other.root.resource >= 0) {
            return null;
        }
        CompiledSchema root = new CompiledSchema();
        root.checks = new Check[] {new Applicators.AllOf(new CompiledSchema[] {one.root, other.root})};
        root.seal();
        Set<String> names = new HashSet<>(one.declaredNames);
        names.addAll(other.declaredNames);
        return new JsonSchema(root, names);
    }

    /**
     * Validates one value.
     *
     * @param out emptied first; what the value breaks, when the answer is false
     * @return whether the value conforms
     */
    public boolean validate(JsonTape tape, int node, Violations out) {
        Evaluation run = out.begin(tape, node, declaredNames);
        run.reset(tape, false);
        if (root.holds(run, node) && !run.isAborted()) {
            return true;
        }
        if (!run.isAborted()) {
            run.reset(tape, true);
            root.holds(run, node);
        }
        run.recordAbort();
        return false;
    }

    /**
     * What is left to ask of documents with the shape of the one on the tape, which conforms; null where the schema has no such plan. To
     * be used with documents of that {@link dev.throughline.telemetry.RecordShape} only.
     */
    public @Nullable SchemaPlan plan(JsonTape tape) {
        return SchemaPlanner.plan(root, declaredNames, tape);
    }

    /** The member names that {@code properties} and {@code required} spell out anywhere in the schema. */
    public Set<String> declaredNames() {
        return declaredNames;
    }

    @Override
    public String toString() {
        return "JsonSchema[" + declaredNames.size() + " names]";
    }
}
