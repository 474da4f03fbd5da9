package dev.throughline.contract.schema;

import dev.throughline.contract.pattern.TextPattern;
import dev.throughline.contract.schema.Applicators.DynamicRef;
import dev.throughline.contract.schema.ObjectRules.Dependency;
import dev.throughline.telemetry.JsonTape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles one schema; used once. Schemas are made empty and filled from a queue, since they may refer in circles. */
final class SchemaCompiler {
    private final boolean assertFormats;
    private final SchemaLibrary library;
    private final ArrayDeque<Pending> queue = new ArrayDeque<>();
    private final List<CompiledSchema> all = new ArrayList<>();
    private final List<SchemaResource> owners = new ArrayList<>();
    private final List<DynamicRef> dynamicRefs = new ArrayList<>();
    private final Set<String> declaredNames = new HashSet<>();

    private record Pending(SchemaDocument document, int node, CompiledSchema target) {}

    SchemaCompiler(SchemaOptions options) {
        assertFormats = options.assertFormats();
        library = new SchemaLibrary(options);
    }

    JsonSchema compile(byte[] json) throws SchemaException {
        SchemaDocument document = compileDocument(json);
        return new JsonSchema(schema(document, 0), declaredNames);
    }

    /** Compiles all that the root of the document reaches. */
    SchemaDocument compileDocument(byte[] json) throws SchemaException {
        SchemaDocument document = library.add(json, "");
        schema(document, 0);
        fillAll();
        resolveDynamicRefs();
        refuseEndlessReferences(document);
        Shortcuts.take(all);
        return document;
    }

    /** The documents of what was compiled. */
    SchemaLibrary library() {
        return library;
    }

    private void fillAll() throws SchemaException {
        for (Pending next = queue.poll(); next != null; next = queue.poll()) {
            fill(next.document(), next.node(), next.target());
        }
    }

    /** The compiled form of a schema node, perhaps yet to be filled. */
    private CompiledSchema schema(SchemaDocument document, int node) throws SchemaException {
        CompiledSchema known = document.compiled[node];
        if (known != null) {
            return known;
        }
        if (!document.isSchema(node)) {
            throw document.failure("malformed_keyword", node);
        }
        CompiledSchema made = new CompiledSchema();
        document.compiled[node] = made;
        SchemaResource owner = Objects.requireNonNull(document.owners[node]);
        owner.reached = true;
        all.add(made);
        owners.add(owner);
        if (document.tape.kind(node) == JsonTape.OBJECT) {
            queue.add(new Pending(document, node, made));
        } else if (document.tape.kind(node) == JsonTape.FALSE) {
            made.types = 0;
            made.never = true;
        }
        return made;
    }

    private void fill(SchemaDocument document, int node, CompiledSchema out) throws SchemaException {
        SchemaObject schema = new SchemaObject(document, node);
        SchemaResource owner = Objects.requireNonNull(document.owners[node]);
        Dialect dialect = owner.dialect;
        AssertionCompiler.compile(schema, dialect, assertFormats, out);
        references(schema, owner, out);
        if (dialect.applicator()) {
            applicators(schema, out);
        }
        out.objects = objects(schema, dialect);
        out.arrays = arrays(schema, dialect);
        if (dialect.unevaluated()) {
            out.unevaluatedProperties = optional(schema, "unevaluatedProperties");
            out.unevaluatedItems = optional(schema, "unevaluatedItems");
        }
        for (int definition : schema.map("$defs").values()) {
            schema(document, definition);
        }
    }

    private @Nullable CompiledSchema optional(SchemaObject schema, String keyword) throws SchemaException {
        int node = schema.find(keyword);
        return node < 0 ? null : schema(schema.document, node);
    }

    private CompiledSchema[] schemas(SchemaObject schema, Collection<Integer> nodes) throws SchemaException {
        CompiledSchema[] compiled = new CompiledSchema[nodes.size()];
        int n = 0;
        for (int node : nodes) {
            compiled[n++] = schema(schema.document, node);
        }
        return compiled;
    }

    // ---- references

    private record Target(CompiledSchema schema, SchemaResource resource, String fragment) {}

    private void references(SchemaObject schema, SchemaResource owner, CompiledSchema out) throws SchemaException {
        String ref = schema.string("$ref");
        if (ref != null) {
            Target target = resolve(schema, owner, ref, schema.find("$ref"));
            out.inPlace.add(target.schema);
            out.checks = AssertionCompiler.append(out.checks, new Applicators.Ref(target.schema));
        }
        String dynamicRef = schema.string("$dynamicRef");
        if (dynamicRef != null) {
            Target target = resolve(schema, owner, dynamicRef, schema.find("$dynamicRef"));
            Check check = new Applicators.Ref(target.schema);
            if (target.resource.dynamicAnchors.contains(target.fragment)) {
                DynamicRef dynamic = new DynamicRef(target.fragment, target.schema);
                dynamicRefs.add(dynamic);
                check = dynamic;
            } else {
                out.inPlace.add(target.schema);
            }
            out.checks = AssertionCompiler.append(out.checks, check);
        }
    }

    private Target resolve(SchemaObject schema, SchemaResource owner, String reference, int at) throws SchemaException {
        SchemaLibrary.Place place = library.resolve(owner, reference);
        if (place == null) {
            throw schema.document.failure("unresolvable_reference", at);
        }
        SchemaResource resource = place.resource();
        return new Target(schema(resource.document, place.node()), resource, UriReferences.fragment(reference));
    }

    /** Gives each dynamic reference the anchors of its name in every resource that evaluation can pass through. */
    private void resolveDynamicRefs() throws SchemaException {
        if (dynamicRefs.isEmpty()) {
            return;
        }
        for (int done = -1; done != all.size(); ) {
            done = all.size();
            for (DynamicRef ref : List.copyOf(dynamicRefs)) {
                ref.byResource =
                        Arrays.copyOf(ref.byResource, library.resources().size());
                for (SchemaResource resource : library.resources()) {
                    if (resource.reached && resource.dynamicAnchors.contains(ref.anchor)) {
                        int node = Objects.requireNonNull(resource.anchors.get(ref.anchor));
                        ref.byResource[resource.id] = schema(resource.document, node);
                    }
                }
            }
            fillAll();
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).resource = owners.get(i).id;
        }
    }

    /** A schema that applies to a value only what applies itself to the same value never ends. */
    private void refuseEndlessReferences(SchemaDocument document) throws SchemaException {
        Set<CompiledSchema> finished = new HashSet<>();
        for (CompiledSchema start : all) {
            Set<CompiledSchema> open = new HashSet<>();
            ArrayDeque<CompiledSchema> path = new ArrayDeque<>();
            path.push(start);
            while (!path.isEmpty()) {
                CompiledSchema top = path.peek();
                if (finished.contains(top) || !open.add(top)) {
                    finished.add(path.pop());
                    continue;
                }
                for (CompiledSchema next : top.inPlace) {
                    if (open.contains(next) && !finished.contains(next)) {
                        throw document.failure("endless_reference", 0);
                    }
                    path.push(next);
                }
            }
        }
    }

    // ---- applicators

    private void applicators(SchemaObject schema, CompiledSchema out) throws SchemaException {
        List<Check> checks = new ArrayList<>(List.of(out.checks));
        if (schema.find("allOf") >= 0) {
            checks.add(new Applicators.AllOf(inPlace(schema, schema.array("allOf", false), out)));
        }
        if (schema.find("anyOf") >= 0) {
            checks.add(new Applicators.AnyOf(inPlace(schema, schema.array("anyOf", false), out)));
        }
        if (schema.find("oneOf") >= 0) {
            checks.add(new Applicators.OneOf(inPlace(schema, schema.array("oneOf", false), out)));
        }
        if (schema.find("not") >= 0) {
            checks.add(new Applicators.Not(inPlace(schema, List.of(schema.find("not")), out)[0]));
        }
        CompiledSchema condition = optional(schema, "if");
        CompiledSchema then = optional(schema, "then");
        CompiledSchema otherwise = optional(schema, "else");
        if (condition != null) {
            checks.add(new Applicators.If(condition, then, otherwise));
            for (CompiledSchema each : new CompiledSchema[] {condition, then, otherwise}) {
                if (each != null) {
                    out.inPlace.add(each);
                }
            }
        }
        Map<String, Integer> dependent = schema.map("dependentSchemas");
        if (!dependent.isEmpty()) {
            Names names = new Names(List.copyOf(dependent.keySet()));
            checks.add(new Applicators.DependentSchemas(names, inPlace(schema, dependent.values(), out)));
        }
        out.checks = checks.toArray(new Check[0]);
    }

    private CompiledSchema[] inPlace(SchemaObject schema, Collection<Integer> nodes, CompiledSchema out)
            throws SchemaException {
        CompiledSchema[] branches = schemas(schema, nodes);
        out.inPlace.addAll(List.of(branches));
        return branches;
    }

    private @Nullable ArrayRules arrays(SchemaObject schema, Dialect dialect) throws SchemaException {
        ArrayRules rules = new ArrayRules();
        if (dialect.validation()) {
            rules.minItems = schema.count("minItems", 0);
            rules.maxItems = schema.count("maxItems", Integer.MAX_VALUE);
            rules.uniqueItems = schema.flag("uniqueItems");
            rules.minContains = schema.count("minContains", 1);
            rules.maxContains = schema.count("maxContains", Integer.MAX_VALUE);
            rules.minContainsGiven = schema.find("minContains") >= 0;
        }
        if (dialect.applicator()) {
            rules.prefix = schemas(schema, schema.array("prefixItems", false));
            rules.items = optional(schema, "items");
            rules.contains = optional(schema, "contains");
        }
        boolean none = rules.minItems == 0
                && rules.maxItems == Integer.MAX_VALUE
                && !rules.uniqueItems
                && rules.prefix.length == 0
                && rules.items == null
                && rules.contains == null;
        return none ? null : rules;
    }

    private @Nullable ObjectRules objects(SchemaObject schema, Dialect dialect) throws SchemaException {
        ObjectRules rules = new ObjectRules();
        Map<String, @Nullable CompiledSchema> slots = new LinkedHashMap<>();
        List<String> required = List.of();
        Map<String, Integer> dependent = Map.of();
        if (dialect.validation()) {
            rules.minProperties = schema.count("minProperties", 0);
            rules.maxProperties = schema.count("maxProperties", Integer.MAX_VALUE);
            required = schema.find("required") < 0 ? List.of() : schema.strings(schema.find("required"));
            required.forEach(name -> slots.put(name, null));
            dependent = schema.map("dependentRequired");
            for (Map.Entry<String, Integer> entry : dependent.entrySet()) {
                slots.put(entry.getKey(), null);
                schema.strings(entry.getValue()).forEach(name -> slots.put(name, null));
            }
        }
        if (dialect.applicator()) {
            for (Map.Entry<String, Integer> property : schema.map("properties").entrySet()) {
                slots.put(property.getKey(), schema(schema.document, property.getValue()));
            }
            patternProperties(schema, rules);
            rules.additional = optional(schema, "additionalProperties");
            rules.propertyNames = optional(schema, "propertyNames");
        }
        boolean none = slots.isEmpty()
                && rules.patterns.length == 0
                && rules.additional == null
                && rules.propertyNames == null
                && rules.minProperties == 0
                && rules.maxProperties == Integer.MAX_VALUE;
        if (none) {
            return null;
        }
        List<String> names = new ArrayList<>(slots.keySet());
        declaredNames.addAll(names);
        rules.names = new Names(names);
        rules.properties = slots.values().toArray(new CompiledSchema[0]);
        require(rules, required, names);
        rules.dependencies = dependencies(schema, dependent, names);
        return rules;
    }

    private void patternProperties(SchemaObject schema, ObjectRules rules) throws SchemaException {
        Map<String, Integer> members = schema.map("patternProperties");
        List<TextPattern> patterns = new ArrayList<>();
        for (Map.Entry<String, Integer> entry : members.entrySet()) {
            patterns.add(AssertionCompiler.pattern(schema, entry.getKey(), entry.getValue()));
        }
        rules.patterns = patterns.toArray(new TextPattern[0]);
        rules.patternSchemas = schemas(schema, members.values());
    }

    private static void require(ObjectRules rules, List<String> required, List<String> names) {
        List<Integer> late = new ArrayList<>();
        for (String name : required) {
            int slot = names.indexOf(name);
            if (slot < Long.SIZE) {
                rules.required |= 1L << slot;
            } else {
                late.add(slot);
            }
        }
        rules.requiredLate = late.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Dependency[] dependencies(SchemaObject schema, Map<String, Integer> dependent, List<String> names)
            throws SchemaException {
        List<Dependency> dependencies = new ArrayList<>();
        for (Map.Entry<String, Integer> entry : dependent.entrySet()) {
            int[] slots = schema.strings(entry.getValue()).stream()
                    .mapToInt(names::indexOf)
                    .toArray();
            dependencies.add(new Dependency(names.indexOf(entry.getKey()), slots));
        }
        return dependencies.toArray(new Dependency[0]);
    }
}
