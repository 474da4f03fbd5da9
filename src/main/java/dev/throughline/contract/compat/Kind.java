package dev.throughline.contract.compat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The kinds of values that are compared one by one: whole numbers apart from others, so that {@code integer} is a kind. */
enum Kind {
    NULL,
    BOOLEAN,
    INTEGER,
    FRACTION,
    STRING,
    ARRAY,
    OBJECT;

    static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    boolean isNumber() {
        return this == INTEGER || this == FRACTION;
    }

    /** The kinds that types admit, by the names of the keyword. */
    static Set<Kind> ofTypes(List<String> types) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (String type : types) {
            switch (type) {
                case "null" -> kinds.add(NULL);
                case "boolean" -> kinds.add(BOOLEAN);
                case "integer" -> kinds.add(INTEGER);
                case "number" -> kinds.addAll(List.of(INTEGER, FRACTION));
                case "string" -> kinds.add(STRING);
                case "array" -> kinds.add(ARRAY);
                default -> kinds.add(OBJECT);
            }
        }
        return kinds;
    }

    /** As {@code type} is written. */
    static String types(Set<Kind> kinds) {
        StringBuilder out = new StringBuilder();
        for (Kind kind : kinds) {
            String name = kind == FRACTION ? "number" : kind.name().toLowerCase(java.util.Locale.ROOT);
            if (kind != INTEGER || !kinds.contains(FRACTION)) {
                out.append(out.isEmpty() ? "" : "|").append(name);
            }
        }
        return out.isEmpty() ? "nothing" : out.toString();
    }
}
