package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Place.Step;
import dev.throughline.contract.compat.Value.Items;
import dev.throughline.contract.compat.Value.Members;
import dev.throughline.contract.compat.Value.Text;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.Violations;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a whole value that conforms to the one schema and not to the other, where a keyword is not covered: makes a value for the
 * place, puts it into values around it, and tries the whole on both.
 */
final class Witnesses {
    /** Trials for one finding. */
    private static final int TRIALS_MAX = 4_000;
    /** Values for the place that are put into others. */
    private static final int CANDIDATES_MAX = 24;
    /** Whole values from one of them. */
    private static final int AROUND_MAX = 12;

    private final JsonSchema left;
    private final JsonSchema right;
    private final Sampler sampler;
    private final Trials trials;
    private final Budget budget;

    Witnesses(JsonSchema left, JsonSchema right, Sampler sampler, Trials trials, Budget budget) {
        this.left = left;
        this.right = right;
        this.sampler = sampler;
        this.trials = trials;
        this.budget = budget;
    }

    /**
     * A value that shows that a keyword is not covered at a place, the plainest found; null where none was found.
     *
     * @param tried values for the place that are known to be refused; none where they are to be made
     */
    @Nullable
    Value find(Goal goal, String keyword, List<Value> tried) {
        try {
            return budget.searching(TRIALS_MAX, () -> search(goal, keyword, tried));
        } catch (Budget.Exhausted notFound) {
            return null;
        }
    }

    private @Nullable Value search(Goal goal, String keyword, List<Value> tried) {
        Value best = null;
        long bestRank = Long.MAX_VALUE;
        int used = 0;
        for (Value value : tried.isEmpty() ? refused(goal) : tried) {
            List<Value> whole = new ArrayList<>();
            around(goal.place(), value, whole);
            for (Value each : whole) {
                String json = each.json();
                if (trials.conforms(left, json) && !trials.conforms(right, json)) {
                    long rank = rank(keyword, goal.place()) + json.length();
                    best = rank < bestRank ? each : best;
                    bestRank = Math.min(rank, bestRank);
                }
            }
            if (++used == CANDIDATES_MAX && best != null) {
                break;
            }
        }
        return best;
    }

    /** Lower for what broke this keyword at this place in the last trial, and nothing else. */
    private long rank(String keyword, Place place) {
        Violations broken = trials.violations();
        for (int i = 0; i < broken.count(); i++) {
            boolean same = keyword.equals(broken.keyword(i)) || place.keyword().equals(broken.keyword(i));
            if (same && broken.pointer(i).startsWith(place.pointer())) {
                return broken.count() == 1 ? 0 : 1L << 32;
            }
        }
        return 1L << 33;
    }

    private List<Value> refused(Goal goal) {
        List<Value> made = sampler.values(goal.facts().left, goal.right().closure(), goal.kind());
        return made.stream()
                .filter(value -> !goal.right().validator.test(value))
                .toList();
    }

    // ---- values around a value

    private void around(Place place, Value value, List<Value> out) {
        Place parent = place.parent();
        if (parent == null || place.step() == null) {
            out.add(value);
            return;
        }
        List<Value> composed = switch (place.step()) {
            case Step.Member(String name) -> name == null ? List.of() : members(parent, name, value);
            case Step.Name _ -> value instanceof Text(String name) ? named(parent, name) : List.of();
            case Step.Item(int index) -> items(parent, index, value);
        };
        for (Value each : composed) {
            if (out.size() < AROUND_MAX && parent.left().stream().allMatch(shape -> shape.validator.test(each))) {
                around(parent, each, out);
            }
        }
    }

    private List<Value> members(Place object, String name, Value value) {
        List<Value> found = new ArrayList<>();
        for (Value base : sampler.values(object.left(), Set.of(), Kind.OBJECT)) {
            if (base instanceof Members members) {
                found.add(members.with(name, value));
            }
        }
        return found;
    }

    private List<Value> named(Place object, String name) {
        Facts facts = new Facts(object.left(), Kind.OBJECT, sampler.classes);
        List<Value> found = new ArrayList<>();
        for (Value value : sampler.values(facts.member(name, sampler.patterns), Set.of())) {
            found.addAll(members(object, name, value));
        }
        return found;
    }

    private List<Value> items(Place array, int index, Value value) {
        Facts facts = new Facts(array.left(), Kind.ARRAY, sampler.classes);
        Set<Value> found = new LinkedHashSet<>();
        List<Value> first = new ArrayList<>();
        for (int i = 0; i < index; i++) {
            List<Value> choices = sampler.values(facts.item(i), Set.of());
            if (choices.isEmpty()) {
                return List.of();
            }
            first.add(choices.getFirst());
        }
        first.add(value);
        found.add(new Items(first));
        for (Value base : sampler.values(array.left(), Set.of(), Kind.ARRAY)) {
            if (base instanceof Items(List<Value> items)) {
                found.add(items.size() > index ? replaced(items, index, value) : extended(items, value));
            }
        }
        return List.copyOf(found);
    }

    private static Value replaced(List<Value> items, int index, Value value) {
        List<Value> replaced = new ArrayList<>(items);
        replaced.set(index, value);
        return new Items(replaced);
    }

    private static Value extended(List<Value> items, Value value) {
        List<Value> extended = new ArrayList<>(items);
        extended.add(value);
        return new Items(extended);
    }
}
