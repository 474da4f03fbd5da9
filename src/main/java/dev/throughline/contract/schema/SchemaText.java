package dev.throughline.contract.schema;

import dev.throughline.contract.format.StringFormat;
import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one schema says, keyword by keyword, for those who compare schemas: only keywords that assert something in the schema's dialect
 * are found, and references lead to the schema that they name. Two are equal where they are the same place of the same text. To be read
 * by one thread.
 */
public final class SchemaText {
    private static final Set<String> VALIDATION = Set.of(
            "type",
            "enum",
            "const",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minContains",
            "maxContains",
            "minProperties",
            "maxProperties",
            "required",
            "dependentRequired");
    private static final Set<String> APPLICATOR = Set.of(
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "if",
            "then",
            "else",
            "dependentSchemas",
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "prefixItems",
            "items",
            "contains");
    private static final Set<String> UNEVALUATED = Set.of("unevaluatedProperties", "unevaluatedItems");

    private final Source source;
    private final SchemaDocument document;
    private final int node;
    private final @Nullable SchemaObject object;

    private record Source(SchemaLibrary library, boolean assertFormats) {}

    private SchemaText(Source source, SchemaDocument document, int node) throws SchemaException {
        this.source = source;
        this.document = document;
        this.node = node;
        object = document.tape.kind(node) == JsonTape.OBJECT ? new SchemaObject(document, node) : null;
    }

    /**
     * Reads the schema that a JSON text (UTF-8) is.
     *
     * @throws SchemaException as {@link JsonSchema#compile}
     */
    public static SchemaText read(byte[] json, SchemaOptions options) throws SchemaException {
        SchemaCompiler compiler = new SchemaCompiler(options);
        SchemaDocument document = compiler.compileDocument(json);
        return new SchemaText(new Source(compiler.library(), options.assertFormats()), document, 0);
    }

    /** Whether both are the same JSON value: where they are read by the same options, they say the same. */
    public boolean isSameAs(SchemaText other) {
        Evaluation run = new Evaluation(new Violations());
        run.reset(document.tape, false);
        return Equality.equal(run, document.tape, node, other.document.tape, other.node) && !run.isAborted();
    }

    /** Whether it is {@code false}. */
    public boolean isNever() {
        return document.tape.kind(node) == JsonTape.FALSE;
    }

    /** RFC 6901, within its document. */
    public String pointer() {
        return Pointers.of(document.tape, 0, node);
    }

    /** The document by the URI it was reached by; empty for the schema that was given. */
    public String uri() {
        return document.uri;
    }

    /** The compiled form of this schema alone. Of no use where a reference in it {@linkplain #isDynamic() is dynamic}. */
    public JsonSchema compiled() {
        return new JsonSchema(Objects.requireNonNull(document.compiled[node]), Set.of());
    }

    /** The text that {@link #find} finds nodes in. */
    public JsonTape tape() {
        return document.tape;
    }

    /** The node of a keyword's value, or -1 where it is absent or asserts nothing in this dialect. */
    public int find(String keyword) {
        return object != null && asserts(keyword) ? object.find(keyword) : -1;
    }

    private boolean asserts(String keyword) {
        Dialect dialect = Objects.requireNonNull(document.owners[node]).dialect;
        return (!VALIDATION.contains(keyword) || dialect.validation())
                && (!APPLICATOR.contains(keyword) || dialect.applicator())
                && (!UNEVALUATED.contains(keyword) || dialect.unevaluated());
    }

    /** A count; one over an int is the largest int. */
    public int count(String keyword, int otherwise) throws SchemaException {
        return object == null || find(keyword) < 0 ? otherwise : object.count(keyword, otherwise);
    }

    public boolean flag(String keyword) throws SchemaException {
        return object != null && find(keyword) >= 0 && object.flag(keyword);
    }

    /** The strings of an array, or the one string that stands for it. */
    public List<String> strings(String keyword) throws SchemaException {
        int value = find(keyword);
        if (object == null || value < 0) {
            return List.of();
        }
        return document.tape.kind(value) == JsonTape.STRING
                ? List.of(document.tape.text(value))
                : object.strings(value);
    }

    /** The strings of each member's array. */
    public Map<String, List<String>> stringsByName(String keyword) throws SchemaException {
        Map<String, List<String>> found = new LinkedHashMap<>();
        if (object != null && find(keyword) >= 0) {
            for (Map.Entry<String, Integer> entry : object.map(keyword).entrySet()) {
                found.put(entry.getKey(), object.strings(entry.getValue()));
            }
        }
        return found;
    }

    /** The format that is asserted, or null. */
    public @Nullable StringFormat format() throws SchemaException {
        String name = object == null ? null : object.string("format");
        boolean asserted = source.assertFormats
                || Objects.requireNonNull(document.owners[node]).dialect.formatAssertion();
        return name == null || !asserted ? null : StringFormat.find(name);
    }

    public @Nullable SchemaText schema(String keyword) throws SchemaException {
        int value = find(keyword);
        return value < 0 ? null : at(value);
    }

    public List<SchemaText> list(String keyword) throws SchemaException {
        List<SchemaText> found = new ArrayList<>();
        if (object != null && find(keyword) >= 0) {
            for (int item : object.array(keyword, false)) {
                found.add(at(item));
            }
        }
        return found;
    }

    public Map<String, SchemaText> map(String keyword) throws SchemaException {
        Map<String, SchemaText> found = new LinkedHashMap<>();
        if (object != null && find(keyword) >= 0) {
            for (Map.Entry<String, Integer> entry : object.map(keyword).entrySet()) {
                found.put(entry.getKey(), at(entry.getValue()));
            }
        }
        return found;
    }

    private SchemaText at(int child) throws SchemaException {
        return new SchemaText(source, document, child);
    }

    /** What {@code $ref} or {@code $dynamicRef} names, or null where that keyword is absent. */
    public @Nullable SchemaText reference(String keyword) throws SchemaException {
        SchemaLibrary.Place place = place(keyword);
        return place == null ? null : new SchemaText(source, place.resource().document, place.node());
    }

    private SchemaLibrary.@Nullable Place place(String keyword) throws SchemaException {
        String reference = object == null ? null : object.string(keyword);
        SchemaResource owner = Objects.requireNonNull(document.owners[node]);
        return reference == null ? null : source.library.resolve(owner, reference);
    }

    /** Whether its {@code $dynamicRef} may lead elsewhere than {@link #reference} says, by the way that evaluation took. */
    public boolean isDynamic() throws SchemaException {
        SchemaLibrary.Place place = place("$dynamicRef");
        if (object == null || place == null) {
            return false;
        }
        String anchor = UriReferences.fragment(Objects.requireNonNull(object.string("$dynamicRef")));
        return place.resource().dynamicAnchors.contains(anchor)
                && source.library.resources().stream()
                                .filter(resource -> resource.dynamicAnchors.contains(anchor))
                                .count()
                        > 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SchemaText text && text.document == document && text.node == node;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(document) * 31 + node;
    }

    @Override
    public String toString() {
        return "SchemaText[" + uri() + "#" + pointer() + "]";
    }
}
