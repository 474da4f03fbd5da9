package dev.throughline.policy.document;

import dev.throughline.policy.document.DocumentNode.Entry;
import dev.throughline.policy.document.DocumentNode.Kind;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.DocumentNode.Sequence;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One mapping, read strictly: unknown keys and wrong types are noted with their place, and the default stands in. {@code null} is the same as
 * absence.
 */
public final class Section {
    private static final Pattern BYTES = Pattern.compile("([1-9][0-9]{0,14})(|B|KiB|MiB|GiB|TiB)");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,12})?");
    private static final Duration DURATION_MAX = Duration.ofDays(36_525);

    private final Mapping node;
    private final String pointer;
    private final Problems problems;

    /**
     * A mapping at a pointer.
     *
     * @param known the keys it may have; none: any
     */
    public Section(Mapping node, String pointer, Problems problems, String... known) {
        this.node = node;
        this.pointer = pointer;
        this.problems = problems;
        Set<String> names = Set.of(known);
        node.entries().forEach((key, entry) -> {
            if (!names.isEmpty() && !names.contains(key)) {
                problems.add(
                        entry.keyPlace(),
                        at(key),
                        "unknown_key",
                        "there is no such key; known here: " + String.join(", ", new TreeSet<>(names)));
            }
        });
    }

    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    /** The pointer of a key. */
    public String at(String key) {
        return pointer + "/" + escaped(key);
    }

    public String pointer() {
        return pointer;
    }

    public Place place() {
        return node.place();
    }

    public Problems problems() {
        return problems;
    }

    /** Notes a problem of this mapping. */
    public void problem(String code, String detail) {
        problems.add(node.place(), pointer, code, detail);
    }

    /** Notes a problem of a key's value, or of the mapping where it has no such key. */
    public void problem(String key, String code, String detail) {
        problems.add(placeOf(key), at(key), code, detail);
    }

    /** Notes a problem of a key itself: what it is called. */
    public void keyProblem(String key, String code, String detail) {
        problems.add(placeOfKey(key), at(key), code, detail);
    }

    /** Of the key; of the mapping where it has no such key. */
    public Place placeOfKey(String key) {
        Entry entry = node.entries().get(key);
        return entry == null ? node.place() : entry.keyPlace();
    }

    /** Of the value; of the mapping where it has no such key. */
    public Place placeOf(String key) {
        Entry entry = node.entries().get(key);
        return entry == null ? node.place() : entry.value().place();
    }

    public boolean has(String key) {
        return value(key) != null;
    }

    /** The value as it stands; null where absent. */
    public @Nullable DocumentNode value(String key) {
        Entry entry = node.entries().get(key);
        return entry == null || (entry.value() instanceof Scalar scalar && scalar.kind() == Kind.NULL)
                ? null
                : entry.value();
    }

    public Set<String> keys() {
        return node.entries().keySet();
    }

    private void wrongType(Place place, String at, String expected, DocumentNode found) {
        problems.add(place, at, "wrong_type", expected + " is expected, and this is " + found.kindName());
    }

    private Section section(DocumentNode value, String at, String... known) {
        if (value instanceof Mapping mapping) {
            return new Section(mapping, at, problems, known);
        }
        wrongType(value.place(), at, "a mapping", value);
        return new Section(new Mapping(value.place(), Map.of()), at, problems);
    }

    /** A mapping below; an empty one where absent. */
    public Section section(String key, String... known) {
        DocumentNode value = value(key);
        return value == null
                ? new Section(new Mapping(node.place(), Map.of()), at(key), problems)
                : section(value, at(key), known);
    }

    /** Each entry's value as a mapping; where it is null, an empty one. */
    public Map<String, Section> sections(String... known) {
        Map<String, Section> sections = new LinkedHashMap<>();
        node.entries().forEach((key, entry) -> {
            DocumentNode value = value(key);
            sections.put(
                    key,
                    value == null
                            ? new Section(new Mapping(entry.value().place(), Map.of()), at(key), problems)
                            : section(value, at(key), known));
        });
        return sections;
    }

    /** Each item of a list as a mapping. */
    public List<Section> list(String key, String... known) {
        List<Section> sections = new ArrayList<>();
        for (DocumentNode item : items(key)) {
            sections.add(section(item, at(key) + "/" + sections.size(), known));
        }
        return sections;
    }

    /** The items of a list; none where absent. */
    public List<DocumentNode> items(String key) {
        return switch (value(key)) {
            case null -> List.of();
            case Sequence sequence -> sequence.items();
            case DocumentNode other -> {
                wrongType(other.place(), at(key), "a list", other);
                yield List.of();
            }
        };
    }

    /** A text of a list, with its place. */
    public record Text(String text, Place place, String pointer) {}

    /** A list of strings, or one string; empty where absent. */
    public List<Text> texts(String key) {
        if (value(key) instanceof Scalar scalar) {
            String one = string(key, "");
            return scalar.kind() == Kind.STRING ? List.of(new Text(one, scalar.place(), at(key))) : List.of();
        }
        List<Text> texts = new ArrayList<>();
        int index = 0;
        for (DocumentNode item : items(key)) {
            String at = at(key) + "/" + index++;
            if (item instanceof Scalar scalar && scalar.kind() == Kind.STRING) {
                texts.add(new Text(scalar.text(), scalar.place(), at));
            } else {
                wrongType(item.place(), at, "a string", item);
            }
        }
        return texts;
    }

    /** The same without places. */
    public List<String> strings(String key) {
        return texts(key).stream().map(Text::text).toList();
    }

    private @Nullable Scalar scalar(String key, String expected, Kind... kinds) {
        DocumentNode value = value(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Scalar scalar && Set.of(kinds).contains(scalar.kind())) {
            return scalar;
        }
        boolean quotable = expected.equals("a string") && value instanceof Scalar;
        wrongType(value.place(), at(key), expected + (quotable ? " (put it into quotes)" : ""), value);
        return null;
    }

    public String string(String key, String otherwise) {
        Scalar scalar = scalar(key, "a string", Kind.STRING);
        return scalar == null ? otherwise : scalar.text();
    }

    /** A text that has a form; the default where it does not. */
    public String string(String key, String otherwise, Pattern form, String what) {
        String text = string(key, otherwise);
        if (has(key) && !form.matcher(text).matches()) {
            problem(key, "malformed_value", what + " is expected");
            return otherwise;
        }
        return text;
    }

    /** A text that must be there; empty, and noted, where it is not. */
    public String required(String key) {
        if (!has(key)) {
            missing(key);
        }
        String text = string(key, "");
        if (text.isEmpty() && value(key) instanceof Scalar scalar && scalar.kind() == Kind.STRING) {
            problem(key, "malformed_value", "it is empty");
        }
        return text;
    }

    /** Notes that a key is missing. */
    public void missing(String key) {
        problems.add(node.place(), at(key), "missing_key", key + " is required");
    }

    public boolean bool(String key, boolean otherwise) {
        Scalar scalar = scalar(key, "true or false", Kind.BOOLEAN);
        if (scalar == null) {
            return otherwise;
        }
        String word = scalar.text().toLowerCase(Locale.ROOT);
        if (!word.equals("true") && !word.equals("false")) {
            problem(key, "wrong_type", "true or false is expected, written so");
        }
        return word.equals("true");
    }

    public int integer(String key, int otherwise, int min, int max) {
        Scalar scalar = scalar(key, "an integer", Kind.INTEGER);
        if (scalar == null) {
            return otherwise;
        }
        if (scalar.text().matches("-?(0|[1-9][0-9]{0,9})")) {
            long value = Long.parseLong(scalar.text());
            if (value >= min && value <= max) {
                return (int) value;
            }
        }
        problem(key, "out_of_range", "an integer from " + min + " to " + max + " is expected");
        return otherwise;
    }

    public double number(String key, double otherwise, double min, double max) {
        Scalar scalar = scalar(key, "a number", Kind.INTEGER, Kind.DECIMAL);
        if (scalar == null) {
            return otherwise;
        }
        if (NUMBER.matcher(scalar.text()).matches()) {
            double value = Double.parseDouble(scalar.text());
            if (value >= min && value <= max) {
                return value;
            }
        }
        problem(key, "out_of_range", "a number from " + plain(min) + " to " + plain(max) + " is expected");
        return otherwise;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** ISO 8601, more than nothing and at most a hundred years: {@code P14D}, {@code PT1H}. */
    public Duration duration(String key, Duration otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        try {
            Duration duration = Duration.parse(string(key, "PT1S"));
            if (duration.isPositive() && duration.compareTo(DURATION_MAX) <= 0) {
                return duration;
            }
            problem(key, "out_of_range", "a duration of more than nothing, and at most 100 years, is expected");
        } catch (DateTimeParseException _) {
            problem(key, "malformed_value", "an ISO 8601 duration such as P14D or PT5M is expected");
        }
        return otherwise;
    }

    /** {@code 512MiB}, or a number of bytes. */
    public long bytes(String key, long otherwise) {
        Scalar scalar = scalar(key, "a size such as 512MiB", Kind.STRING, Kind.INTEGER);
        if (scalar == null) {
            return otherwise;
        }
        Matcher size = BYTES.matcher(scalar.text());
        int shift = !size.matches()
                ? -1
                : switch (size.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    case "TiB" -> 40;
                    default -> 0;
                };
        if (shift < 0 || Long.parseLong(size.group(1)) > Long.MAX_VALUE >> (shift + 1)) {
            problem(key, "malformed_value", "a size such as 512MiB is expected");
            return otherwise;
        }
        return Long.parseLong(size.group(1)) << shift;
    }

    /** One of some words. */
    public String oneOf(String key, String otherwise, String... words) {
        String word = string(key, otherwise);
        if (has(key) && !List.of(words).contains(word)) {
            if (value(key) instanceof Scalar scalar && scalar.kind() == Kind.STRING) {
                problem(key, "not_in_enum", "one of " + String.join(", ", words) + " is expected");
            }
            return otherwise;
        }
        return word;
    }
}
