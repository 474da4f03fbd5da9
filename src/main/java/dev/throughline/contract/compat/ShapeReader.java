package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.ArrayAsks;
import dev.throughline.contract.compat.Shape.InPlace;
import dev.throughline.contract.compat.Shape.Limit;
import dev.throughline.contract.compat.Shape.NumberAsks;
import dev.throughline.contract.compat.Shape.ObjectAsks;
import dev.throughline.contract.compat.Shape.Part;
import dev.throughline.contract.compat.Shape.TextAsks;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.SchemaText;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decodes a schema and all that it reaches. Used once. */
final class ShapeReader {
    /** Schemas, subschemas included, of one side. */
    static final int SHAPES_MAX = 40_000;

    private static final List<String> ASSERTING = List.of(
            "type, enum, const, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern, "
                    .concat(
                            "format, minItems, maxItems, uniqueItems, minProperties, maxProperties, required, dependentRequired, ")
                    .concat(
                            "allOf, anyOf, oneOf, not, if, dependentSchemas, properties, patternProperties, additionalProperties, ")
                    .concat(
                            "propertyNames, prefixItems, items, contains, unevaluatedProperties, unevaluatedItems, $dynamicRef")
                    .split(", "));

    private final Trials trials;
    private final Map<SchemaText, Shape> shapes = new HashMap<>();
    private final ArrayDeque<Pending> queue = new ArrayDeque<>();
    private boolean dynamic;

    private record Pending(SchemaText text, Shape target) {}

    ShapeReader(Trials trials) {
        this.trials = trials;
    }

    /** Whether a reference depends on the way that evaluation took: then no schema means anything alone. */
    boolean isDynamic() {
        return dynamic;
    }

    List<Shape> all() {
        return new ArrayList<>(shapes.values());
    }

    Shape read(SchemaText root) throws SchemaException {
        Shape shape = shape(root);
        for (Pending next = queue.poll(); next != null; next = queue.poll()) {
            fill(next.text(), next.target());
        }
        for (Shape each : shapes.values()) {
            Evaluated.complete(each);
        }
        return shape;
    }

    private Shape shape(SchemaText text) throws SchemaException {
        SchemaText last = text;
        for (SchemaText next = onlyReference(last); next != null; next = onlyReference(last)) {
            last = next;
        }
        Shape known = shapes.get(last);
        if (known != null) {
            return known;
        }
        if (shapes.size() == SHAPES_MAX) {
            throw new Budget.Exhausted();
        }
        String where = last.uri() + (last.uri().isEmpty() ? "" : "#") + last.pointer();
        JsonSchema compiled = last.compiled();
        Shape made = new Shape(where, trials.of(compiled), compiled);
        shapes.put(last, made);
        queue.add(new Pending(last, made));
        return made;
    }

    /** The target of a schema that is nothing but a reference. */
    private static @Nullable SchemaText onlyReference(SchemaText text) throws SchemaException {
        SchemaText target = text.reference("$ref");
        return target != null && ASSERTING.stream().allMatch(keyword -> text.find(keyword) < 0) ? target : null;
    }

    private void fill(SchemaText text, Shape out) throws SchemaException {
        Signature own = new Signature();
        List<Part> parts = new ArrayList<>();
        if (text.isNever()) {
            out.never = true;
            own.add("false", true);
        }
        if (text.find("type") >= 0) {
            out.kinds = Kind.ofTypes(text.strings("type"));
            own.add("type", out.kinds);
        }
        out.literals = literals(text, own);
        out.literalsKeyword = text.find("const") >= 0 ? "const" : "enum";
        out.numbers = numbers(text, own);
        out.texts = texts(text, own);
        out.arrays = arrays(text, own, parts);
        out.objects = objects(text, own, parts);
        rules(text, out, parts);
        out.inPlace = inPlace(text, parts);
        out.own = own.toString();
        out.parts = List.copyOf(parts);
    }

    private static @Nullable List<Value> literals(SchemaText text, Signature own) {
        List<Value> found = null;
        int node = text.find("enum");
        if (node >= 0) {
            found = ((Value.Items) Value.of(text.tape(), node)).items();
            own.literals(found);
        }
        int constant = text.find("const");
        if (constant >= 0) {
            found = List.of(Value.of(text.tape(), constant));
            own.literals(found);
        }
        return found;
    }

    // ---- scalars

    private static NumberAsks numbers(SchemaText text, Signature own) {
        Limit lower = null;
        Limit upper = null;
        BigDecimal multipleOf = null;
        boolean unread = false;
        for (String keyword : List.of("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")) {
            int node = text.find(keyword);
            if (node < 0) {
                continue;
            }
            BigDecimal number = Numbers.read(text.tape().text(node));
            own.add(keyword, number == null ? text.tape().text(node) : number);
            if (number == null) {
                unread = true;
            } else if (keyword.equals("multipleOf")) {
                multipleOf = number;
            } else {
                Limit limit = new Limit(number, keyword.startsWith("exclusive"), keyword);
                lower = keyword.endsWith("inimum") ? NumberProof.tighter(lower, limit, 1) : lower;
                upper = keyword.endsWith("aximum") ? NumberProof.tighter(upper, limit, -1) : upper;
            }
        }
        return new NumberAsks(lower, upper, multipleOf, unread);
    }

    private static TextAsks texts(SchemaText text, Signature own) throws SchemaException {
        int pattern = text.find("pattern");
        TextAsks asks = new TextAsks(
                text.count("minLength", 0),
                text.count("maxLength", Shape.UNBOUNDED),
                pattern < 0 ? null : text.tape().text(pattern),
                text.format());
        own.count("minLength", asks.minLength(), 0).count("maxLength", asks.maxLength(), Shape.UNBOUNDED);
        own.pattern(asks.pattern()).add("format", asks.format());
        return asks;
    }

    // ---- containers

    private ArrayAsks arrays(SchemaText text, Signature own, List<Part> parts) throws SchemaException {
        Shape contains = optional(text, "contains", parts);
        ArrayAsks asks = new ArrayAsks(
                text.count("minItems", 0),
                text.count("maxItems", Shape.UNBOUNDED),
                text.flag("uniqueItems"),
                contains,
                contains == null ? 1 : text.count("minContains", 1),
                contains == null ? Shape.UNBOUNDED : text.count("maxContains", Shape.UNBOUNDED));
        own.count("minItems", asks.minItems(), 0).count("maxItems", asks.maxItems(), Shape.UNBOUNDED);
        own.count("minContains", asks.minContains(), 1).count("maxContains", asks.maxContains(), Shape.UNBOUNDED);
        own.add("uniqueItems", asks.unique() ? true : null);
        return asks;
    }

    private ObjectAsks objects(SchemaText text, Signature own, List<Part> parts) throws SchemaException {
        Map<String, List<String>> dependent = text.stringsByName("dependentRequired");
        ObjectAsks asks = new ObjectAsks(
                text.count("minProperties", 0),
                text.count("maxProperties", Shape.UNBOUNDED),
                new LinkedHashSet<>(text.strings("required")),
                dependent,
                map(text, "dependentSchemas", parts),
                optional(text, "propertyNames", parts));
        own.count("minProperties", asks.minProperties(), 0)
                .count("maxProperties", asks.maxProperties(), Shape.UNBOUNDED);
        if (!asks.required().isEmpty()) {
            own.required(asks.required());
        }
        Map<String, Set<String>> sorted = new TreeMap<>();
        dependent.forEach((name, others) -> sorted.put(Signature.quote(name), Signature.quoted(others)));
        own.add("dependentRequired", sorted.isEmpty() ? null : sorted);
        return asks;
    }

    private void rules(SchemaText text, Shape out, List<Part> parts) throws SchemaException {
        Map<String, Shape> names = map(text, "properties", parts);
        Map<String, Shape> patterns = map(text, "patternProperties", parts);
        Shape additional = optional(text, "additionalProperties", parts);
        if (!names.isEmpty() || !patterns.isEmpty() || additional != null) {
            out.memberGoals = List.of(new MemberRule(names, patterns, additional, "additionalProperties"));
        }
        List<Shape> prefix = list(text, "prefixItems", parts, true);
        Shape items = optional(text, "items", parts);
        if (!prefix.isEmpty() || items != null) {
            out.itemGoals = List.of(new ItemRule(List.copyOf(prefix), items, "items"));
        }
        out.unevaluatedProperties = optional(text, "unevaluatedProperties", parts);
        out.unevaluatedItems = optional(text, "unevaluatedItems", parts);
    }

    private InPlace inPlace(SchemaText text, List<Part> parts) throws SchemaException {
        List<Shape> all = new ArrayList<>(list(text, "allOf", new ArrayList<>(), false));
        for (String keyword : List.of("$ref", "$dynamicRef")) {
            SchemaText target = text.reference(keyword);
            if (target != null) {
                all.add(shape(target));
            }
        }
        dynamic |= text.isDynamic();
        if (!all.isEmpty()) {
            parts.add(new Part("allOf", List.copyOf(all), false));
        }
        boolean conditional = text.find("if") >= 0 && (text.find("then") >= 0 || text.find("else") >= 0);
        // An "if" alone asserts nothing, but what it evaluates counts.
        return new InPlace(
                List.copyOf(all),
                list(text, "anyOf", parts, false),
                list(text, "oneOf", parts, false),
                optional(text, "not", parts),
                optional(text, "if", parts),
                conditional ? optional(text, "then", parts) : null,
                conditional ? optional(text, "else", parts) : null);
    }

    private @Nullable Shape optional(SchemaText text, String keyword, List<Part> parts) throws SchemaException {
        SchemaText schema = text.schema(keyword);
        if (schema == null) {
            return null;
        }
        Shape shape = shape(schema);
        parts.add(new Part(keyword, List.of(shape), true));
        return shape;
    }

    private List<Shape> list(SchemaText text, String keyword, List<Part> parts, boolean ordered)
            throws SchemaException {
        List<Shape> found = new ArrayList<>();
        for (SchemaText schema : text.list(keyword)) {
            found.add(shape(schema));
        }
        if (!found.isEmpty()) {
            parts.add(new Part(keyword, List.copyOf(found), ordered));
        }
        return List.copyOf(found);
    }

    private Map<String, Shape> map(SchemaText text, String keyword, List<Part> parts) throws SchemaException {
        Map<String, Shape> found = new LinkedHashMap<>();
        for (Map.Entry<String, SchemaText> entry : text.map(keyword).entrySet()) {
            found.put(entry.getKey(), shape(entry.getValue()));
        }
        for (Map.Entry<String, Shape> entry : new TreeMap<>(found).entrySet()) {
            parts.add(new Part(keyword + Signature.quote(entry.getKey()), List.of(entry.getValue()), true));
        }
        return found;
    }

    /** What a schema says beside its parts, in one order and form. */
    static final class Signature {
        private final StringBuilder text = new StringBuilder();

        Signature add(String keyword, @Nullable Object value) {
            if (value != null) {
                text.append(keyword).append('=').append(value).append(';');
            }
            return this;
        }

        Signature count(String keyword, int count, int otherwise) {
            return add(keyword, count == otherwise ? null : count);
        }

        Signature literals(List<Value> values) {
            return add("enum", values.stream().map(Value::json).sorted().toList());
        }

        Signature pattern(@Nullable String pattern) {
            return add("pattern", pattern == null ? null : quote(pattern));
        }

        Signature required(Set<String> names) {
            return add("required", quoted(names));
        }

        static Set<String> quoted(Iterable<String> names) {
            Set<String> quoted = new TreeSet<>();
            names.forEach(name -> quoted.add(quote(name)));
            return quoted;
        }

        static String quote(String text) {
            return new Value.Text(text).json();
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
