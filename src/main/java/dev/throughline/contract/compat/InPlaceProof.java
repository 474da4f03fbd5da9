package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.InPlace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves what a schema asks of a value itself, keyword by keyword. */
record InPlaceProof(Prover prover, Goal goal) {

    boolean holds() {
        Shape right = goal.right();
        if (right.never) {
            return goal.fails("false", null, "nothing");
        }
        if (!right.kinds.contains(goal.kind())) {
            return goal.fails("type", Bounds.known(goal, "type"), Kind.types(right.kinds));
        }
        boolean ok = holdsLiterals() && holdsOfKind();
        return (ok || goal.report() != null) && holdsApplied(right.inPlace) && ok;
    }

    /** Where the values are few they were tried. */
    private boolean holdsLiterals() {
        return goal.right().literals == null
                || goal.fails(goal.right().literalsKeyword, null, Reasons.values(goal.right().literals));
    }

    private boolean holdsOfKind() {
        return switch (goal.kind()) {
            case INTEGER, FRACTION -> new NumberProof(goal).holds();
            case STRING -> new TextProof(prover.patterns, goal).holds();
            case ARRAY -> new ArrayProof(prover, goal).holds();
            case OBJECT -> new ObjectProof(prover, goal).holds();
            case NULL, BOOLEAN -> true;
        };
    }

    private boolean holdsApplied(InPlace right) {
        boolean ok = true;
        for (Shape each : right.all()) {
            ok &= proves(List.of(), each, goal.report());
            if (!ok && goal.report() == null) {
                return false;
            }
        }
        ok &= right.any().isEmpty() || holdsAny(right.any());
        ok &= right.one().isEmpty() || holdsOne(right.one());
        ok &= right.not() == null || holdsNot(right.not());
        ok &= right.condition() == null || holdsConditional(right.condition(), right);
        return ok;
    }

    private boolean proves(List<Shape> besides, Shape right, @Nullable Report report) {
        List<Shape> known = new ArrayList<>(goal.place().left());
        known.addAll(besides);
        return prover.proves(goal.place().knowing(known), right, goal.kind(), report);
    }

    private List<Shape> possible(List<Shape> branches) {
        return branches.stream()
                .filter(branch -> !goal.facts().excludes(branch))
                .toList();
    }

    private boolean holdsAny(List<Shape> branches) {
        List<Shape> left = possible(branches);
        if (left.size() == 1) {
            return proves(List.of(), left.getFirst(), goal.report());
        }
        return left.stream().anyMatch(branch -> proves(List.of(), branch, null)) || goal.fails("anyOf", null, null);
    }

    private boolean holdsOne(List<Shape> branches) {
        List<Shape> left = possible(branches);
        if (left.size() == 1) {
            return proves(List.of(), left.getFirst(), goal.report());
        }
        List<Integer> ids = ids(branches);
        if (goal.facts().shapes().stream()
                .anyMatch(shape -> ids(shape.inPlace.one()).equals(ids))) {
            return true;
        }
        for (Shape branch : left) {
            if (proves(List.of(), branch, null)) {
                boolean alone = left.stream()
                        .allMatch(other -> other == branch || proves(List.of(other), ShapeClasses.FALSE, null));
                return (alone && left.stream().filter(other -> other == branch).count() == 1)
                        || goal.fails("oneOf", null, null);
            }
        }
        return goal.fails("oneOf", null, null);
    }

    private static List<Integer> ids(List<Shape> branches) {
        return branches.stream().map(branch -> branch.classId).sorted().toList();
    }

    private boolean holdsNot(Shape not) {
        return goal.facts().excludes(not)
                || proves(List.of(not), ShapeClasses.FALSE, null)
                || goal.fails("not", null, null);
    }

    private boolean holdsConditional(Shape condition, InPlace right) {
        boolean ok = right.then() == null || proves(List.of(condition), right.then(), goal.report());
        Shape otherwise = right.otherwise();
        return (otherwise == null || proves(List.of(prover.classes.not(condition)), otherwise, goal.report())) && ok;
    }
}
