package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Place.Step;
import dev.throughline.contract.compat.Shape.ArrayAsks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Proves what a schema asks of an array and its items. */
record ArrayProof(Prover prover, Goal goal) {

    boolean holds() {
        ArrayAsks asks = goal.right().arrays;
        Facts facts = goal.facts();
        boolean ok = facts.itemsMin() >= asks.minItems()
                || goal.fails("minItems", facts.itemsMin() == 0 ? null : facts.itemsMin(), asks.minItems());
        ok &= facts.itemsMax() <= asks.maxItems()
                || goal.fails(
                        "maxItems", facts.itemsMax() == Shape.UNBOUNDED ? null : facts.itemsMax(), asks.maxItems());
        ok &= !asks.unique() || facts.hasUniqueItems() || goal.fails("uniqueItems", null, true);
        Shape contains = asks.contains();
        ok &= contains == null || holdsContains(contains, asks);
        for (ItemRule rule : goal.right().itemGoals) {
            ok &= (ok || goal.report() != null) && holdsItems(rule);
        }
        return ok;
    }

    private boolean holdsItems(ItemRule rule) {
        Facts facts = goal.facts();
        int last = Math.max(facts.prefixSize(), rule.prefix().size());
        boolean ok = true;
        for (int i = 0; i <= last && i < facts.itemsMax(); i++) {
            List<Shape> known = facts.item(i);
            if (known.stream().anyMatch(shape -> shape.never)) {
                break;
            }
            Shape wanted = rule.at(i);
            if (wanted != null) {
                String keyword = rule.keywordAt(i);
                String where = goal.right().where + "/" + keyword;
                Place item = goal.place().within(new Step.Item(i), known, keyword, where);
                ok &= prover.proves(item, wanted, goal.report());
            }
            if (!ok && goal.report() == null) {
                return false;
            }
        }
        return ok;
    }

    private boolean holdsContains(Shape contains, ArrayAsks asks) {
        boolean enough = asks.minContains() == 0
                || (goal.facts().itemsMin() >= asks.minContains() && ofAllItems(contains, false))
                || goal.facts().shapes().stream()
                        .map(shape -> shape.arrays)
                        .anyMatch(known -> known.contains() != null
                                && known.minContains() >= asks.minContains()
                                && isWithin(known.contains(), contains));
        boolean few = goal.facts().itemsMax() <= asks.maxContains()
                || ofAllItems(contains, true)
                || goal.facts().shapes().stream()
                        .map(shape -> shape.arrays)
                        .anyMatch(known -> known.contains() != null
                                && known.maxContains() <= asks.maxContains()
                                && isWithin(contains, known.contains()));
        boolean ok = enough || goal.fails("contains", null, asks.minContains());
        ok &= few || goal.fails("maxContains", null, asks.maxContains());
        return ok;
    }

    private boolean isWithin(Shape one, Shape other) {
        return prover.proves(item(0, List.of(one)), other, null);
    }

    private Place item(int index, List<Shape> known) {
        return goal.place().within(new Step.Item(index), known, "contains", goal.right().where + "/contains");
    }

    /** Whether each item that may be there conforms, or, for {@code none}, whether none does. */
    private boolean ofAllItems(Shape shape, boolean none) {
        Facts facts = goal.facts();
        int last = Math.min(facts.prefixSize(), facts.itemsMax() - 1);
        return IntStream.rangeClosed(0, last).allMatch(i -> {
            List<Shape> known = new ArrayList<>(facts.item(i));
            if (none) {
                known.add(shape);
            }
            return prover.proves(item(i, known), none ? ShapeClasses.FALSE : shape, null);
        });
    }

    /** Whether items that must be there cannot be. */
    static boolean isImpossible(Prover prover, Goal goal) {
        Facts facts = goal.facts();
        if (facts.itemsMin() > facts.itemsMax()) {
            return true;
        }
        ArrayProof proof = new ArrayProof(prover, goal);
        int last = Math.min(facts.prefixSize(), facts.itemsMin() - 1);
        boolean item = IntStream.rangeClosed(0, last)
                .anyMatch(i -> !facts.item(i).isEmpty() && proof.isWithout(facts.item(i), i));
        return item
                || facts.shapes().stream()
                        .map(shape -> wanted(shape.arrays))
                        .anyMatch(wanted -> wanted != null && proof.isWithout(List.of(wanted), 0));
    }

    private static @Nullable Shape wanted(ArrayAsks asks) {
        return asks.minContains() > 0 ? asks.contains() : null;
    }

    private boolean isWithout(List<Shape> known, int index) {
        return prover.proves(item(index, known), ShapeClasses.FALSE, null);
    }
}
