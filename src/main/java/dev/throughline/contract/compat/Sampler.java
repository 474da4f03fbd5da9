package dev.throughline.contract.compat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes values for which some schemas hold, preferably such as lie at the edge of what others ask. What it gives was tried; it finds
 * what it can and is no proof of anything.
 */
final class Sampler {
    private static final List<Kind> ORDER =
            List.of(Kind.STRING, Kind.INTEGER, Kind.OBJECT, Kind.ARRAY, Kind.BOOLEAN, Kind.FRACTION, Kind.NULL);
    /** Containers within containers. */
    private static final int DEPTH_MAX = 10;

    private static final int LISTED_MAX = 64;
    private static final int CASES_MAX = 12;

    final ShapeClasses classes;
    final Patterns patterns;
    private final Map<Question, List<Value>> answers = new HashMap<>();
    private int depth;

    private record Question(Set<Integer> left, Set<Integer> hints, Kind kind) {}

    Sampler(ShapeClasses classes, Patterns patterns) {
        this.classes = classes;
        this.patterns = patterns;
    }

    /** Values of all kinds. */
    List<Value> values(List<Shape> left, Set<Shape> hints) {
        List<Value> found = new ArrayList<>();
        for (Kind kind : ORDER) {
            found.addAll(values(left, hints, kind));
        }
        return found;
    }

    /** Values of one kind for which {@code left} holds. */
    List<Value> values(List<Shape> left, Set<Shape> hints, Kind kind) {
        if (depth > DEPTH_MAX) {
            return List.of();
        }
        Question question = new Question(ids(left), ids(hints), kind);
        List<Value> known = answers.get(question);
        if (known != null) {
            return known;
        }
        // Of what refers to itself, nothing is made within itself.
        answers.put(question, List.of());
        depth++;
        List<Value> found = List.of();
        try {
            found = make(new Facts(left, kind, classes), hints);
            answers.put(question, found);
        } catch (Budget.Exhausted givenUp) {
            answers.remove(question);
            throw givenUp;
        } finally {
            depth--;
        }
        return found;
    }

    private static Set<Integer> ids(Iterable<Shape> shapes) {
        Set<Integer> ids = new LinkedHashSet<>();
        shapes.forEach(shape -> ids.add(shape.classId));
        return ids;
    }

    private List<Value> make(Facts facts, Set<Shape> hints) {
        if (facts.isContradictory()) {
            return List.of();
        }
        Set<Value> candidates = new LinkedHashSet<>();
        List<Value> all = facts.values();
        if (all != null) {
            candidates.addAll(all.subList(0, Math.min(all.size(), LISTED_MAX)));
        } else {
            candidates.addAll(candidates(facts, hints));
            listed(hints, facts.kind, candidates);
        }
        List<Value> found = new ArrayList<>();
        int most = depth <= 1 ? 200 : depth == 2 ? 24 : 8;
        for (Value value : candidates) {
            if (found.size() < most && facts.left.stream().allMatch(shape -> shape.validator.test(value))) {
                found.add(value);
            }
        }
        if (!facts.splits().isEmpty() && (found.isEmpty() || depth <= 2)) {
            List<List<Shape>> cases = facts.splits().getFirst();
            for (List<Shape> each : cases.subList(0, Math.min(cases.size(), CASES_MAX))) {
                List<Shape> more = new ArrayList<>(facts.left);
                more.addAll(each);
                found.addAll(values(more, hints, facts.kind));
            }
        }
        return List.copyOf(new LinkedHashSet<>(found));
    }

    private static void listed(Set<Shape> hints, Kind kind, Set<Value> out) {
        for (Shape hint : hints) {
            if (hint.literals != null) {
                hint.literals.stream()
                        .filter(value -> value.kinds().contains(kind))
                        .limit(LISTED_MAX)
                        .forEach(out::add);
            }
        }
    }

    private Set<Value> candidates(Facts facts, Set<Shape> hints) {
        return switch (facts.kind) {
            case NULL, BOOLEAN -> Set.of();
            case INTEGER, FRACTION -> ScalarSamples.numbers(facts, hints);
            case STRING -> ScalarSamples.texts(facts, hints, patterns);
            case ARRAY -> new ArraySamples(this, facts, hints).make();
            case OBJECT -> new ObjectSamples(this, facts, hints).make();
        };
    }

    /** What may apply to the same value, for each of some schemas. */
    static Set<Shape> closure(Iterable<Shape> shapes) {
        Set<Shape> found = new LinkedHashSet<>();
        shapes.forEach(shape -> found.addAll(shape.closure()));
        return found;
    }
}
