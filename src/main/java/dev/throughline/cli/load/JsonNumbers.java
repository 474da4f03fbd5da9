package dev.throughline.cli.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** The integers of a small JSON document by path, members joined by {@code /}; what stands in arrays is left out. */
public final class JsonNumbers {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonNumbers() {}

    /**
     * Integers, and strings that are integers (OTLP writes 64-bit numbers so).
     *
     * @throws IOException where it is not a JSON document
     */
    public static Map<String, Long> of(byte[] document) throws IOException {
        Map<String, Long> numbers = new LinkedHashMap<>();
        Deque<String> path = new ArrayDeque<>();
        path.push("");
        try (JsonParser parser = JSON.createParser(document)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> path.push(inside(path, parser.currentName()));
                    case END_OBJECT -> path.pop();
                    case START_ARRAY -> parser.skipChildren();
                    case VALUE_NUMBER_INT ->
                        numbers.put(path.element() + parser.currentName(), parser.getValueAsLong());
                    case VALUE_STRING -> string(numbers, path.element() + parser.currentName(), parser.getText());
                    default -> {
                        // Names, booleans, nulls and fractions are not asked for.
                    }
                }
            }
        }
        return numbers;
    }

    private static String inside(Deque<String> path, String name) {
        return name == null ? path.element() : path.element() + name + "/";
    }

    private static void string(Map<String, Long> numbers, String path, String text) {
        if (!text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            numbers.put(path, Long.valueOf(text));
        }
    }
}
