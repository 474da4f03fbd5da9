package dev.throughline.contract.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of members by their name: by the name itself, by each pattern that it matches, and by {@code rest} where there was
 * neither.
 *
 * @param restKeyword the keyword of {@code rest}
 */
record MemberRule(
        Map<String, Shape> names,
        Map<String, Shape> patterns,
        @Nullable Shape rest,
        String restKeyword) {

    /** A schema, and the keyword by which it applies. */
    record Asked(Shape shape, String keyword) {}

    /** What a member of this name is asked. */
    List<Asked> of(String name, Patterns known) {
        List<Asked> asked = new ArrayList<>();
        Shape named = names.get(name);
        if (named != null) {
            asked.add(new Asked(named, "properties"));
        }
        for (Map.Entry<String, Shape> pattern : patterns.entrySet()) {
            if (known.matches(pattern.getKey(), name)) {
                asked.add(new Asked(pattern.getValue(), "patternProperties"));
            }
        }
        if (asked.isEmpty() && rest != null) {
            asked.add(new Asked(rest, restKeyword));
        }
        return asked;
    }

    /** What a member is asked that has none of the names and matches these patterns only. */
    List<Asked> of(NameClass names) {
        List<Asked> asked = new ArrayList<>();
        for (Map.Entry<String, Shape> pattern : patterns.entrySet()) {
            if (names.matched().contains(pattern.getKey())) {
                asked.add(new Asked(pattern.getValue(), "patternProperties"));
            }
        }
        if (asked.isEmpty() && rest != null) {
            asked.add(new Asked(rest, restKeyword));
        }
        return asked;
    }
}
