package dev.throughline.contract.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Schemas and instances from the same few names and values, so that rules meet and about half of the instances conform. */
public final class SchemaGenerator {
    private static final String[] NAMES = {"a", "b", "c", "d", "ab", "é"};
    private static final String[] PATTERNS = {"^a", "b$", "^[a-c]+$", "é|d", "^.{1,2}$", "\\\\d"};

    private final Random random;
    private final int definitions;

    public SchemaGenerator(long seed) {
        random = new Random(seed);
        definitions = random.nextInt(3);
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String name() {
        return "\"" + pick(NAMES) + "\"";
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(NAMES));
        Collections.shuffle(names, random);
        return names.subList(0, random.nextInt(4));
    }

    /** A schema, JSON. */
    public String root() {
        StringBuilder defs = new StringBuilder();
        for (int i = 0; i < definitions; i++) {
            // A definition refers only to later ones: no endless references.
            defs.append(i == 0 ? "" : ",").append("\"d").append(i).append("\":").append(schema(2, i + 1));
        }
        String body = object(0, 0);
        String separator = body.equals("{}") ? "" : ",";
        return "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$defs\":{" + defs + "}" + separator
                + body.substring(1);
    }

    private String schema(int depth, int firstDefinition) {
        int kind = random.nextInt(14);
        if (kind == 0) {
            return random.nextInt(3) == 0 ? "false" : "true";
        }
        if (kind <= 2 && firstDefinition < definitions) {
            return "{\"$ref\":\"#/$defs/d" + (firstDefinition + random.nextInt(definitions - firstDefinition)) + "\"}";
        }
        return object(depth, firstDefinition);
    }

    private String object(int depth, int firstDefinition) {
        List<String> keywords = new ArrayList<>();
        int n = 1 + random.nextInt(depth == 0 ? 4 : 3);
        for (int i = 0; i < n; i++) {
            String keyword = keyword(depth, firstDefinition);
            String label = keyword.substring(0, keyword.indexOf(':'));
            if (keywords.stream().noneMatch(k -> k.startsWith(label))) {
                keywords.add(keyword);
            }
        }
        return "{" + String.join(",", keywords) + "}";
    }

    private String list(int depth, int firstDefinition) {
        StringBuilder out = new StringBuilder("[");
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            out.append(schema(depth + 1, firstDefinition)).append(i == 1 ? "]" : ",");
        }
        return out.toString();
    }

    private String members(int depth, int firstDefinition, List<String> names) {
        StringBuilder out = new StringBuilder("{");
        for (String name : names) {
            out.append(out.length() == 1 ? "" : ",").append('"').append(name).append("\":");
            out.append(schema(depth + 1, firstDefinition));
        }
        return out.append('}').toString();
    }

    private String texts(List<String> names) {
        return names.isEmpty() ? "[]" : "[\"" + String.join("\",\"", names) + "\"]";
    }

    private String keyword(int depth, int first) {
        int kind = random.nextInt(depth > 2 ? 20 : 38);
        return switch (kind) {
            case 0, 1, 2 ->
                "\"type\":" + pick("\"object\"", "\"array\"", "\"string\"", "\"integer\"", "[\"number\",\"null\"]");
            case 3 -> "\"enum\":[" + value(2) + "," + value(3) + "," + value(3) + "]";
            case 4 -> "\"const\":" + value(2);
            case 5 -> "\"minimum\":" + pick("0", "1.5", "2", "-1e0");
            case 6 -> "\"exclusiveMaximum\":" + pick("3", "10", "2.50");
            case 7 -> "\"multipleOf\":" + pick("2", "0.5", "3", "1e0");
            case 8 -> "\"minLength\":" + random.nextInt(3);
            case 9 -> "\"maxLength\":" + random.nextInt(4);
            case 10 -> "\"pattern\":\"" + pick(PATTERNS) + "\"";
            case 11 -> "\"minItems\":" + random.nextInt(3);
            case 12 -> "\"maxItems\":" + random.nextInt(4);
            case 13 -> "\"uniqueItems\":" + random.nextBoolean();
            case 14, 15 -> "\"required\":" + texts(names());
            case 16 -> "\"minProperties\":" + random.nextInt(3);
            case 17 -> "\"maxProperties\":" + random.nextInt(4);
            case 18 -> "\"dependentRequired\":{" + name() + ":" + texts(names()) + "}";
            case 19 -> "\"format\":" + pick("\"ipv4\"", "\"date\"", "\"uuid\"");
            case 20, 21, 22 -> "\"properties\":" + members(depth, first, names());
            case 23 -> "\"patternProperties\":" + members(depth, first, List.of(pick(PATTERNS)));
            case 24 -> "\"additionalProperties\":" + schema(depth + 1, first);
            case 25 -> "\"propertyNames\":{\"maxLength\":1}";
            case 26 -> "\"items\":" + schema(depth + 1, first);
            case 27 -> "\"prefixItems\":" + list(depth, first);
            case 28 ->
                "\"contains\":" + schema(depth + 1, first) + pick("", ",\"minContains\":0", ",\"maxContains\":1");
            case 29, 30 -> "\"allOf\":" + list(depth, first);
            case 31 -> "\"anyOf\":" + list(depth, first);
            case 32 -> "\"oneOf\":" + list(depth, first);
            case 33 -> "\"not\":" + schema(depth + 1, first);
            case 34 ->
                "\"if\":" + schema(depth + 1, first) + ",\"then\":" + schema(depth + 1, first) + ",\"else\":"
                        + schema(depth + 1, first);
            case 35 -> "\"dependentSchemas\":" + members(depth, first, List.of(pick(NAMES)));
            case 36 -> "\"unevaluatedProperties\":" + pick("false", "{\"type\":\"string\"}");
            default -> "\"unevaluatedItems\":" + pick("false", "{\"type\":\"string\"}");
        };
    }

    /** An instance, JSON; {@code depth} is 0 for the whole. */
    public String value(int depth) {
        return switch (random.nextInt(depth > 2 ? 6 : 11)) {
            case 0 -> pick("null", "true", "false");
            case 1 -> pick("0", "1", "2", "3", "-1", "12");
            case 2 -> pick("1.0", "2.5", "0.5", "1e1", "3e0", "-0.0");
            case 3, 4, 5 ->
                pick("\"\"", "\"a\"", "\"ab\"", "\"abc\"", "\"é\"", "\"d1\"", "\"\\u0061\"", "\"\\ud83d\\ude00\"");
            case 6, 7 -> {
                StringBuilder out = new StringBuilder("[");
                for (int i = random.nextInt(4); i > 0; i--) {
                    out.append(value(depth + 1)).append(i == 1 ? "" : ",");
                }
                yield out.append(']').toString();
            }
            default -> {
                StringBuilder out = new StringBuilder("{");
                for (String name : names()) {
                    out.append(out.length() == 1 ? "" : ",")
                            .append('"')
                            .append(name)
                            .append("\":");
                    out.append(value(depth + 1));
                }
                yield out.append('}').toString();
            }
        };
    }
}
