package dev.throughline.contract;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.PatternBudget;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.SchemaOptions;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compiled schemas by name ({@code integration-log/v1}), formats asserted. Immutable: adding gives a new catalogue. Within a schema,
 * each other one can be referred to as {@code urn:throughline:schema:<name>}, the built-in ones by their {@code $id} too.
 */
public final class SchemaCatalogue {
    public static final String LOG = "integration-log/v1";
    public static final String SPAN = "integration-span/v1";
    public static final String METRIC = "integration-metric/v1";

    /** Names and versions: lower-case words and a version. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,63}/v[0-9]{1,4}");

    private static final int SCHEMAS_MAX = 1_000;
    /** Of the patterns of all schemas that are added. */
    private static final long PATTERN_BYTES_MAX = 8 << 20;

    private static final String URN = "urn:throughline:schema:";
    private static final String ID = "https://throughline.dev/schemas/";

    /** What ingest itself adds to a record, which may come in again. */
    private static final Set<String> OWN_MEMBERS = Set.of("correlation_source", "sender_correlation_id");

    private static final byte[] PROPERTIES = "properties".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, byte[]> sources;
    private final Map<String, JsonSchema> compiled;
    /** By the name of an extension, what it extends. */
    private final Map<String, String> bases;

    private final PatternBudget patterns;

    private SchemaCatalogue(
            Map<String, byte[]> sources,
            Map<String, JsonSchema> compiled,
            Map<String, String> bases,
            PatternBudget patterns) {
        this.patterns = patterns;
        this.sources = Map.copyOf(sources);
        this.compiled = Map.copyOf(compiled);
        this.bases = Map.copyOf(bases);
    }

    private static final class BuiltIn {
        static final SchemaCatalogue CATALOGUE = compileBuiltIn();
    }

    /** The three schemas of the product. */
    public static SchemaCatalogue builtIn() {
        SchemaCatalogue known = BuiltIn.CATALOGUE;
        return new SchemaCatalogue(known.sources, known.compiled, known.bases, new PatternBudget(PATTERN_BYTES_MAX));
    }

    private static SchemaCatalogue compileBuiltIn() {
        Map<String, byte[]> sources = new HashMap<>();
        Map<String, JsonSchema> compiled = new HashMap<>();
        for (String name : new String[] {LOG, SPAN, METRIC}) {
            byte[] source = read("/contract/" + name.replace('/', '-') + ".schema.json");
            sources.put(URN + name, source);
            sources.put(ID + name, source);
            try {
                compiled.put(name, JsonSchema.compile(source, SchemaOptions.CONTRACT));
            } catch (SchemaException broken) {
                throw new IllegalStateException("built-in schema " + name + ": " + broken.getMessage(), broken);
            }
        }
        return new SchemaCatalogue(sources, compiled, Map.of(), new PatternBudget(0));
    }

    private static byte[] read(String resource) {
        try (InputStream in = SchemaCatalogue.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The schema of this name, or null. */
    public @Nullable JsonSchema find(String name) {
        return compiled.get(name);
    }

    /** The JSON text of the schema of this name, or null. */
    public byte @Nullable [] source(String name) {
        byte[] source = sources.get(URN + name);
        return source == null ? null : source.clone();
    }

    public Set<String> names() {
        return compiled.keySet();
    }

    /**
     * This catalogue and a schema of its own.
     *
     * @param json UTF-8
     * @throws SchemaException with {@code malformed_name} or {@code duplicate_name}, or where it does not compile
     */
    public SchemaCatalogue with(String name, byte[] json) throws SchemaException {
        checkName(name);
        return adding(name, json, JsonSchema.compile(json, linear()), bases);
    }

    /**
     * This catalogue and a schema that holds where {@code base} and {@code json} both hold.
     *
     * @throws SchemaException as {@link #with}, or with {@code unknown_base}
     */
    public SchemaCatalogue extending(String name, String base, byte[] json) throws SchemaException {
        checkName(name);
        JsonSchema extended = compiled.get(base);
        if (extended == null) {
            throw new SchemaException("unknown_base", base, "");
        }
        JsonSchema own = JsonSchema.compile(json, linear());
        Map<String, byte[]> remotes = new HashMap<>(sources);
        remotes.put(URN + name + ":extension", json.clone());
        byte[] both = new JsonWriter(256)
                .ascii("{\"allOf\":[{\"$ref\":")
                .string(URN + base)
                .ascii("},{\"$ref\":")
                .string(URN + name + ":extension")
                .ascii("}]}")
                .toByteArray();
        SchemaCatalogue known = new SchemaCatalogue(remotes, compiled, bases, patterns);
        Map<String, String> more = new HashMap<>(bases);
        more.put(name, base);
        JsonSchema joined = JsonSchema.both(extended, own);
        return known.adding(name, both, joined == null ? JsonSchema.compile(both, known.linear()) : joined, more);
    }

    /** Whether a schema is this one, or extends it, at whatever remove. */
    public boolean isExtensionOf(String name, String base) {
        String at = name;
        while (at != null && !at.equals(base)) {
            at = bases.get(at);
        }
        return at != null;
    }

    /** A schema that also refuses members on the first level that neither it nor what it extends names under {@code properties}. */
    public JsonSchema closed(String name) throws SchemaException {
        TreeSet<String> names = new TreeSet<>(OWN_MEMBERS);
        for (String at = name; at != null; at = bases.get(at)) {
            byte[] source = sources.get(URN + at + (bases.containsKey(at) ? ":extension" : ""));
            properties(source == null ? new byte[] {'{', '}'} : source, names);
        }
        JsonWriter members = new JsonWriter(512).ascii("{\"propertyNames\":{\"enum\":[");
        String comma = "";
        for (String member : names) {
            members.ascii(comma).string(member);
            comma = ",";
        }
        byte[] named = members.ascii("]}}").toByteArray();
        JsonSchema open = compiled.get(name);
        JsonSchema joined = open == null ? null : JsonSchema.both(open, JsonSchema.compile(named, linear()));
        return joined != null
                ? joined
                : JsonSchema.compile(
                        new JsonWriter(512)
                                .ascii("{\"allOf\":[{\"$ref\":")
                                .string(URN + name)
                                .ascii("},")
                                .raw(named)
                                .ascii("]}")
                                .toByteArray(),
                        linear());
    }

    private static void properties(byte[] schema, Set<String> names) {
        JsonTape tape = new JsonTape();
        try {
            tape.parseWhole(schema.clone());
        } catch (JsonSyntaxException compiledBefore) {
            throw new IllegalStateException("a compiled schema is not JSON", compiledBefore);
        }
        int properties = tape.kind(0) == JsonTape.OBJECT ? tape.member(0, PROPERTIES) : -1;
        if (properties >= 0) {
            for (int key = tape.firstChild(properties); key < tape.next(properties); key = tape.next(tape.value(key))) {
                names.add(tape.text(key));
            }
        }
    }

    /** Whether a schema can be called so: {@code orders/v1}. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private void checkName(String name) throws SchemaException {
        if (!isName(name)) {
            throw new SchemaException("malformed_name", "", "");
        }
        if (compiled.containsKey(name)) {
            throw new SchemaException("duplicate_name", name, "");
        }
        if (compiled.size() == SCHEMAS_MAX) {
            throw new SchemaException("too_many_schemas", name, "");
        }
    }

    /** How a schema is compiled that may refer to those of this catalogue. */
    public SchemaOptions options() {
        return new SchemaOptions(true, sources);
    }

    /** The same for a schema that records are to meet: no pattern of it may run away. */
    private SchemaOptions linear() {
        return new SchemaOptions(true, sources, patterns);
    }

    private SchemaCatalogue adding(String name, byte[] source, JsonSchema schema, Map<String, String> extended) {
        Map<String, byte[]> moreSources = new HashMap<>(sources);
        moreSources.put(URN + name, source.clone());
        Map<String, JsonSchema> more = new HashMap<>(compiled);
        more.put(name, schema);
        return new SchemaCatalogue(moreSources, more, extended, patterns);
    }

    @Override
    public String toString() {
        return "SchemaCatalogue" + names();
    }
}
