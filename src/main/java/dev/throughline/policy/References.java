package dev.throughline.policy;

import dev.throughline.contract.TraceBlueprint;
import dev.throughline.policy.document.Place;
import dev.throughline.policy.document.Problems;
import dev.throughline.policy.document.Section;
import dev.throughline.telemetry.Stream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names that the parts of a policy know each other by. Where connectors (or tenants) are declared at all, every name must be one of
 * them; a pattern may match what is not there yet.
 */
final class References {
    static final Pattern CONNECTOR = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,99}");
    static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
    private static final int PATTERN_CHARACTERS_MAX = 128;
    private static final int STARS_MAX = 8;

    private final Set<String> connectors;
    private final Set<String> tenants;
    private final Problems problems;

    References(Section document) {
        connectors = Set.copyOf(document.section("connectors").keys());
        tenants = Set.copyOf(document.section("tenants").keys());
        problems = document.problems();
    }

    List<NamePattern> connectors(Section section, String key) {
        return patterns(section, key, connectors, "connector");
    }

    List<NamePattern> tenants(Section section, String key) {
        return patterns(section, key, tenants, "tenant");
    }

    private List<NamePattern> patterns(Section section, String key, Set<String> declared, String what) {
        List<NamePattern> patterns = new ArrayList<>();
        for (Section.Text text : section.texts(key)) {
            if (isPattern(text)) {
                NamePattern pattern = NamePattern.of(text.text());
                patterns.add(pattern);
                if (pattern.isLiteral() && !declared.isEmpty() && !declared.contains(text.text())) {
                    dangling(text, what, declared);
                }
            }
        }
        return patterns;
    }

    /** Patterns of names that are declared nowhere: event names, entity types. */
    List<NamePattern> patterns(Section section, String key) {
        return section.texts(key).stream()
                .filter(this::isPattern)
                .map(text -> NamePattern.of(text.text()))
                .toList();
    }

    private boolean isPattern(Section.Text text) {
        boolean good = !text.text().isEmpty()
                && text.text().length() <= PATTERN_CHARACTERS_MAX
                && text.text().chars().filter(c -> c == '*').count() <= STARS_MAX
                && text.text().chars().noneMatch(c -> c <= ' ' || c == 0x7F);
        if (!good) {
            problems.add(
                    text.place(),
                    text.pointer(),
                    "malformed_value",
                    "a name, or a pattern of at most 128 characters and 8 *, is expected");
        }
        return good;
    }

    /** A connector that is named, whether or not any is declared. */
    void connector(Section section, String name) {
        if (!name.equals(ContractRules.ALL_CONNECTORS)
                && !CONNECTOR.matcher(name).matches()) {
            section.keyProblem(
                    name, "malformed_name", "a connector is lower-case letters, digits and _.-, at most 100");
        } else if (!name.equals(ContractRules.ALL_CONNECTORS) && !connectors.isEmpty() && !connectors.contains(name)) {
            dangling(new Section.Text(name, section.placeOfKey(name), section.at(name)), "connector", connectors);
        }
    }

    /** Names of a list that must be among some. */
    List<String> known(Section section, String key, Set<String> declared, String what) {
        List<String> names = new ArrayList<>();
        for (Section.Text text : section.texts(key)) {
            names.add(text.text());
            if (!declared.contains(text.text())) {
                dangling(text, what, declared);
            }
        }
        return names;
    }

    /** A name that must be among some; empty where absent. */
    String known(String name, Section section, String key, Set<String> declared, String what) {
        if (!name.isEmpty() && !declared.contains(name)) {
            dangling(new Section.Text(name, section.placeOf(key), section.at(key)), what, declared);
        }
        return name;
    }

    private void dangling(Section.Text text, String what, Set<String> declared) {
        String near = nearest(text.text(), declared);
        problems.add(
                text.place(),
                text.pointer(),
                "dangling_reference",
                "there is no such " + what + (near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }

    private static String nearest(String name, Set<String> declared) {
        String best = "";
        int least = Math.max(2, name.length() / 4) + 1;
        for (String candidate : new TreeSet<>(declared)) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** The labels of the trace blueprint's boundaries. */
    static Set<String> boundaries() {
        Set<String> labels = new TreeSet<>();
        TraceBlueprint.BOUNDARIES.forEach(boundary -> labels.add(boundary.label()));
        return labels;
    }

    static Map<String, Stream> streams() {
        Map<String, Stream> streams = new HashMap<>();
        for (Stream stream : Stream.values()) {
            streams.put(stream.label(), stream);
        }
        return streams;
    }

    /** The names that the items of a list give themselves, each once. */
    static Set<String> names(Section document, String key) {
        Map<String, Place> first = new HashMap<>();
        for (Section item : document.list(key)) {
            String name = item.has("name") ? item.string("name", "") : "";
            if (name.isEmpty()) {
                continue;
            }
            Place other = first.putIfAbsent(name, item.placeOf("name"));
            if (other != null) {
                item.problem("name", "duplicate_name", "the name is given already, at " + other);
            }
        }
        return Set.copyOf(first.keySet());
    }
}
