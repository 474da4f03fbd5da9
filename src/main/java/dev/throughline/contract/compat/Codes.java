package dev.throughline.contract.compat;

import java.util.Locale;

/** The stable codes: the keyword, and what was done to it from the old schema to the new one. */
final class Codes {
    private Codes() {}

    /**
     * @param keyword of the schema that refuses
     * @param bare whether the other schema has nothing of the kind
     */
    static String of(String keyword, boolean bare, Direction direction) {
        boolean backward = direction == Direction.BACKWARD;
        String label = snake(keyword);
        return switch (keyword) {
            case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties" ->
                label + (bare ? added(backward) : backward ? "_raised" : "_lowered");
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties" ->
                label + (bare ? added(backward) : backward ? "_lowered" : "_raised");
            case "enum", "type" -> label + (bare ? added(backward) : backward ? "_narrowed" : "_widened");
            case "anyOf" -> label + (backward ? "_narrowed" : "_widened");
            case "pattern", "format", "multipleOf", "const" -> label + (bare ? added(backward) : "_changed");
            case "required", "dependentRequired", "dependentSchemas", "uniqueItems" -> label + added(backward);
            case "additionalProperties", "unevaluatedProperties" -> backward ? "property_closed" : "property_opened";
            case "items", "unevaluatedItems" -> backward ? "items_closed" : "items_opened";
            case "properties", "patternProperties" -> backward ? "property_forbidden" : "property_allowed";
            case "prefixItems" -> backward ? "item_forbidden" : "item_allowed";
            case "false" -> backward ? "value_forbidden" : "value_allowed";
            case "number", "names", "depth" -> label + "_not_compared";
            default -> label + "_changed";
        };
    }

    private static String added(boolean backward) {
        return backward ? "_added" : "_removed";
    }

    private static String snake(String keyword) {
        return keyword.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
