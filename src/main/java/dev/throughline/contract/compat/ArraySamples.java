package dev.throughline.contract.compat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Arrays of as many items as are asked for, one less and one more, and of items that are asked for. */
record ArraySamples(Sampler sampler, Facts facts, Set<Shape> hints) {
    /** Items of an array that is made. */
    private static final int ITEMS_MAX = 300;

    private static final int VARIED_MAX = 6;

    Set<Value> make() {
        Set<Value> found = new LinkedHashSet<>();
        for (int size : sizes()) {
            List<Value> items = items(size);
            if (items.size() == size) {
                found.add(new Value.Items(items));
                vary(items, found);
            }
        }
        return found;
    }

    private Set<Integer> sizes() {
        Set<Integer> sizes = new TreeSet<>(List.of(0, 1, 2, facts.itemsMin(), facts.prefixSize() + 1));
        for (Shape hint : hints) {
            sizes.add(hint.arrays.minItems() - 1);
            sizes.add(hint.arrays.maxItems() == Shape.UNBOUNDED ? 0 : hint.arrays.maxItems() + 1);
            sizes.add(hint.arrays.maxContains() == Shape.UNBOUNDED ? 0 : hint.arrays.maxContains() + 1);
            hint.itemGoals.forEach(rule -> sizes.add(rule.prefix().size() + 1));
        }
        sizes.removeIf(size -> size < facts.itemsMin() || size > Math.min(facts.itemsMax(), ITEMS_MAX));
        return sizes;
    }

    private List<Value> items(int size) {
        List<Value> items = new ArrayList<>(contained());
        while (items.size() > size) {
            items.removeLast();
        }
        for (int i = items.size(); i < size; i++) {
            List<Value> choices = choices(i);
            boolean distinct = facts.hasUniqueItems();
            choices.stream()
                    .filter(value -> !distinct || !items.contains(value))
                    .findFirst()
                    .ifPresent(items::add);
            if (items.size() == i) {
                return List.of();
            }
        }
        return items;
    }

    /** Items that must be there, first. */
    private List<Value> contained() {
        List<Value> found = new ArrayList<>();
        for (Shape shape : facts.shapes()) {
            Shape contains = shape.arrays.contains();
            if (contains != null) {
                List<Shape> left = new ArrayList<>(facts.item(0));
                left.add(contains);
                List<Value> choices = sampler.values(left, Set.of());
                for (int i = 0; i < Math.min(shape.arrays.minContains(), ITEMS_MAX) && !choices.isEmpty(); i++) {
                    found.add(choices.get(facts.hasUniqueItems() ? i % choices.size() : 0));
                }
            }
        }
        return found;
    }

    private List<Value> choices(int index) {
        return sampler.values(facts.item(index), hintsAt(index));
    }

    private Set<Shape> hintsAt(int index) {
        Set<Shape> found = new LinkedHashSet<>();
        for (Shape hint : hints) {
            for (ItemRule rule : hint.itemGoals) {
                Shape item = rule.at(index);
                if (item != null) {
                    found.addAll(item.closure());
                }
            }
            if (hint.arrays.contains() != null) {
                found.addAll(hint.arrays.contains().closure());
            }
        }
        return found;
    }

    private void vary(List<Value> items, Set<Value> out) {
        for (int i = 0; i < Math.min(items.size(), VARIED_MAX); i++) {
            for (Value choice : choices(i).stream().limit(2L * VARIED_MAX).toList()) {
                List<Value> varied = new ArrayList<>(items);
                varied.set(i, choice);
                out.add(new Value.Items(varied));
                out.add(new Value.Items(java.util.Collections.nCopies(items.size(), choice)));
            }
        }
    }
}
