package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The documents of one compilation, and the resources they hold by URI. Loads what a reference names, from memory. */
final class SchemaLibrary {
    private static final String[] SCHEMA_KEYWORDS = {
        "additionalProperties",
        "unevaluatedProperties",
        "items",
        "unevaluatedItems",
        "contains",
        "propertyNames",
        "not",
        "if",
        "then",
        "else",
        "contentSchema"
    };
    private static final String[] LIST_KEYWORDS = {"allOf", "anyOf", "oneOf", "prefixItems"};
    private static final String[] MAP_KEYWORDS = {
        "properties", "patternProperties", "dependentSchemas", "$defs", "definitions"
    };

    private final SchemaOptions options;
    private final Map<String, SchemaResource> byUri = new HashMap<>();
    private final List<SchemaResource> resources = new ArrayList<>();

    SchemaLibrary(SchemaOptions options) {
        this.options = options;
    }

    List<SchemaResource> resources() {
        return resources;
    }

    SchemaDocument add(byte[] json, String uri) throws SchemaException {
        return add(SchemaDocument.parse(json, uri), uri);
    }

    private SchemaDocument add(JsonTape tape, String uri) throws SchemaException {
        SchemaDocument document = new SchemaDocument(tape, uri, options.patterns());
        if (!document.isSchema(0)) {
            throw document.failure("malformed_schema", 0);
        }
        SchemaResource root = resource(document, 0, uri, Dialect.STANDARD, true);
        byUri.putIfAbsent(uri, root);
        index(document, 0, root);
        return document;
    }

    /** The resource of an absolute URI without fragment, or null where it is not at hand. */
    @Nullable
    SchemaResource find(String uri) throws SchemaException {
        SchemaResource known = byUri.get(uri);
        if (known != null) {
            return known;
        }
        byte[] remote = options.remotes().get(uri);
        if (remote != null) {
            add(remote, uri);
            return byUri.get(uri);
        }
        JsonTape metaSchema = MetaSchemas.find(uri);
        if (metaSchema != null) {
            add(metaSchema, uri);
        }
        return byUri.get(uri);
    }

    private SchemaResource resource(SchemaDocument document, int node, String base, Dialect inherited, boolean root)
            throws SchemaException {
        String uri = base;
        Dialect dialect = inherited;
        if (document.tape.kind(node) == JsonTape.OBJECT) {
            SchemaObject schema = new SchemaObject(document, node);
            String id = schema.string("$id");
            if (id != null) {
                if (!UriReferences.fragment(id).isEmpty()) {
                    throw document.failure("malformed_uri", schema.find("$id"));
                }
                uri = UriReferences.resolve(base, id);
            }
            String metaSchema = schema.string("$schema");
            if (metaSchema != null) {
                dialect = dialect(UriReferences.withoutFragment(metaSchema), document, schema.find("$schema"));
            }
        }
        SchemaResource resource = new SchemaResource(resources.size(), document, node, uri, dialect);
        resources.add(resource);
        SchemaResource other = byUri.putIfAbsent(uri, resource);
        if (other != null && other.document == document && !root) {
            throw document.failure("duplicate_identifier", node);
        }
        return resource;
    }

    private Dialect dialect(String uri, SchemaDocument document, int node) throws SchemaException {
        if (uri.equals(Dialect.URI) || MetaSchemas.find(uri) != null) {
            return Dialect.STANDARD;
        }
        SchemaResource metaSchema = options.remotes().containsKey(uri) ? find(uri) : null;
        if (metaSchema == null) {
            throw document.failure("unsupported_dialect", node);
        }
        SchemaObject schema = new SchemaObject(metaSchema.document, metaSchema.root);
        if (schema.find("$vocabulary") < 0) {
            return Dialect.STANDARD;
        }
        Map<String, Boolean> vocabularies = new HashMap<>();
        schema.map("$vocabulary")
                .forEach(
                        (name, value) -> vocabularies.put(name, metaSchema.document.tape.kind(value) == JsonTape.TRUE));
        Dialect dialect = Dialect.of(vocabularies);
        if (dialect == null) {
            throw document.failure("unsupported_vocabulary", node);
        }
        return dialect;
    }

    /** Notes identifiers and anchors of all schemas below a node, where keywords say that schemas stand. */
    private void index(SchemaDocument document, int node, SchemaResource enclosing) throws SchemaException {
        if (!document.isSchema(node)) {
            throw document.failure("malformed_keyword", node);
        }
        document.owners[node] = enclosing;
        if (document.tape.kind(node) != JsonTape.OBJECT) {
            return;
        }
        SchemaObject schema = new SchemaObject(document, node);
        SchemaResource owner = enclosing;
        if (schema.find("$id") >= 0 && node != enclosing.root) {
            owner = resource(document, node, enclosing.uri, enclosing.dialect, false);
            document.owners[node] = owner;
        } else if (schema.find("$schema") >= 0 && node != enclosing.root) {
            throw schema.malformed(schema.find("$schema"));
        }
        anchor(schema, owner, "$anchor");
        anchor(schema, owner, "$dynamicAnchor");
        for (String keyword : SCHEMA_KEYWORDS) {
            if (schema.find(keyword) >= 0) {
                index(document, schema.find(keyword), owner);
            }
        }
        for (String keyword : LIST_KEYWORDS) {
            for (int item : schema.array(keyword, false)) {
                index(document, item, owner);
            }
        }
        for (String keyword : MAP_KEYWORDS) {
            for (int member : schema.map(keyword).values()) {
                index(document, member, owner);
            }
        }
    }

    private static void anchor(SchemaObject schema, SchemaResource owner, String keyword) throws SchemaException {
        String name = schema.string(keyword);
        if (name == null) {
            return;
        }
        if (!isAnchor(name)) {
            throw schema.malformed(schema.find(keyword));
        }
        Integer other = owner.anchors.put(name, schema.node);
        if (other != null && other != schema.node) {
            throw schema.document.failure("duplicate_identifier", schema.find(keyword));
        }
        if (keyword.equals("$dynamicAnchor")) {
            owner.dynamicAnchors.add(name);
        }
    }

    private static boolean isAnchor(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean starts = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
            if (c >= 0x80 || (!starts && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.')))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** A node, and the resource that a reference names it in. */
    record Place(SchemaResource resource, int node) {}

    /** What a reference in {@code owner} names, or null where that is not at hand. */
    @Nullable
    Place resolve(SchemaResource owner, String reference) throws SchemaException {
        SchemaResource resource = find(UriReferences.resolve(owner.uri, reference));
        if (resource == null) {
            return null;
        }
        String fragment = UriReferences.fragment(reference);
        boolean pointer = fragment.isEmpty() || fragment.startsWith("/");
        int node = pointer ? locate(resource, fragment) : resource.anchors.getOrDefault(fragment, -1);
        return node < 0 ? null : new Place(resource, node);
    }

    /** The node that a pointer names within a resource, or -1; what was not known as a schema is indexed now. */
    int locate(SchemaResource resource, String pointer) throws SchemaException {
        SchemaDocument document = resource.document;
        JsonTape tape = document.tape;
        int node = resource.root;
        SchemaResource owner = resource;
        String[] tokens =
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1);
        for (String token : tokens) {
            node = child(tape, node, token.replace("~1", "/").replace("~0", "~"));
            if (node < 0) {
                return -1;
            }
            owner = Objects.requireNonNullElse(document.owners[node], owner);
        }
        if (document.owners[node] == null) {
            index(document, node, owner);
        }
        return node;
    }

    private static int child(JsonTape tape, int node, String token) {
        boolean object = tape.kind(node) == JsonTape.OBJECT;
        if (!object && tape.kind(node) != JsonTape.ARRAY) {
            return -1;
        }
        int index = 0;
        for (int child = node + 1; child < tape.next(node); index++) {
            int value = object ? child + 1 : child;
            if (object ? tape.text(child).equals(token) : token.equals(Integer.toString(index))) {
                return value;
            }
            child = tape.next(value);
        }
        return -1;
    }
}
