package dev.throughline.contract.schema;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A schema with a URI of its own: a document's root, or what an {@code $id} marks. */
final class SchemaResource {
    final int id;
    final SchemaDocument document;
    final int root;
    final String uri;
    final Dialect dialect;
    /** Nodes by {@code $anchor} and {@code $dynamicAnchor}. */
    final Map<String, Integer> anchors = new HashMap<>();

    final Set<String> dynamicAnchors = new HashSet<>();
    /** Whether any schema in it was compiled, so that it can be in the dynamic scope. */
    boolean reached;

    SchemaResource(int id, SchemaDocument document, int root, String uri, Dialect dialect) {
        this.id = id;
        this.document = document;
        this.root = root;
        this.uri = uri;
        this.dialect = dialect;
    }
}
