package dev.throughline.contract.compat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@code unevaluatedProperties} and {@code unevaluatedItems} into rules by name and place. Which members are evaluated may
 * depend on the value: a fact then holds only of those that no branch evaluates, and what is to be proved is asked of all that no
 * branch evaluates for certain.
 */
final class Evaluated {
    private Evaluated() {}

    /** Gives a filled shape its rules. */
    static void complete(Shape shape) {
        shape.memberFacts = shape.memberGoals;
        shape.itemFacts = shape.itemGoals;
        if (shape.unevaluatedProperties == null && shape.unevaluatedItems == null) {
            return;
        }
        Collection<Shape> certain = inPlace(shape, false);
        Collection<Shape> possible = inPlace(shape, true);
        Shape members = shape.unevaluatedProperties;
        if (members != null) {
            shape.memberGoals = with(shape.memberGoals, members(shape, certain, members));
            shape.memberFacts = with(shape.memberFacts, members(shape, possible, members));
        }
        Shape items = shape.unevaluatedItems;
        if (items != null) {
            boolean contains = possible.stream().anyMatch(each -> each.arrays.contains() != null);
            shape.itemGoals = with(shape.itemGoals, items(shape, certain, items));
            shape.itemFacts = contains ? shape.itemFacts : with(shape.itemFacts, items(shape, possible, items));
        }
    }

    private static <T> List<T> with(List<T> rules, @Nullable T more) {
        List<T> all = new ArrayList<>(rules);
        if (more != null) {
            all.add(more);
        }
        return List.copyOf(all);
    }

    private static Collection<Shape> inPlace(Shape from, boolean conditional) {
        Set<Shape> found = new LinkedHashSet<>();
        List<Shape> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            Shape next = open.removeLast();
            if (found.add(next)) {
                open.addAll(next.inPlace.all());
                if (conditional) {
                    open.addAll(next.conditional());
                }
            }
        }
        return found;
    }

    /** The rule of those beyond what these evaluate; null where they evaluate all. */
    private static @Nullable MemberRule members(Shape of, Collection<Shape> evaluating, Shape rest) {
        Map<String, Shape> names = new HashMap<>();
        Map<String, Shape> patterns = new HashMap<>();
        for (Shape each : evaluating) {
            if (each != of && each.unevaluatedProperties != null) {
                return null;
            }
            for (MemberRule rule : own(each)) {
                if (rule.rest() != null) {
                    return null;
                }
                rule.names().keySet().forEach(name -> names.put(name, ShapeClasses.TRUE));
                rule.patterns().keySet().forEach(pattern -> patterns.put(pattern, ShapeClasses.TRUE));
            }
        }
        return new MemberRule(names, patterns, rest, "unevaluatedProperties");
    }

    /** Without what was added here. */
    private static List<MemberRule> own(Shape shape) {
        return shape.memberGoals.stream()
                .filter(rule -> rule.restKeyword().equals("additionalProperties"))
                .toList();
    }

    private static @Nullable ItemRule items(Shape of, Collection<Shape> evaluating, Shape rest) {
        int places = 0;
        for (Shape each : evaluating) {
            if (each != of && each.unevaluatedItems != null) {
                return null;
            }
            for (ItemRule rule : each.itemGoals) {
                if (rule.restKeyword().equals("items")) {
                    if (rule.rest() != null) {
                        return null;
                    }
                    places = Math.max(places, rule.prefix().size());
                }
            }
        }
        return new ItemRule(Collections.nCopies(places, ShapeClasses.TRUE), rest, "unevaluatedItems");
    }
}
