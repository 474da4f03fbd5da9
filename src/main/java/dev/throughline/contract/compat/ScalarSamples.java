package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.Limit;
import dev.throughline.contract.format.StringFormat;
import dev.throughline.contract.pattern.TextAutomaton.Search;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Numbers and texts at the edges of what is known and of what is hinted at. */
final class ScalarSamples {
    /** Characters of a text that is made. */
    private static final int LENGTH_MAX = 10_000;

    private static final BigDecimal HALF = new BigDecimal("0.5");

    private ScalarSamples() {}

    static Set<Value> numbers(Facts facts, Set<Shape> hints) {
        Set<BigDecimal> points = new LinkedHashSet<>();
        Stream.concat(hints.stream(), facts.shapes().stream())
                .flatMap(shape -> Stream.of(
                        java.util.Optional.ofNullable(shape.numbers.lower()),
                        java.util.Optional.ofNullable(shape.numbers.upper())))
                .flatMap(java.util.Optional::stream)
                .map(Limit::value)
                .forEach(points::add);
        points.addAll(List.of(BigDecimal.ONE, BigDecimal.ZERO));
        Set<Value> found = new LinkedHashSet<>();
        for (BigDecimal point : points) {
            for (BigDecimal number : near(point, facts)) {
                if (Numbers.kinds(number).contains(facts.kind)) {
                    found.add(Value.number(number));
                }
            }
        }
        return found;
    }

    private static List<BigDecimal> near(BigDecimal point, Facts facts) {
        List<BigDecimal> found = new ArrayList<>();
        BigDecimal whole = point.setScale(0, RoundingMode.FLOOR);
        for (BigDecimal base : List.of(point, whole)) {
            for (BigDecimal step : List.of(BigDecimal.ONE, HALF, new BigDecimal("0.01"))) {
                found.addAll(List.of(base, base.add(step), base.subtract(step)));
            }
        }
        for (BigDecimal multiple : facts.multiples()) {
            BigDecimal base = point.divideToIntegralValue(multiple).multiply(multiple);
            BigDecimal next = base.add(multiple);
            found.addAll(List.of(base, next, base.subtract(multiple), next.add(multiple)));
        }
        return found;
    }

    static Set<Value> texts(Facts facts, Set<Shape> hints, Patterns patterns) {
        Set<String> known = facts.patterns();
        Set<String> avoided = facts.avoidedPatterns();
        Set<Value> found = new LinkedHashSet<>();
        for (int length : lengths(facts, hints)) {
            if (known.isEmpty() && avoided.isEmpty()) {
                found.add(new Value.Text("a".repeat(length)));
            } else {
                add(patterns.search(known, avoided, length, length), found);
            }
        }
        add(patterns.search(known, avoided, facts.lengthMin(), facts.lengthMax()), found);
        for (Shape hint : hints) {
            String pattern = hint.texts.pattern();
            if (pattern != null) {
                add(patterns.search(known, with(avoided, pattern), facts.lengthMin(), facts.lengthMax()), found);
                add(patterns.search(with(known, pattern), avoided, facts.lengthMin(), facts.lengthMax()), found);
            }
        }
        Stream.concat(facts.shapes().stream(), hints.stream())
                .map(shape -> shape.texts.format())
                .flatMap(Stream::ofNullable)
                .distinct()
                .flatMap(format -> examples(format).stream())
                .forEach(text -> found.add(new Value.Text(text)));
        found.add(new Value.Text("é"));
        return found;
    }

    private static Set<Integer> lengths(Facts facts, Set<Shape> hints) {
        Set<Integer> lengths = new TreeSet<>(List.of(0, 1, 3, facts.lengthMin(), facts.lengthMax()));
        for (Shape hint : hints) {
            lengths.add(hint.texts.minLength() - 1);
            lengths.add(hint.texts.minLength());
            lengths.add(hint.texts.maxLength() == Shape.UNBOUNDED ? 0 : hint.texts.maxLength() + 1);
        }
        lengths.removeIf(length -> length < facts.lengthMin() || length > Math.min(facts.lengthMax(), LENGTH_MAX));
        return lengths;
    }

    private static Set<String> with(Collection<String> patterns, String more) {
        Set<String> all = new TreeSet<>(patterns);
        all.add(more);
        return all;
    }

    private static void add(Search search, Set<Value> out) {
        if (search instanceof Search.Found(String text)) {
            out.add(new Value.Text(text));
        }
    }

    private static List<String> examples(StringFormat format) {
        return switch (format) {
            case DATE_TIME -> List.of("2026-01-26T10:24:00Z", "2026-01-26T10:24:00.5+01:00");
            case DATE -> List.of("2026-01-26");
            case TIME -> List.of("10:24:00Z");
            case DURATION -> List.of("P1D");
            case EMAIL -> List.of("a@b.example");
            case IDN_EMAIL -> List.of("é@b.example");
            case HOSTNAME -> List.of("a.example");
            case IDN_HOSTNAME -> List.of("é.example");
            case IPV4 -> List.of("192.0.2.1");
            case IPV6 -> List.of("2001:db8::1");
            case URI -> List.of("https://a.example/b");
            case URI_REFERENCE -> List.of("/b");
            case IRI -> List.of("https://a.example/é");
            case IRI_REFERENCE -> List.of("/é");
            case UUID -> List.of("2eb8aa08-aa98-41ea-b4aa-73b441d16380");
            case URI_TEMPLATE -> List.of("/{a}");
            case JSON_POINTER -> List.of("/a");
            case RELATIVE_JSON_POINTER -> List.of("0/a");
            case REGEX -> List.of("^a$", "a");
        };
    }
}
