package dev.throughline.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One mapping of the policy document, read strictly: unknown keys and wrong types are errors with their place. */
final class Section {
    private static final Pattern BYTES = Pattern.compile("(\\d{1,15})(|B|KiB|MiB|GiB|TiB)");

    private final JsonNode node;
    private final String place;

    /** @param known the keys it may have; none: any */
    Section(JsonNode node, String place, String... known) {
        this.node = node;
        this.place = place;
        if (!node.isObject()) {
            throw new PolicyException("wrong_type", at(""), "a mapping is expected");
        }
        Set<String> names = Set.of(known);
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!names.isEmpty() && !names.contains(entry.getKey())) {
                throw new PolicyException("unknown_key", at(entry.getKey()), "known here: " + new TreeSet<>(names));
            }
        }
    }

    String at(String key) {
        return key.isEmpty() ? (place.isEmpty() ? "/" : place) : place + "/" + key;
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    Section section(String key, String... known) {
        return new Section(has(key) ? node.get(key) : JsonNodeFactory.instance.objectNode(), at(key), known);
    }

    /** Each member of a mapping as a section of its own. */
    Map<String, Section> sections(String... known) {
        Map<String, Section> sections = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            sections.put(entry.getKey(), new Section(entry.getValue(), at(entry.getKey()), known));
        }
        return sections;
    }

    /** Each item of a list as a section of its own. */
    List<Section> list(String key, String... known) {
        List<Section> sections = new ArrayList<>();
        for (JsonNode item : items(key)) {
            sections.add(new Section(item, at(key) + "/" + sections.size(), known));
        }
        return sections;
    }

    /** A list of strings, or one string; empty where absent. */
    List<String> strings(String key) {
        if (has(key) && node.get(key).isTextual()) {
            return List.of(node.get(key).textValue());
        }
        List<String> strings = new ArrayList<>();
        for (JsonNode item : items(key)) {
            if (!item.isTextual()) {
                throw new PolicyException("wrong_type", at(key) + "/" + strings.size(), "a string is expected");
            }
            strings.add(item.textValue());
        }
        return strings;
    }

    private List<JsonNode> items(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (!node.get(key).isArray()) {
            throw new PolicyException("wrong_type", at(key), "a list is expected");
        }
        List<JsonNode> items = new ArrayList<>();
        node.get(key).forEach(items::add);
        return items;
    }

    Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    String string(String key, String otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!node.get(key).isTextual()) {
            throw new PolicyException("wrong_type", at(key), "a string is expected");
        }
        return node.get(key).textValue();
    }

    String required(String key) {
        if (!has(key)) {
            throw new PolicyException("missing_key", at(key), "it is required");
        }
        return string(key, "");
    }

    int integer(String key, int otherwise, int min, int max) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = node.get(key);
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < min || value.intValue() > max) {
            throw new PolicyException(
                    "out_of_range", at(key), "an integer from " + min + " to " + max + " is expected");
        }
        return value.intValue();
    }

    /** ISO 8601: {@code P14D}, {@code PT1H}. */
    Duration duration(String key, Duration otherwise) {
        try {
            return has(key) ? Duration.parse(string(key, "")) : otherwise;
        } catch (DateTimeParseException e) {
            throw new PolicyException("wrong_type", at(key), "an ISO 8601 duration such as P14D is expected");
        }
    }

    /** {@code 512MiB}, or a number of bytes. */
    long bytes(String key, long otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        Matcher size = BYTES.matcher(node.get(key).asText());
        if (!size.matches()) {
            throw new PolicyException("wrong_type", at(key), "a size such as 512MiB is expected");
        }
        int shift = switch (size.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            default -> 0;
        };
        return Long.parseLong(size.group(1)) << shift;
    }

    /** One of some words. */
    String oneOf(String key, String otherwise, String... words) {
        String word = string(key, otherwise);
        if (!List.of(words).contains(word)) {
            throw new PolicyException("not_in_enum", at(key), "one of " + List.of(words) + " is expected");
        }
        return word;
    }
}
