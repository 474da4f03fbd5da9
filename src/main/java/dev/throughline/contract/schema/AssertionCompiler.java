package dev.throughline.contract.schema;

import dev.throughline.contract.format.StringFormat;
import dev.throughline.contract.pattern.PatternException;
import dev.throughline.contract.pattern.TextPattern;
import dev.throughline.contract.schema.NumberRules.Bound;
import dev.throughline.contract.schema.NumberRules.Divisor;
import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keywords that look at one value and hold no schemas. */
final class AssertionCompiler {
    private static final int DIVISOR_DIGITS_MAX = 1_000;

    private AssertionCompiler() {}

    /** Types, literals, and the rules of texts and numbers. */
    static void compile(SchemaObject schema, Dialect dialect, boolean assertFormats, CompiledSchema out)
            throws SchemaException {
        if (dialect.validation()) {
            types(schema, out);
            out.literals = literals(schema, out);
            out.numbers = numbers(schema);
        }
        out.strings = strings(schema, dialect, assertFormats);
        annotations(schema);
    }

    private static void types(SchemaObject schema, CompiledSchema out) throws SchemaException {
        int node = schema.find("type");
        if (node < 0) {
            return;
        }
        boolean single = schema.tape.kind(node) == JsonTape.STRING;
        List<String> names = single ? List.of(schema.tape.text(node)) : schema.strings(node);
        if (names.isEmpty()) {
            throw schema.malformed(node);
        }
        int types = 0;
        boolean numbers = false;
        for (String name : names) {
            numbers |= name.equals("number");
            int bits = typeBits(name);
            if (bits == 0) {
                throw schema.malformed(node);
            }
            types |= bits;
        }
        out.types = types;
        out.integersOnly = (types & 1 << JsonTape.NUMBER) != 0 && !numbers;
    }

    private static int typeBits(String name) {
        return switch (name) {
            case "object" -> 1 << JsonTape.OBJECT;
            case "array" -> 1 << JsonTape.ARRAY;
            case "string" -> 1 << JsonTape.STRING | 1 << JsonTape.KEY;
            case "number", "integer" -> 1 << JsonTape.NUMBER;
            case "boolean" -> 1 << JsonTape.TRUE | 1 << JsonTape.FALSE;
            case "null" -> 1 << JsonTape.NULL;
            default -> 0;
        };
    }

    /** {@code enum}, or {@code const}; where both are given, {@code const} becomes a check beside it. */
    private static @Nullable Literals literals(SchemaObject schema, CompiledSchema out) throws SchemaException {
        int constant = schema.find("const");
        if (schema.find("enum") < 0) {
            return constant < 0 ? null : literals(Rule.CONST, schema.tape, List.of(constant));
        }
        if (constant >= 0) {
            Literals literals = literals(Rule.CONST, schema.tape, List.of(constant));
            out.checks = append(out.checks, (run, node, track) -> literals.holds(run, node));
        }
        return literals(Rule.ENUM, schema.tape, schema.array("enum", true));
    }

    private static Literals literals(Rule rule, JsonTape tape, List<Integer> nodes) {
        List<String> texts = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int node : nodes) {
            if (tape.kind(node) != JsonTape.STRING) {
                others.add(node);
            } else if (!texts.contains(tape.text(node))) {
                texts.add(tape.text(node));
            }
        }
        return new Literals(
                rule, tape, texts, others.stream().mapToInt(Integer::intValue).toArray());
    }

    static Check[] append(Check[] checks, Check check) {
        Check[] longer = java.util.Arrays.copyOf(checks, checks.length + 1);
        longer[checks.length] = check;
        return longer;
    }

    private static @Nullable NumberRules numbers(SchemaObject schema) throws SchemaException {
        Bound[] bounds = Stream.of(
                        bound(schema, Rule.MINIMUM),
                        bound(schema, Rule.MAXIMUM),
                        bound(schema, Rule.EXCLUSIVE_MINIMUM),
                        bound(schema, Rule.EXCLUSIVE_MAXIMUM))
                .flatMap(Stream::ofNullable)
                .toArray(Bound[]::new);
        Divisor divisor = divisor(schema);
        return bounds.length == 0 && divisor == null ? null : new NumberRules(bounds, divisor);
    }

    private static @Nullable Bound bound(SchemaObject schema, Rule rule) throws SchemaException {
        int node = schema.number(rule.keyword());
        return node < 0 ? null : new Bound(rule, schema.tape, node);
    }

    private static @Nullable Divisor divisor(SchemaObject schema) throws SchemaException {
        int node = schema.number("multipleOf");
        if (node < 0) {
            return null;
        }
        JsonTape tape = schema.tape;
        Decimal number = new Decimal().read(tape.bytes(), tape.start(node), tape.end(node));
        if (number.isZero() || number.isNegative()) {
            throw schema.malformed(node);
        }
        if (number.digits() > DIVISOR_DIGITS_MAX) {
            throw schema.document.failure("number_too_long", node);
        }
        return new Divisor(number.unscaled(), number.scale(), NumberRules.isLong(tape, node), tape.longValue(node, 1));
    }

    private static @Nullable StringRules strings(SchemaObject schema, Dialect dialect, boolean assertFormats)
            throws SchemaException {
        String formatName = schema.string("format");
        StringFormat format = formatName == null || (!assertFormats && !dialect.formatAssertion())
                ? null
                : StringFormat.find(formatName);
        int min = 0;
        int max = Integer.MAX_VALUE;
        TextPattern pattern = null;
        if (dialect.validation()) {
            min = schema.count("minLength", 0);
            max = schema.count("maxLength", Integer.MAX_VALUE);
            String source = schema.string("pattern");
            pattern = source == null ? null : pattern(schema, source, schema.find("pattern"));
        }
        boolean none = min == 0 && max == Integer.MAX_VALUE && pattern == null && format == null;
        return none ? null : new StringRules(min, max, pattern, format);
    }

    static TextPattern pattern(SchemaObject schema, String source, int node) throws SchemaException {
        try {
            TextPattern pattern = TextPattern.compile(source);
            PatternBudget budget = schema.document.patterns;
            if (budget != null && !pattern.isLinear()) {
                throw schema.document.failure("runaway_pattern", node);
            }
            if (budget != null && !budget.take(pattern.weight())) {
                throw schema.document.failure("patterns_too_large", node);
            }
            return pattern;
        } catch (PatternException malformed) {
            throw schema.document.failure("malformed_pattern", node);
        }
    }

    /** Keywords that only describe, so that their types are checked and nothing else. */
    private static void annotations(SchemaObject schema) throws SchemaException {
        schema.string("$comment");
        schema.string("title");
        schema.string("description");
        schema.string("contentEncoding");
        schema.string("contentMediaType");
        schema.flag("deprecated");
        schema.flag("readOnly");
        schema.flag("writeOnly");
        schema.array("examples", true);
    }
}
